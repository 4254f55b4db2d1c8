import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace()));
afterAll(() => here[Symbol.asyncDispose]());

let marks = 0;
/** A notebook whose every request makes a call of its own, so that what is computed twice is seen. */
async function published(): Promise<string> {
  const text = notebookText(
    "inputs: { n: string }\noutputs: [a, drawn]\n",
    fence("prompt a", `---\nmodel: server/small\ncache: never\n---\nmark ${(marks += 1)} {{ n }}`),
    fence("sql drawn", "select random() as x"),
  );
  return (await here.publish(text)).slug;
}

const under = (key: string, slug: string, n: string, signal?: AbortSignal) =>
  here.ask("POST", `/api/run/${slug}`, {
    body: JSON.stringify({ inputs: { n } }),
    headers: { "content-type": "application/json", "idempotency-key": key },
    ...(signal === undefined ? {} : { signal }),
  });

const prompts = (n: string): number =>
  here.workspace.server.requests().filter(({ text }) => text.includes(`mark ${marks} ${n}`)).length;

const hold = (): void => void (here.workspace.script = (prompt) => ({ text: `<${prompt}>`, hold: true }));
const held = (): Promise<void> => here.workspace.server.until((server) => server.inFlight().length === 1);
const release = (): void => {
  here.workspace.script = null;
  here.workspace.server.release();
};

test("the same key with the same body gives the same answer, computed once, also after a restart", async () => {
  const slug = await published();
  const first = await under("k", slug, "1");
  const second = await under("k", slug, "1");
  await here.restart();
  const third = await under("k", slug, "1");
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  for (const again of [second, third]) {
    expect([again.status, again.body, again.headers.get("idempotency-replayed")]).toEqual([200, first.body, "true"]);
  }
  expect(prompts("1")).toBe(1);
  expect((await under("other", slug, "1")).body.outputs.drawn).not.toEqual(first.body.outputs.drawn);
});

test("the same key with another body, or of another version, is refused; another endpoint has keys of its own", async () => {
  const slug = await published();
  await under("k", slug, "1");
  const used = { status: 422, body: { error: { code: "request.key-used" } } };
  expect(await under("k", slug, "2")).toMatchObject(used);
  expect(await under("k", `${slug}@v1`, "1")).toMatchObject(used);
  expect((await under("k", await published(), "1")).status).toBe(200);
});

test("duplicates that come while the first is under way wait for it", async () => {
  const slug = await published();
  hold();
  const all = Array.from({ length: 5 }, () => under("k", slug, "1"));
  await held();
  release();
  const answers = await Promise.all(all);
  expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(prompts("1")).toBe(1);
});

test("a caller who leaves does not take the answer from another who waits; when all have left it is cancelled", async () => {
  const slug = await published();
  hold();
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
  const first = under("k", slug, "1", one.signal);
  await held();
  const second = under("k", slug, "1", two.signal);
  await new Promise((resolve) => setTimeout(resolve, 50));
  one.abort();
  await new Promise((resolve) => setTimeout(resolve, 50));
  release();
  expect((await second).status).toBe(200);
  await first;
  expect(prompts("1")).toBe(1);

  hold();
  const third = under("j", slug, "2", three.signal);
  await held();
  three.abort();
  expect(await third).toMatchObject({ status: 409, body: { error: { code: "request.cancelled" } } });
  await here.workspace.server.until((server) => server.inFlight().length === 0);
  here.workspace.script = null;
  const anew = await under("j", slug, "2");
  expect([anew.status, anew.headers.get("idempotency-replayed")]).toEqual([200, null]);
});

test("who asks again while the request all have left is still ending has an answer of a run of its own", async () => {
  const slug = await published();
  hold();
  const left = new AbortController();
  const first = under("k", slug, "1", left.signal);
  await held();
  here.workspace.script = null;
  left.abort();
  const again = await under("k", slug, "1");
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, null]);
  expect((await first).status).toBe(409);
  expect((await under("k", slug, "1")).body).toEqual(again.body);
});

test("a request that a model had no time for holds no key: asked again it is computed", async () => {
  const slug = await published();
  here.workspace.script = () => ({ text: "busy", status: 503 });
  const busy = await under("k", slug, "1");
  expect([busy.status, busy.body.error.code, busy.headers.get("retry-after")]).toEqual([503, "model.busy", "5"]);
  here.workspace.script = null;
  const again = await under("k", slug, "1");
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, null]);
  expect((await under("k", slug, "1")).body).toEqual(again.body);
});

test("an answer that is given again says so, also as a stream and to one who asked to be told later", async () => {
  const slug = await published();
  await under("k", slug, "1");
  const streamed = await here.api.request(`/api/run/${slug}`, {
    method: "POST",
    body: JSON.stringify({ inputs: { n: "1" } }),
    headers: { accept: "text/event-stream", "idempotency-key": "k" },
  });
  expect(streamed.headers.get("idempotency-replayed")).toBe("true");
  expect(await streamed.text()).toMatch(/^event: result\n/);
  const later = () =>
    here.run(slug, {}, { body: { inputs: { n: "2" }, async: true }, headers: { "idempotency-key": "later" } });
  const begun = await later();
  expect([begun.status, begun.body.status, begun.headers.get("idempotency-replayed")]).toEqual([202, "running", null]);
  await expect.poll(async () => (await here.ask("GET", `/api/runs/${begun.body.runId}`)).body.status).toBe("done");
  const again = await later();
  expect(again.body).toEqual({ runId: begun.body.runId, status: "done" });
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
});

test("a key holds for 24 hours", async () => {
  const slug = await published();
  const first = await under("k", slug, "1");
  here.workspace.ahead += 23.9 * 3_600_000;
  expect((await under("k", slug, "1")).body.runId).toBe(first.body.runId);
  here.workspace.ahead += 0.2 * 3_600_000;
  expect((await under("k", slug, "1")).body.runId).not.toBe(first.body.runId);
  expect((await under("k", slug, "2")).status).toBe(422);
});

test("a failed answer is given again with its status; what was never begun holds no key", async () => {
  const slug = await published();
  here.workspace.script = () => ({ status: 400, text: "no" });
  const failed = await under("k", slug, "1");
  here.workspace.script = null;
  expect(failed.status).toBe(502);
  expect(await under("k", slug, "1")).toMatchObject({ status: 502, body: failed.body });
  const wrong = await here.ask("POST", `/api/run/${slug}`, {
    body: "{}",
    headers: { "content-type": "application/json", "idempotency-key": "w" },
  });
  expect(wrong.status).toBe(400);
  expect((await under("w", slug, "1")).status).toBe(200);
  for (const key of ["", "x".repeat(256)]) expect((await under(key, slug, "1")).status).toBe(400);
});

test("an asynchronous request under a key is accepted again as the same run", async () => {
  const slug = await published();
  const begin = () =>
    here.run(slug, undefined, { body: { inputs: { n: "1" }, async: true }, headers: { "idempotency-key": "k" } });
  const first = await begin();
  const second = await begin();
  expect([first.status, second.status, second.body.runId]).toEqual([202, 202, first.body.runId]);
});
