import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { embeddingProvider, type EmbeddingProvider } from "#server/models/__fixtures__/embedding-provider.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import type { Run } from "./start-run.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let provider: EmbeddingProvider;
let workspace: TestWorkspace;
beforeAll(async () => {
  provider = embeddingProvider(createLightFetch());
  workspace = await testWorkspace({ fetch: provider.fetch });
});
beforeEach(() => {
  provider.requests.splice(0);
  provider.faults.splice(0);
});
afterAll(() => workspace[Symbol.asyncDispose]());

const model = "openai/text-embedding-3-small";
const rows = (word: string): string =>
  [
    fence("data help", `---\nkey: id\n---\nid,text\n0,${word} is lost\n1,${word} is late\n2,${word} is here`),
    fence("data asked", `---\nkey: id\n---\nid,q\na,${word} one\nb,${word} two`),
  ].join("\n\n");
const sheet = (cell: string): string => fence("sheet each", `---\nrows: asked\n---\n${cell}`);
const similar = fence(
  "score like",
  `---\noutput: =row.q\nexpected: ="some " ~ row.q\nembedding: ${model}\n---\n- similarity`,
);
const search = (settings: string): string =>
  fence("retrieve found", `from: help\nquery: =row.q ~ " it"\nk: 2\n${settings}`);
const reranked = search(`mode: keyword\nrerank: ${model}`);
const near = search(`embedding: ${model}`);

/** The next request, which is not answered before `answer` is called. */
function hang() {
  const held = Promise.withResolvers<void>();
  const request = { aborted: false, answer: held.resolve };
  provider.faults.push(async (signal) => {
    const texts = provider.requests.at(-1)!;
    signal.addEventListener("abort", () => {
      request.aborted = true;
      held.reject(signal.reason as Error);
    });
    await held.promise;
    const data = texts.map((_, index) => ({ index, embedding: [1, index, 0] }));
    return Response.json({ object: "list", model: "text-embedding-3-small", data });
  });
  return request;
}

async function start(word: string, cell: string): Promise<{ session: Session; run: Run }> {
  const session = await workspace.open(notebookText("", rows(word), sheet(cell)));
  return { session, run: session.run({ type: "stale" }) };
}
const sent = async (count: number): Promise<void> =>
  expect.poll(() => provider.requests.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(count);
const outcomes = async (session: Session, cell: string): Promise<unknown> =>
  (await session.rowStates("each", 0, 2))![cell]!.map(({ outcome }) => outcome);
const row = (cell: string, key: string) => ({ cell: `each.${cell}`, at: { each: key } });

test("a row of a score is cancelled with the request that embeds its texts; the others go on", async () => {
  const requests = [hang(), hang()];
  const { session, run } = await start("purse", similar);
  await sent(2);
  run.cancel(row("like", "a"));
  await expect.poll(() => requests.map(({ aborted }) => aborted)).toEqual([true, false]);
  requests[1]!.answer();
  expect((await run.done).outcome).toBe("done");
  expect(await outcomes(session, "like")).toEqual(["cancelled", "ok"]);
});

test("a row whose turn has not come embeds nothing once it is cancelled", async () => {
  const { session, run } = await start("cloak", similar);
  run.cancel(row("like", "a"));
  await run.done;
  expect(await outcomes(session, "like")).toEqual(["cancelled", "ok"]);
  expect(provider.requests).toEqual([["cloak two", "some cloak two"]]);
});

test("rows whose hits are put in order by vectors leave at once, and a request they share is stopped by the last", async () => {
  const [both, own] = [hang(), hang()];
  const { session, run } = await start("glove", reranked);
  await sent(2);
  run.cancel(row("found", "a"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  // The first row's request has the texts of the hits, for which the second waits as well.
  expect([both.aborted, own.aborted]).toEqual([false, false]);
  run.cancel(row("found", "b"));
  await expect.poll(() => [both.aborted, own.aborted]).toEqual([true, true]);
  expect((await run.done).outcome).toBe("done");
  expect(await outcomes(session, "found")).toEqual(["cancelled", "cancelled"]);
});

test("a row that stays has what was embedded for it and for one that was cancelled", async () => {
  const [both, own] = [hang(), hang()];
  const { session, run } = await start("scarf", reranked);
  await sent(2);
  run.cancel(row("found", "a"));
  both.answer();
  own.answer();
  expect((await run.done).outcome).toBe("done");
  expect(await outcomes(session, "found")).toEqual(["cancelled", "ok"]);
  expect(provider.requests).toHaveLength(2);
});

test("a search of several rows is stopped with the last of them, and the making of its index with it", async () => {
  const index = hang();
  const { session, run } = await start("boots", near);
  await sent(1);
  run.cancel(row("found", "b"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(index.aborted).toBe(false);
  run.cancel(row("found", "a"));
  await expect.poll(() => index.aborted).toBe(true);
  expect((await run.done).outcome).toBe("done");
  expect(await outcomes(session, "found")).toEqual(["cancelled", "cancelled"]);
  expect(provider.requests).toHaveLength(1);
});
