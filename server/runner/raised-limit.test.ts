import { expect, test } from "vitest";
import { fence, notebookText, testWorkspace } from "./__fixtures__/test-workspace.ts";

test("where answers were cut off and may be longer now, the estimate says how long at the least and at the most, also after a restart", async () => {
  await using workspace = await testWorkspace();
  workspace.script = (_, { body }) => {
    const most = Number(body["max_completion_tokens"] ?? body["max_tokens"]);
    return {
      text: "word",
      finish: most < 900 ? "length" : "stop",
      usage: { prompt: 100, completion: Math.min(most, 900) },
    };
  };
  const rows = Array.from({ length: 100 }, (_, row) => `question ${row}`).join("\n");
  const notebook = (most: number): string => {
    const ask = fence("prompt ask", `---\nmodel: openai/gpt-5-mini\nmax_tokens: ${most}\n---\n{{ row.q }}`);
    return notebookText("", fence("data asked", `q\n${rows}`), fence("sheet each", `---\nrows: asked\n---\n${ask}`));
  };
  const confirm = async (): Promise<boolean> => true;
  const path = "asked.md";
  const tried = await workspace.open(notebook(16), { path });
  await tried.run({ type: "stale" }, { everySheet: { type: "first", count: 20 }, confirm }).done;
  for (const open of [() => {}, () => workspace.restart()]) {
    await open();
    const session = await workspace.open(notebook(1_000), { path });
    await session.run({ type: "cells", cells: ["asked"] }).done;
    const { known } = await session.estimate({ type: "stale" });
    expect(known.models[0]!.basis.output).toBe("assumed");
    expect([known.output.low < 90_000, known.output.high >= 90_000]).toEqual([true, true]);
  }
});
