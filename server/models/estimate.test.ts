import { describe, expect, test } from "vitest";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { createCallHistory } from "./call-history.ts";
import { createCaller, type CallerSettings } from "./caller.ts";
import { createModels } from "./index.ts";

const models = createModels({ environment: {}, fetch, endpoints: {} });

function callerOf(more: Partial<CallerSettings> = {}) {
  return createCaller({
    resolve: models.chatModel,
    journal: memoryJournal(),
    clock: () => Date.UTC(2026, 0, 15),
    ...more,
  });
}

function planned(model: string, content: string, more: Partial<PlannedCall> = {}): PlannedCall {
  return { model, messages: [{ role: "user", content }], parameters: {}, repeat: 0, ...more };
}

describe("an estimate", () => {
  test("counts what would really go out: not what the journal has, and equal calls once, each told apart", async () => {
    const caller = callerOf();
    await caller.chat(
      { ...planned("echo/text", "known"), address: { cell: "a", at: {} }, step: 0 },
      { notebook: "a.md", run: "r" },
    );
    const estimate = await caller.estimate(
      ["known", "new", "known", "new", "newer"].map((content) => planned("echo/text", content)),
    );
    expect(estimate).toMatchObject({
      calls: 2,
      cached: 2,
      equal: 1,
      cost: { low: 0, likely: 0, high: 0 },
      unpriced: [],
    });
  });

  test("gives money as a range from the characters and what is assumed of answers", async () => {
    const {
      cost,
      models: [openai],
    } = await callerOf().estimate([
      planned("openai/gpt-5-mini", "x".repeat(4_000), { parameters: { max_tokens: 100 } }),
    ]);
    expect(openai).toMatchObject({
      input: { low: 804, likely: 1_004, high: 1_604 },
      output: { low: 1, likely: 100, high: 100 },
      basis: { input: "characters", output: "assumed" },
      seconds: null,
    });
    // $0.25 and $2 a million.
    expect(cost.likely).toBeCloseTo((1_004 * 0.25 + 100 * 2) / 1e6, 12);
    expect(cost.low).toBeLessThan(cost.likely);
    expect(cost.likely).toBeLessThan(cost.high);
  });

  test("goes by past answers and exact tokenizers where there are any", async () => {
    const history = createCallHistory();
    for (let calls = 1; calls <= 11; calls += 1) history.add("openai/gpt-5-mini", calls * 10, 2_000);
    const caller = callerOf({ history, countTokens: (_, text) => text.length });
    const estimate = await caller.estimate(
      Array.from({ length: 128 }, (_, row) => planned("openai/gpt-5-mini", "abc", { repeat: row })),
    );
    expect(estimate.models[0]).toMatchObject({
      calls: 128,
      input: { low: 128 * 7, likely: 128 * 7, high: 128 * 7 },
      output: { low: 128 * 20, likely: 128 * 60, high: 128 * 100 },
      basis: { input: "tokenizer", output: "past calls" },
    });
    // Two rounds of 64 at once, two seconds each.
    expect(estimate.seconds).toBe(4);
  });

  test("names the models without a price and counts the others' money", async () => {
    const estimate = await callerOf().estimate([
      planned("openai/no-such-model", "a"),
      planned("openai/gpt-5-mini", "a"),
    ]);
    expect(estimate.unpriced).toEqual(["openai/no-such-model"]);
    expect(estimate.cost.likely).toBeGreaterThan(0);
  });

  test("of nothing is nothing", async () => {
    expect(await callerOf().estimate([])).toEqual({
      calls: 0,
      cached: 0,
      equal: 0,
      cost: { low: 0, likely: 0, high: 0 },
      unpriced: [],
      seconds: 0,
      models: [],
    });
  });

  test("learns from the calls made and from those of the journal", async () => {
    const history = createCallHistory([
      {
        id: 1,
        key: "k",
        notebook: "a.md",
        address: "a",
        step: 0,
        run: "r",
        model: "openai/gpt-5-mini",
        request: null,
        sentAt: 0,
        end: { state: "done", endedAt: 500, text: null, usage: { output: 7 }, cost: 0, price: null },
      },
      {
        id: 2,
        key: "k",
        notebook: "a.md",
        address: "a",
        step: 0,
        run: "r",
        model: "openai/gpt-5-mini",
        request: null,
        sentAt: 0,
        end: null,
      },
    ]);
    expect(history.of("openai/gpt-5-mini")).toEqual({ calls: 1, output: { low: 7, mean: 7, high: 7 }, latency: 500 });
    const caller = callerOf({ history });
    await caller.chat(
      { ...planned("echo/text", "four"), address: { cell: "a", at: {} }, step: 0 },
      { notebook: "a.md", run: "r" },
    );
    expect(history.of("echo/text")).toMatchObject({ calls: 1, output: { mean: 1 } });
  });
});
