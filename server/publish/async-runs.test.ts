import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestRecord } from "#server/store/store.ts";
import { beginningRecord } from "./request-record.ts";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace({ budget: 1 })));
afterAll(() => here[Symbol.asyncDispose]());

const asked = (mark: string): string =>
  notebookText(
    "inputs: { n: string }\noutputs: [second]\n",
    fence("prompt first", `---\nmodel: server/small\n---\n${mark} first {{ n }}`),
    fence("prompt second", `---\nmodel: server/small\n---\n${mark} second {{ first }}`),
  );

const begin = (slug: string, inputs: object) => here.run(slug, undefined, { body: { inputs, async: true } });

async function until(id: string, status: string) {
  for (let tries = 0; tries < 400; tries += 1) {
    const { body } = await here.ask("GET", `/api/runs/${id}`);
    if (body.status === status) return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} is not ${status}`);
}

/** Holds the answers to prompts that have a word, until the model's server lets them go; resolves when one is held. */
function hold(word: string): () => Promise<void> {
  here.workspace.script = (prompt) => (prompt.includes(word) ? { text: `<${prompt}>`, hold: true } : `<${prompt}>`);
  return () => here.workspace.server.until((server) => server.inFlight().some(({ text }) => text.includes(word)));
}

describe("an asynchronous request", () => {
  test("is accepted at once, and its answer asked for later is the one a caller who waits gets", async () => {
    const { slug } = await here.publish(asked("later"));
    const held = hold("second");
    const { status, body, headers } = await begin(slug, { n: "1" });
    expect([status, body, headers.get("location")]).toEqual([
      202,
      { runId: body.runId, status: "running" },
      `/api/runs/${body.runId}`,
    ]);
    await held();
    const running = await here.ask("GET", `/api/runs/${body.runId}`);
    expect(running.body).toEqual({
      runId: body.runId,
      status: "running",
      version: 1,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      endedAt: null,
    });
    here.workspace.server.release();
    const done = await until(body.runId, "done");
    here.workspace.script = null;
    const waited = (await here.run(slug, { n: "1" })).body;
    expect(done.result).toEqual({
      ...waited,
      runId: body.runId,
      usage: { ...done.result.usage, calls: { made: 2, cached: 0 } },
      cost: expect.toSatisfy((cost) => cost === null || cost >= 0),
    });
    expect(done.result.outputs).toEqual(waited.outputs);
  });

  test("that fails says so, with the answer that a caller who waits gets", async () => {
    const { slug } = await here.publish(
      notebookText("inputs: { n: number }\noutputs: [a]\n", fence("js a", "if (n > 0) throw new Error('x'); return 1")),
    );
    const { body } = await begin(slug, { n: 1 });
    const failed = await until(body.runId, "failed");
    expect(failed).toMatchObject({
      endedAt: expect.any(String),
      result: { outcome: "failed", runId: body.runId, outputs: { a: null }, error: { code: "output.failed" } },
    });
  });

  test("is cancelled by DELETE; what has ended stays as it ended", async () => {
    const { slug } = await here.publish(asked("stopped"));
    const held = hold("stopped");
    const { body } = await begin(slug, { n: "1" });
    await held();
    expect((await here.ask("DELETE", `/api/runs/${body.runId}`)).body).toMatchObject({ status: "cancelled" });
    await here.workspace.server.until((server) => server.inFlight().length === 0);
    expect((await here.ask("GET", `/api/runs/${body.runId}`)).body).toMatchObject({ status: "cancelled" });
    here.workspace.script = null;
    const second = await begin(slug, { n: "2" });
    await until(second.body.runId, "done");
    expect((await here.ask("DELETE", `/api/runs/${second.body.runId}`)).body).toMatchObject({ status: "done" });
    for (const method of ["GET", "DELETE"])
      expect(await here.ask(method, "/api/runs/nothing")).toMatchObject({
        status: 404,
        body: { error: { code: "request.unknown" } },
      });
  });

  test("goes on after the server was started again, and pays for nothing twice", async () => {
    const { slug } = await here.publish(asked("restarted"));
    here.workspace.sent();
    const held = hold("second");
    const { body } = await begin(slug, { n: "1" });
    await held();
    here.workspace.script = null;
    await here.restart();
    const done = await until(body.runId, "done");
    expect(done.result.outputs).toEqual({ second: "<restarted second <restarted first 1>>" });
    expect(here.workspace.sent().filter((prompt) => prompt.startsWith("restarted first"))).toHaveLength(1);
    // The one that was under way was made, too.
    expect(done.result.usage.calls).toEqual({ made: 3, cached: 0 });
  });

  test("of a server that died goes on too; one whose caller waited is cancelled", async () => {
    const { slug } = await here.publish(asked("died"));
    const { requests } = here.workspace.runtime.store;
    const left = (id: string, mode: RequestRecord["mode"]): RequestRecord => ({
      id,
      slug,
      version: 1,
      mode,
      status: "running",
      inputs: '{"n":"1"}',
      answer: null,
      results: "[]",
      errors: "[]",
      startedAt: 1,
      endedAt: null,
      cost: null,
      callsMade: 0,
      callsCached: 0,
    });
    await requests.begin(left("left-async", "async"));
    await requests.begin(left("left-waited", "waited"));
    await here.publishing.start();
    expect((await until("left-async", "done")).result.outputs).toEqual({ second: "<died second <died first 1>>" });
    expect((await until("left-waited", "cancelled")).result).toBeUndefined();
    await here.publishing.start();
    expect((await requests.open()).filter(({ slug: of }) => of === slug)).toEqual([]);
  });
});

describe("a request that waits", () => {
  const costly = notebookText(
    "inputs: { n: string }\noutputs: [b]\n",
    fence("prompt a", "---\nmodel: openai/gpt-5-mini\n---\ncostly a {{ n }}"),
    fence("prompt b", "---\nmodel: openai/gpt-5-mini\n---\ncostly b {{ a }}"),
  );

  test("is accepted, is waiting also after a restart, and is continued by the one door with what was paid for", async () => {
    const { slug } = await here.publish(costly);
    here.workspace.script = (prompt) => ({ text: `<${prompt}>`, usage: { prompt: 10, completion: 500_000 } });
    const { status, body, headers } = await here.run(slug, { n: "1" });
    expect([status, body]).toEqual([202, { runId: body.runId, status: "waiting" }]);
    expect(headers.get("location")).toBe(`/api/runs/${body.runId}`);
    await here.restart();
    const waiting = await until(body.runId, "waiting");
    expect(waiting).toMatchObject({ waitsFor: ["budget"], endedAt: null });
    expect(waiting.result).toBeUndefined();

    const { store } = here.workspace.runtime;
    const [wait] = await store.waits.list(`${slug}@v1/${body.runId}`);
    const { executions } = here.publishing;
    await expect(executions.resume("nothing", wait!.address, 5)).rejects.toMatchObject({ code: "request.not-waiting" });
    await expect(executions.resume(body.runId, wait!.address, "much")).rejects.toMatchObject({
      code: "resume.no-budget",
    });
    expect((await here.ask("GET", `/api/runs/${body.runId}`)).body.status).toBe("waiting");
    here.workspace.sent();
    await (
      await executions.resume(body.runId, wait!.address, 100)
    ).ended;
    const done = await until(body.runId, "done");
    expect(done.result.outputs).toEqual({ b: "<costly b <costly a 1>>" });
    expect(here.workspace.sent()).toEqual(["costly b <costly a 1>"]);
    expect(done.result.usage).toEqual({ input: 20, output: 1_000_000, calls: { made: 2, cached: 0 } });
    expect(done.result.cost).toBeGreaterThan(1.9);
    expect(await store.waits.list(`${slug}@v1/${body.runId}`)).toEqual([]);
    here.workspace.script = null;
  });

  test("may be cancelled", async () => {
    const { slug } = await here.publish(costly);
    here.workspace.script = (prompt) => ({ text: `<${prompt}>`, usage: { prompt: 10, completion: 500_000 } });
    const { body } = await here.run(slug, { n: "2" });
    expect(body.status).toBe("waiting");
    expect((await here.ask("DELETE", `/api/runs/${body.runId}`)).body.status).toBe("cancelled");
    expect(await here.workspace.runtime.store.waits.list(`${slug}@v1/${body.runId}`)).toEqual([]);
    here.workspace.script = null;
  });

  test("goes on by itself when the workspace's budget is raised or taken away, also one that was left by a server before", async () => {
    await using own = await publishWorkspace();
    const { slug } = await own.publish(costly);
    const state = async (id: string) => (await own.ask("GET", `/api/runs/${id}`)).body.status as string;
    await own.publishing.start();
    await own.workspace.runtime.budgets.set({ type: "day" }, 0.000_001);
    const first = (await own.run(slug, { n: "3" })).body;
    const second = (await own.run(slug, { n: "4" })).body;
    expect([first.status, second.status, own.workspace.sent()]).toEqual(["waiting", "waiting", []]);
    await own.workspace.runtime.budgets.set({ type: "day" }, 0.000_002);
    await own.publishing.executions.continueWaiting();
    await expect.poll(() => state(first.runId)).toBe("waiting");
    await expect.poll(() => state(second.runId)).toBe("waiting");
    expect(own.workspace.sent()).toEqual([]);
    await own.workspace.runtime.budgets.remove({ type: "day" });
    await expect.poll(() => state(first.runId)).toBe("done");
    await expect.poll(() => state(second.runId)).toBe("done");
    expect(own.workspace.sent()).toHaveLength(4);

    await own.workspace.runtime.budgets.set({ type: "day" }, 0.000_001);
    const left = (await own.run(slug, { n: "5" })).body;
    await own.publishing.close();
    await own.workspace.runtime.budgets.remove({ type: "day" });
    await own.restart();
    await expect.poll(() => state(left.runId)).toBe("done");
    expect(await own.workspace.runtime.store.waits.list(`${slug}@v1/${left.runId}`)).toEqual([]);
  });

  test("that is cancelled, or whose server ends, as its budget is raised sends nothing any more", async () => {
    await using own = await publishWorkspace();
    const { slug } = await own.publish(costly);
    const { budgets } = own.workspace.runtime;
    // The second call is not to be sent before the first one's answer is long cancelled.
    own.workspace.script = (prompt) => ({ text: `<${prompt}>`, delay: 250 });
    await own.publishing.start();
    await budgets.set({ type: "day" }, 0.000_001);
    for (const milliseconds of [0, 1, 3, 8]) {
      const { body } = await own.run(slug, { n: `cancelled ${milliseconds}` });
      await budgets.remove({ type: "day" });
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      const { body: state } = await own.ask("DELETE", `/api/runs/${body.runId}`);
      const sent = own.workspace.sent().length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect([state.status, own.workspace.sent()]).toEqual(["cancelled", []]);
      // What was sent before it was cancelled is no more than its first call.
      expect(sent).toBeLessThan(2);
      await budgets.set({ type: "day" }, 0.000_001);
    }
    const left = (await own.run(slug, { n: "left" })).body;
    await budgets.remove({ type: "day" });
    await own.publishing.close();
    own.workspace.sent();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([own.workspace.sent(), own.publishing.executions.find(left.runId)]).toEqual([[], undefined]);
    await own.restart();
    await expect.poll(async () => (await own.ask("GET", `/api/runs/${left.runId}`)).body.status).toBe("done");
  });

  test("goes on by itself when what it waits for was agreed to, and not before", async () => {
    await using own = await publishWorkspace();
    const { slug, version } = await own.publish(notebookText("outputs: [a]\n", fence("template a", "1")));
    const { requests, waits, consents } = own.workspace.runtime.store;
    const request = { id: "r", slug, version, mode: "async", inputs: "{}", startedAt: 1 } as const;
    await requests.put({ ...beginningRecord(request), status: "waiting" });
    const wait = { notebook: `${slug}@v${version}/r`, address: "a", reason: "licence", message: "", since: 1 };
    await waits.add({ ...wait, subject: "local/x" });
    const { executions } = own.publishing;
    await executions.continueWaiting();
    expect((await requests.get("r"))!.status).toBe("waiting");
    await consents.give("local/x", "terms", 1);
    await executions.continueWaiting();
    expect((await executions.find("r")!.ended).status).toBe("done");
  });
});
