import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const paid = (name: string, words: string): string =>
  fence(`prompt ${name}`, `---\nmodel: openai/gpt-5-mini\nmax_tokens: 100000\n---\n${words}`);

describe("of equal calls in flight each goes by its own notebook's terms", () => {
  test("the budget of one holds no other up, and its answer is free to the one that waited", async () => {
    workspace.script = (prompt) => ({ text: prompt, hold: prompt === "slow", usage: { prompt: 10, completion: 10 } });
    const bounded = await workspace.open(notebookText("", paid("slow", "slow"), paid("same", "same")));
    const free = await workspace.open(notebookText("", paid("same", "same")));
    await workspace.runtime.budgets.set({ type: "notebook", notebook: bounded.state.path }, 0.3);
    const slow = bounded.run({ type: "cells", cells: ["slow"] });
    await workspace.server.until(({ inFlight }) => inFlight().length === 1);
    const waiting = bounded.run({ type: "cells", cells: ["same"] });
    for await (const event of waiting.events()) if (event.type === "step-start") break;
    workspace.sent();
    const other = free.run({ type: "stale" });
    try {
      await workspace.server.until(({ finished }) => finished().length === 1, 2_000);
      expect(await other.done).toMatchObject({ outcome: "done", money: { made: 1 } });
      expect(await waiting.done).toMatchObject({ outcome: "done", money: { made: 0, cached: 1 } });
      expect(workspace.sent()).toEqual(["same"]);
    } finally {
      workspace.server.release();
    }
    expect(await slow.done).toMatchObject({ outcome: "done" });
    workspace.script = null;
  });

  test("where one fails that has no fallback, the other's answers all the same, and no failure counts as an answer", async () => {
    workspace.script = (_, { body }) => (body.model === "small" ? { text: "down", status: 500 } : "from the other");
    const front =
      "models:\n  bare: server/small\n  safe: { model: server/small, fallback: [server/large] }\n  spare: server/small\nchoose: { model: safe }\n";
    const session = await workspace.open(
      notebookText(front, fence("prompt greeting", "---\nmodels: [bare, safe, spare]\n---\nHello")),
    );
    const { money } = await session.run({ type: "all" }).done;
    expect(shown(session, "greeting")).toBe("from the other");
    expect(session.state.results.get("greeting{model=bare}")).toMatchObject({ outcome: "error" });
    expect(money.cached).toBe(0);
    workspace.script = null;
  });

  test("what a fallback answered is no answer of the model itself to those who name no such fallback, nor to their estimates", async () => {
    workspace.script = (_, { body }) => (body.model === "small" ? { text: "down", status: 500 } : "from the other");
    const asking = (model: string): string =>
      notebookText(
        `models: { m: ${model} }
`,
        fence("prompt greeting", "---\nmodel: m\n---\nGood day"),
      );
    const run = async (model: string) => {
      const session = await workspace.open(asking(model));
      const { calls: toCome } = (await session.estimate({ type: "stale" })).known;
      const { money } = await session.run({ type: "stale" }).done;
      return { toCome, made: money.made, cached: money.cached, text: shown(session, "greeting") };
    };
    const safe = "{ model: server/small, fallback: [server/large] }";
    expect(await run(safe)).toMatchObject({ made: 1, text: "from the other" });
    workspace.script = null;
    expect(await run(safe)).toMatchObject({ toCome: 0, made: 0, cached: 1, text: "from the other" });
    expect(await run("server/small")).toMatchObject({ toCome: 1, made: 1, cached: 0, text: "<Good day>" });
    expect(await run(safe)).toMatchObject({ made: 0, cached: 1, text: "<Good day>" });
  });
});
