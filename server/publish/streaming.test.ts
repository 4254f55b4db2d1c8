import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  fence,
  notebookText,
  publishWorkspace,
  type PublishWorkspace,
  type ServedApi,
} from "./__fixtures__/publish-workspace.ts";

let here: PublishWorkspace;
let served: ServedApi;
beforeAll(async () => {
  here = await publishWorkspace({ api: { bodyLimit: 10 * 2 ** 20 } });
  served = await here.serve();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

interface Event {
  readonly event: string;
  readonly data: never;
}

const post = (slug: string, body: object, more: { readonly signal?: AbortSignal; readonly headers?: object } = {}) =>
  fetch(`${served.url}/api/run/${slug}`, {
    method: "POST",
    body: JSON.stringify(body),
    ...more,
    headers: { "content-type": "application/json", ...more.headers },
  });

const stream = (slug: string, inputs: object, signal?: AbortSignal): Promise<Response> =>
  post(slug, { inputs }, { headers: { accept: "text/event-stream" }, ...(signal === undefined ? {} : { signal }) });

async function eventsOf(response: Response): Promise<readonly Event[]> {
  return (await response.text())
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .map((block) => {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/s.exec(block)!;
      return { event: event!, data: JSON.parse(data!) as never };
    });
}

const chain = (mark: string): string =>
  notebookText(
    "inputs: { n: string }\noutputs: [answer, count]\n",
    fence("prompt secret", `---\nmodel: openai/gpt-5-mini\n---\n${mark} secret {{ n }}`),
    fence("prompt answer", `---\nmodel: openai/gpt-5-mini\n---\n${mark} answer {{ secret }}`),
    fence("template count", "{{ answer | length }}"),
  );

describe("with Accept: text/event-stream", () => {
  test("an output is told at the label that the caller's input chooses", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { tone: { default: dry } }\nchoose: { tone: =tone }\noutputs: [line]\n",
        fence("template line", "---\nvary: { tone: [dry, warm] }\n---\n{{ vary.tone }}"),
      ),
    );
    const events = await eventsOf(await stream(slug, { tone: "warm" }));
    expect(events.filter(({ event }) => event === "output")).toMatchObject([
      { data: { output: "line", outcome: "done" } },
    ]);
    expect(events.at(-1)).toMatchObject({ event: "result", data: { outputs: { line: "warm" } } });
  });

  test("outputs are told as they come, their text as it streams, money, and last the answer that others get as JSON", async () => {
    const { slug } = await here.publish(chain("told"));
    here.workspace.script = (prompt) => ({ text: prompt.includes("answer") ? ["Hel", "lo ", "you"] : "inner" });
    const response = await stream(slug, { n: "1" });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const events = await eventsOf(response);
    here.workspace.script = null;
    const of = (name: string) => events.filter(({ event }) => event === name).map(({ data }) => data);
    expect(of("text")).toEqual(["Hel", "lo ", "you"].map((delta) => ({ output: "answer", delta })));
    expect(of("output")).toEqual([
      { output: "answer", outcome: "done" },
      { output: "count", outcome: "done" },
    ]);
    expect(of("money").at(-1)).toMatchObject({ calls: { made: 2, cached: 0 }, cost: expect.any(Number) });
    expect(events.at(-1)!.event).toBe("result");
    const result = of("result") as unknown as readonly { readonly runId: string }[];
    expect(result).toHaveLength(1);
    expect(result[0]).toMatchObject({ outputs: { answer: "Hello you", count: "9" }, outcome: "done", version: 1 });
    expect((await here.ask("GET", `/api/runs/${result[0]!.runId}`)).body.result).toEqual(result[0]);
    const json = (await (await post(slug, { inputs: { n: "1" } })).json()) as object;
    expect(Object.keys(result[0]!)).toEqual(Object.keys(json));
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  test("a text comes before the run has ended", async () => {
    const { slug } = await here.publish(chain("early"));
    here.workspace.script = (prompt) =>
      prompt.includes("answer") ? { text: ["first", " last"], hang: "after-part" } : "x";
    const left = new AbortController();
    const response = await stream(slug, { n: "1" }, left.signal);
    let text = "";
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.includes('"delta":"first"')) break;
    }
    expect(text).not.toContain("event: result");
    left.abort();
    await here.workspace.server.until((server) => server.inFlight().length === 0);
    here.workspace.script = null;
  });

  test("a request that fails has its error in the result", async () => {
    const { slug } = await here.publish(chain("failing"));
    here.workspace.script = () => ({ status: 500, text: "no" });
    const events = await eventsOf(await stream(slug, { n: "1" }));
    here.workspace.script = null;
    expect(events.at(-1)).toMatchObject({
      event: "result",
      data: { outcome: "failed", error: { code: "model.failed" } },
    });
    expect(events.filter(({ event }) => event === "output").map(({ data }) => data)).toEqual([
      { output: "answer", outcome: "failed" },
      { output: "count", outcome: "failed" },
    ]);
  });

  test("what is wrong with a request is an answer with its status", async () => {
    const { slug } = await here.publish(chain("wrong"));
    const response = await stream(slug, {});
    expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/json"]);
    await response.body?.cancel();
  });
});

