import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGateway } from "#server/gateway/gateway.ts";
import { embeddingProvider, type EmbeddingProvider } from "#server/models/__fixtures__/embedding-provider.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import type { Estimate } from "./estimate.ts";
import type { RunEvent } from "./run-event.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let provider: EmbeddingProvider;
let workspace: TestWorkspace;
beforeAll(async () => {
  provider = embeddingProvider(createLightFetch());
  workspace = await testWorkspace({ fetch: provider.fetch });
});
beforeEach(() => {
  provider.requests.splice(0);
  provider.counts = true;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const embedding = "embedding: openai/text-embedding-3-small";
const rows = (word: string, count: number, length = 0): string => {
  const lines = Array.from({ length: count }, (_, index) => `${index},${word} ${index}${" x".repeat(length)}`);
  return fence("data rows", `---\nkey: id\n---\nid,text\n${lines.join("\n")}`);
};
const near = (query: string): string =>
  fence("retrieve near", `from: rows\nquery: =${JSON.stringify(query)}\nk: 1\n${embedding}`);

describe("embeddings that are paid for", () => {
  test("are booked on their run, notebook and cell, and a second time nothing is embedded", async () => {
    const session = await workspace.open(notebookText("", rows("book", 300), near("which book")));
    const report = await session.run({ type: "stale" }).done;
    expect(report).toMatchObject({ outcome: "done", money: { made: 3, unpriced: 0, input: 602 } });
    expect(report.money.cost).toBeCloseTo((602 * 0.02) / 1_000_000, 12);
    const calls = await workspace.runtime.journal.list({ limit: 3 });
    expect(calls.map(({ address, notebook, request }) => [address, notebook, request])).toEqual(
      [1, 44, 256].map((texts) => [
        "near",
        expect.stringMatching(/^notebook-/),
        { embedding: { texts, characters: expect.any(Number) }, parameters: {} },
      ]),
    );
    expect(calls.every(({ run }) => run === calls[0]!.run && run !== "")).toBe(true);
    const again = await workspace.open(notebookText("", rows("book", 300), near("which book")));
    expect(await again.run({ type: "stale" }).done).toMatchObject({ outcome: "done", money: { made: 0 } });
  });

  test("do not go out beyond a run's budget: the cell waits", async () => {
    const session = await workspace.open(notebookText("", rows("budget", 3), near("which one")));
    expect(await session.run({ type: "stale" }, { budget: 0 }).done).toMatchObject({ outcome: "budget" });
    expect([provider.requests, session.shown("near")?.outcome]).toEqual([[], "blocked"]);
    expect(await session.run({ type: "stale" }).done).toMatchObject({ outcome: "done", money: { made: 2 } });
  });

  test("stop at a run's budget also where their provider counts no tokens", async () => {
    provider.counts = false;
    const session = await workspace.open(notebookText("", rows("silent", 600, 400), near("which one")));
    const run = session.run({ type: "stale" }, { budget: 0.002 });
    expect(await run.done).toMatchObject({ outcome: "budget", money: { cost: 0, unpriced: 1 } });
    provider.counts = true;
    expect(await session.run({ type: "stale" }).done).toMatchObject({ outcome: "done" });
  });

  test("are estimated beforehand by what has no vectors yet", async () => {
    const similar = fence("score similar", `---\noutput: one\nexpected: two\n${embedding}\n---\n- similarity`);
    const session = await workspace.open(notebookText("", rows("ahead", 300), near("which one is ahead"), similar));
    await session.run({ type: "cells", cells: ["rows"] }).done;
    const all = { type: "stale" } as const;
    expect((await session.estimate(all)).known).toMatchObject({
      calls: 4,
      unpriced: [],
      embedded: { texts: 303, atMost: false },
      models: [{ model: "openai/text-embedding-3-small", output: { high: 0 } }],
    });
    let asked = 0;
    const report = await session.run(all, { confirm: async () => (asked += 1) < 0 }).done;
    expect([report.outcome, asked, provider.requests.length]).toEqual(["done", 0, 4]);
    const cost = report.estimate!.cost;
    expect([cost.low < report.money.cost, report.money.cost < cost.high]).toEqual([true, true]);
    const again = await workspace.open(notebookText("", rows("ahead", 300), near("which one is ahead")));
    await again.run({ type: "cells", cells: ["rows"] }).done;
    expect((await again.estimate(all)).known).not.toHaveProperty("embedded");
  });

  test("are estimated for the rows of a sheet, an index once for all of them and each query once", async () => {
    const questions = fence("data asked", "---\nkey: id\n---\nid,q\n1,which row\n2,which column\n3,which row");
    const found = fence("retrieve found", `from: rows\nquery: =row.q\nk: 1\n${embedding}`);
    const sheet = fence("sheet whole", ["---\nrows: asked\n---", found].join("\n"));
    const session = await workspace.open(notebookText("", rows("in a sheet", 10), questions, sheet));
    await session.run({ type: "cells", cells: ["rows", "asked"] }).done;
    const asks: Estimate[] = [];
    const onEvent = (event: RunEvent): void => void (event.type === "estimate" && asks.push(event.estimate));
    const report = await session.run({ type: "stale" }, { onEvent, confirm: async () => true }).done;
    expect(asks).toMatchObject([{ known: { embedded: { texts: 12, atMost: false } } }]);
    expect([report.outcome, report.money.input]).toEqual(["done", 24]);
  });

  test("are asked about where they are dear, and after a no nothing is sent", async () => {
    const many = fence("sql rows", "select repeat('dear ', 1000) || i as text from range(20000) as r(i)");
    const dear = near("which one").replace("-small", "-large");
    const session = await workspace.open(notebookText("", many, dear));
    const estimates: Estimate[] = [];
    const confirm = async (estimate: Estimate): Promise<boolean> => estimates.push(estimate) < 0;
    expect((await session.run({ type: "stale" }, { confirm }).done).outcome).toBe("cancelled");
    expect(estimates).toMatchObject([{ known: { calls: 80, embedded: { texts: 20_001, atMost: true } } }]);
    // 100 million characters at $0.13 for a million tokens.
    expect(estimates[0]!.known.cost.likely).toBeCloseTo(3.25, 1);
    expect(provider.requests).toEqual([]);
  });

  const nobody = "there is no provider or endpoint called nobody";
  test.each([
    ["an unknown model", "embedding: nobody/x", "", nobody, { line: 18, column: 12 }],
    [
      "an unknown model at one label",
      `vary: { by: [openai/text-embedding-3-small, nobody/x] }\nembedding: =vary.by`,
      "{by=nobody/x}",
      nobody,
      { line: 19, column: 12 },
    ],
    ["no such column", `text: nope\n${embedding}`, "", "the table has no column nope", { line: 18, column: 7 }],
  ])("that cannot be looked up beforehand end no run: %s", async (what, settings, at, message, position) => {
    const search = fence("retrieve found", `from: rows\nquery: which one of ${what}\n${settings}`);
    const session = await workspace.open(notebookText("", rows(what, 3), search, fence("template other", "{{ 1 }}")));
    await session.run({ type: "cells", cells: ["rows"] }).done;
    const { known } = await session.estimate({ type: "stale" });
    expect(known.embedded?.texts).toBe(at === "" ? undefined : 4);
    const report = await session.run({ type: "stale" }).done;
    expect([report.outcome, fresh(session, "other")]).toEqual(["done", "current"]);
    expect(session.state.results.get(`found${at}`)).toMatchObject({ outcome: "error", error: { message, position } });
    if (at !== "") expect(fresh(session, "found{by=openai/text-embedding-3-small}")).toBe("current");
  });

  test.each(["embedding: short", "vary: { by: [short] }\nembedding: =vary.by"])(
    "go by a short name of the front matter, in a search and in a score: %s",
    async (setting) => {
      const similar = fence(
        "score similar",
        `---\noutput: one\nexpected: ${setting.length}\n${setting}\n---\n- similarity`,
      );
      const search = near(`by ${setting.length}`).replace(embedding, setting);
      const models = "models: { short: openai/text-embedding-3-small }\n";
      const session = await workspace.open(notebookText(models, rows(`short ${setting.length}`, 3), search, similar));
      await session.run({ type: "cells", cells: ["rows"] }).done;
      expect((await session.estimate({ type: "stale" })).known).toMatchObject({
        embedded: { texts: 6 },
        models: [{ model: "openai/text-embedding-3-small" }],
      });
      expect(await session.run({ type: "stale" }).done).toMatchObject({ outcome: "done", money: { made: 3 } });
      expect([...session.freshness().values()].map(({ state }) => state)).toEqual(["current", "current", "current"]);
      expect(provider.requests).toHaveLength(3);
    },
  );

  test("of a score by an unknown model end no run, and the error stands at the setting", async () => {
    const similar = fence("score similar", "---\noutput: one\nexpected: two\nembedding: nobody/x\n---\n- similarity");
    const session = await workspace.open(notebookText("", similar));
    expect(await session.run({ type: "stale" }).done).toMatchObject({ outcome: "done" });
    expect(session.shown("similar")).toMatchObject({ error: { message: nobody, position: { line: 9, column: 12 } } });
  });

  test("that were stopped on their way are counted: the provider may have charged for them", async () => {
    const sent = Promise.withResolvers<void>();
    provider.faults.push((signal) => {
      sent.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    });
    const session = await workspace.open(notebookText("", rows("stopped", 3), near("which one stopped")));
    const run = session.run({ type: "stale" });
    await sent.promise;
    run.cancel();
    expect(await run.done).toMatchObject({ outcome: "cancelled", money: { made: 1, unpriced: 1 } });
  });

  test("of a score are booked as well", async () => {
    const similar = fence("score similar", `---\noutput: one\nexpected: two\n${embedding}\n---\n- similarity`);
    const session = await workspace.open(notebookText("", similar), { trusted: true });
    await session.settle();
    expect([fresh(session, "similar"), provider.requests]).toEqual(["never", []]);
    expect((await session.run({ type: "stale" }).done).money).toMatchObject({ made: 1, input: 4 });
    expect(await workspace.runtime.journal.list({ limit: 1 })).toMatchObject([{ address: "similar" }]);
  });

  test("of a program are booked, and it is told the tokens where the provider says them", async () => {
    const server = createAdaptorServer({ fetch: (request) => createGateway(workspace.runtime).fetch(request) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const ask = async (): Promise<unknown> => {
      const body = JSON.stringify({ model: "openai/text-embedding-3-small", input: ["a", "b"] });
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/embeddings`;
      return (await fetch(address, { method: "POST", body })).json();
    };
    expect(await ask()).toMatchObject({ data: [{}, {}], usage: { prompt_tokens: 4, total_tokens: 4 } });
    expect(await workspace.runtime.journal.list({ limit: 1 })).toMatchObject([
      { address: "v1", notebook: "", end: { usage: { input: 4 } } },
    ]);
    provider.counts = false;
    expect(await ask()).not.toHaveProperty("usage");
    provider.counts = true;
    server.close();
  });
});
