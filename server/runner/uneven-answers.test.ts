import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

let asked = 0;
const budget = 0.2;
const dear = 20_000;
/** 60 rows whose requests are alike; of the answers the first `short` have two tokens, and the others what `length` says. */
async function spent(
  short: number,
  settings: { readonly budget?: number },
  length = (_row: number): number => dear,
): Promise<number> {
  // No journal has its answers.
  const question = `question ${(asked += 1)}`;
  workspace.script = (prompt) => {
    const row = Number(/row (\d+)/.exec(prompt)![1]);
    return {
      text: "word",
      delay: row < short ? 0 : 40,
      usage: { prompt: 100, completion: row < short ? 2 : length(row) },
    };
  };
  const rows = Array.from({ length: 60 }, (_, row) => `row ${row}`).join("\n");
  const ask = fence("prompt ask", `---\nmodel: openai/gpt-5-mini\n---\n${question}: {{ row.q }}`);
  const text = notebookText(
    "",
    fence("data asked", `q\n${rows}`),
    fence("sheet each", `---\nrows: asked\n---\n${ask}`),
  );
  const session = await workspace.open(text);
  const run = session.run({ type: "stale" }, { confirm: async () => true, ...settings });
  const { money, outcome } = await run.done;
  expect(outcome).toBe("budget");
  return money.cost;
}
/** What one answer costs. */
const one = (dear * 2) / 1_000_000;

describe("a budget holds where the first answers say little of the others: no more calls are out than were answered", () => {
  test.each([1, 3])("of a run, of which %d were short", async (short) => {
    expect(await spent(short, { budget })).toBeLessThanOrEqual(budget + one * short);
  });

  test("of a day", async () => {
    await workspace.runtime.budgets.set({ type: "day" }, budget);
    try {
      expect(await spent(3, {})).toBeLessThanOrEqual(budget + one * 3);
    } finally {
      await workspace.runtime.budgets.remove({ type: "day" });
    }
  });

  test("where they are of all lengths", async () => {
    // One in ten as many tokens as all others together.
    const length = (row: number): number => (row % 10 === 7 ? 20_000 : 2_000 + (row % 5) * 50);
    expect(await spent(0, { budget }, length)).toBeLessThanOrEqual(budget * 1.25);
  });
});