describe("a caller who leaves", () => {
  async function leave(slug: string, headers: object) {
    const left = new AbortController();
    const asked = post(slug, { inputs: { n: "1" } }, { signal: left.signal, headers }).then(
      (response) => response.text(),
      () => "left",
    );
    await here.workspace.server.until((server) => server.inFlight().some(({ text }) => text.includes("left answer")));
    left.abort();
    await asked.catch(() => {});
    await here.workspace.server.until((server) => server.inFlight().length === 0);
  }

  test.each([
    ["waited", {}],
    ["read the events", { accept: "text/event-stream" }],
  ])("and who %s cancels the request; what was paid for is journaled", async (how, headers) => {
    const { slug } = await here.publish(chain(`${how} left`));
    here.workspace.script = (prompt) => (prompt.includes("answer") ? { text: "never", hold: true } : "paid");
    await leave(slug, headers);
    here.workspace.script = null;
    const { requests } = here.workspace.runtime.store;
    await expect.poll(async () => (await requests.list(slug, 1))[0]?.status).toBe("cancelled");
    const [record] = await requests.list(slug, 1);
    const calls = await here.workspace.runtime.journal.list({ run: record!.id, limit: 10 });
    expect(calls.map(({ end }) => end?.state)).toEqual(["cancelled", "done"]);
    const again = (await (await post(slug, { inputs: { n: "1" } })).json()) as { usage: { calls: object } };
    expect(again.usage.calls).toEqual({ made: 1, cached: 1 });
  });

  test("after an asynchronous request was accepted changes nothing for it", async () => {
    const { slug } = await here.publish(chain("async left"));
    const response = await post(slug, { inputs: { n: "1" }, async: true });
    const { runId } = (await response.json()) as { runId: string };
    await expect.poll(async () => (await here.ask("GET", `/api/runs/${runId}`)).body.status).toBe("done");
  });
});

describe("a body over the limit", () => {
  const megabyte = Buffer.alloc(2 ** 20, " ");

  /** Sends so many megabytes one after another, and says how many were written when the answer came. */
  function send(
    slug: string,
    megabytes: number,
    headers: object,
  ): Promise<{ status: number; body: string; sent: number }> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let done = false;
      const request = httpRequest(
        {
          port: served.port,
          host: "127.0.0.1",
          path: `/api/run/${slug}`,
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
        },
        (response) => {
          done = true;
          const written = sent;
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => (body += part));
          response.on("end", () => {
            request.destroy();
            resolve({ status: response.statusCode!, body, sent: written });
          });
        },
      );
      request.on("error", (error) => void (done || reject(error)));
      const write = (): void => {
        if (done || sent === megabytes) return;
        sent += 1;
        request.write(megabyte, () => setTimeout(write, 5));
      };
      request.flushHeaders();
      if (!("content-length" in headers)) write();
    });
  }

  test("is refused while it streams in, and by its length before it comes", async () => {
    const { slug } = await here.publish(
      notebookText("inputs: { n: string }\noutputs: [long]\n", fence("template long", "{{ n | length }}")),
    );
    const streamed = await send(slug, 50, { "transfer-encoding": "chunked" });
    expect([streamed.status, JSON.parse(streamed.body)]).toEqual([
      413,
      { error: { code: "request.too-long", message: "the body is longer than 10 MB" } },
    ]);
    expect(streamed.sent).toBeLessThan(20);
    const announced = await send(slug, 50, { "content-length": 50 * 2 ** 20 });
    expect([announced.status, announced.sent]).toEqual([413, 0]);
    const fits = await post(slug, { inputs: { n: "x".repeat(9 * 2 ** 20) } });
    expect(await fits.json()).toMatchObject({ outputs: { long: String(9 * 2 ** 20) } });
  });
});
