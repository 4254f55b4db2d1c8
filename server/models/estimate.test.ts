import { describe, expect, test } from "vitest";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { basisWords } from "#server/notebook/estimate-basis.ts";
import type { JournalCall } from "#server/store/journal.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { createCallHistory, placeOf, type CallPlace, type PastCall } from "./call-history.ts";
import { createCaller, type CallerSettings } from "./caller.ts";
import { createModels } from "./index.ts";
import type { CountTokens } from "./token-counter.ts";

const models = createModels({ environment: {}, fetch, endpoints: {} });

function callerOf(more: Partial<CallerSettings> = {}) {
  return createCaller({
    resolve: models.chatModel,
    journal: memoryJournal(),
    clock: () => Date.UTC(2026, 0, 15),
    ...more,
  });
}

const gpt = "openai/gpt-5-mini";
const topic: CallPlace = { notebook: "a.md", cell: "topic", variant: "" };

function past({
  characters = 100,
  latency = 1_000,
  schema = 0,
  ...usage
}: Partial<PastCall> & { readonly input?: number; readonly output?: number }): PastCall {
  return { characters, usage, latency, ...(schema === 0 ? {} : { schema }) };
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
      basis: { input: "assumed", output: "assumed" },
      seconds: null,
    });
    // $0.25 and $2 a million.
    expect(cost.likely).toBeCloseTo((1_004 * 0.25 + 100 * 2) / 1e6, 12);
    expect(cost.low).toBeLessThan(cost.likely);
    expect(cost.likely).toBeLessThan(cost.high);
  });

  test("goes by past calls of the same cell: their total, and how sure that is", async () => {
    const history = createCallHistory();
    // 100 characters are 25 tokens, an answer has 40 to 60.
    for (let calls = 0; calls < 21; calls += 1)
      history.add(gpt, topic, past({ characters: 100, input: 25, output: 40 + calls, latency: 2_000 }));
    const estimate = await callerOf({ history }).estimate(
      Array.from({ length: 128 }, (_, row) => ({ ...planned(gpt, "x".repeat(200), { repeat: row }), place: topic })),
    );
    const [model] = estimate.models;
    expect(model).toMatchObject({ calls: 128, basis: { input: "place", output: "place" } });
    expect(model!.input.likely).toBeCloseTo(128 * 50);
    expect(model!.output.likely).toBeCloseTo(128 * 50);
    expect(model!.output.high / model!.output.likely).toBeLessThan(1.15);
    // Two rounds of 64 at once, two seconds each.
    expect(estimate.seconds!.likely).toBeCloseTo(4);
  });

  test("spans from as many at once as may come to be to those at first, at a server that may answer few", async () => {
    const history = createCallHistory();
    const [own, here] = ["ollama/qwen3", { ...topic, cell: "own" }];
    for (let calls = 0; calls < 21; calls += 1) history.add(own, here, past({ latency: 2_000 }));
    const { seconds } = await callerOf({ history }).estimate(
      Array.from({ length: 128 }, (_, row) => ({ ...planned(own, "x", { repeat: row }), place: here })),
    );
    // 64 at once are two rounds of two seconds, two at once 64 of them.
    expect(seconds!.likely).toBeCloseTo(2 * 2);
    expect(seconds!.low).toBeLessThanOrEqual(2 * 2);
    expect(seconds!.high).toBeGreaterThanOrEqual(64 * 2);
  });

  test("says of the tokens of all models what each misses without the others, which is less than all misses together", async () => {
    const history = createCallHistory();
    const names = [gpt, "openai/gpt-5-nano"];
    for (const name of names)
      for (let calls = 1; calls <= 20; calls += 1) history.add(name, topic, past({ output: calls * 10 }));
    const { output, input, models } = await callerOf({ history }).estimate(
      names.flatMap((name) =>
        Array.from({ length: 10 }, (_, repeat) => ({ ...planned(name, "abc", { repeat }), place: topic })),
      ),
    );
    const ofEach = models.map((model) => model.output);
    expect(output.likely).toBeCloseTo(ofEach[0]!.likely + ofEach[1]!.likely);
    expect(output.high - output.likely).toBeLessThan(
      0.8 * ofEach.reduce((sum, { high, likely }) => sum + high - likely, 0),
    );
    expect(input.likely).toBeCloseTo(models[0]!.input.likely + models[1]!.input.likely);
  });

  test("takes calls of another cell for what lengths there are, no more", async () => {
    const history = createCallHistory();
    for (let calls = 1; calls <= 11; calls += 1) history.add(gpt, topic, past({ output: calls * 10 }));
    const elsewhere = { ...topic, cell: "summary" };
    const { models } = await callerOf({ history }).estimate(
      Array.from({ length: 10 }, (_, row) => ({ ...planned(gpt, "abc", { repeat: row }), place: elsewhere })),
    );
    expect(models[0]).toMatchObject({ output: { low: 200, likely: 600, high: 1_000 }, basis: { output: "notebook" } });
  });

  test("counts tokens where there is a tokenizer, and never beyond what answers may have", async () => {
    const history = createCallHistory();
    for (let calls = 0; calls < 20; calls += 1) history.add(gpt, topic, past({ output: 100 }));
    const { models } = await callerOf({
      history,
      countTokens: async (_, calls) => ({ tokens: calls.length * 7, error: 0 }),
    }).estimate(
      Array.from({ length: 10 }, (_, repeat) => ({
        ...planned(gpt, "abc", { repeat, parameters: { max_tokens: 50 } }),
        place: topic,
      })),
    );
    expect(models[0]).toMatchObject({
      input: { low: 70, likely: 70, high: 70 },
      output: { likely: 500, high: 500 },
      basis: { input: "tokenizer", output: "place" },
    });
  });

  test("goes by what past calls were booked with where the tokenizer is far from it, unless it is the model's own", async () => {
    const history = createCallHistory();
    for (let calls = 0; calls < 20; calls += 1) history.add(gpt, topic, past({ characters: 100, input: 1_000 }));
    const inputBy = async (error: number) => {
      const caller = callerOf({ history, countTokens: async (_, calls) => ({ tokens: calls.length * 25, error }) });
      const { models } = await caller.estimate([{ ...planned(gpt, "x".repeat(100)), place: topic }]);
      return [models[0]!.basis.input, Math.round(models[0]!.input.likely)];
    };
    expect(await inputBy(0.02)).toEqual(["place", 1_000]);
    expect(await inputBy(0)).toEqual(["tokenizer", 25]);
  });

  describe("of calls with a schema", () => {
    const schema = { type: "object", properties: { name: { type: "string", description: "x".repeat(2_000) } } };
    const countTokens: CountTokens = async (_, [one]) => ({
      tokens: one!.call.completion === undefined ? 25 : 500,
      error: 0.02,
    });
    const inputOf = async (settings: Partial<CallerSettings>, model = gpt, more: object = { schema }) => {
      const call = { ...planned(model, "x".repeat(100), { parameters: { max_tokens: 1 }, ...more }), place: topic };
      const { basis, input } = (await callerOf(settings).estimate([call])).models[0]!;
      return { basis: basis.input, ...input };
    };

    test("that go beside the texts spans from none to all of its tokens, and does not pass for counted", async () => {
      const { low, likely, high, basis } = await inputOf({ countTokens });
      expect([low, likely, high]).toEqual([24.5, 275, 535.5]);
      expect(basisWords(basis)).toBe("counted without and with its schema");
    });

    test("goes by what its provider made of them in the same cell, as soon as there are any", async () => {
      const history = createCallHistory();
      const size = { characters: 100, schema: JSON.stringify(schema).length };
      for (let calls = 0; calls < 20; calls += 1) history.add(gpt, topic, past({ ...size, input: 300 }));
      // A message of another length changes little beside it.
      const messages = [{ role: "user", content: "x".repeat(200) }];
      const { basis, low, likely, high } = await inputOf({ history, countTokens }, gpt, { schema, messages });
      expect([basis, likely > 300, likely < 320]).toEqual(["place", true, true]);
      expect([low > 250, high < 370]).toEqual([true, true]);
    });

    test("is assumed with all of them where they stand in the words, and else from none of them to all", async () => {
      const [plain, beside, inWords] = await Promise.all([
        inputOf({}, "anthropic/claude-sonnet-4-5", {}),
        inputOf({}, "anthropic/claude-sonnet-4-5"),
        inputOf({}, "anthropic/claude-3-haiku-20240307"),
      ]);
      expect(beside.low).toBe(plain.low);
      expect(beside.high - plain.high).toBeGreaterThan(2_000 / 2.5);
      expect(inWords.low - plain.low).toBeGreaterThan(2_000 / 5);
      expect(inWords.high).toBeLessThanOrEqual(beside.high);
    });

    test("spans from none of them also where what is known is of another cell", async () => {
      const claude = "anthropic/claude-sonnet-4-5";
      const history = createCallHistory();
      for (let calls = 0; calls < 20; calls += 1)
        history.add(claude, { ...topic, cell: "other" }, past({ characters: 100, input: 25 }));
      const [plain, beside] = [await inputOf({ history }, claude, {}), await inputOf({ history }, claude)];
      expect([plain.basis, beside.basis]).toEqual(["notebook", "notebook"]);
      expect(beside.low).toBeCloseTo(plain.low);
      expect(beside.high - plain.high).toBeGreaterThan(2_000 / 4);
    });

    test("learns how long they are from the calls made and from those of the journal", async () => {
      const history = createCallHistory();
      const caller = callerOf({ history });
      const call = { ...planned("echo/text", "four", { schema }), address: { cell: "a", at: {} }, step: 0 };
      await caller.chat(call, { notebook: "a.md", run: "r" });
      const made = { id: 1, key: "k", notebook: "a.md", address: "a", step: 0, run: "r", model: gpt, sentAt: 0 };
      const end = { state: "done", endedAt: 1, text: null, usage: {}, cost: 0, price: null } as const;
      const request = { messages: [{ role: "user", content: "four" }], parameters: {}, schema };
      for (const known of [history.of("echo/text"), createCallHistory([{ ...made, request, end }]).of(gpt)])
        expect(known!.calls).toMatchObject([{ characters: 4, schema: JSON.stringify(schema).length }]);
    });
  });

  test("counts pictures, which no tokenizer does, by what past calls with so many had, also those the journal has", async () => {
    const image = { hash: "a".repeat(64), name: "front.png", mediaType: "image/png", bytes: 10 };
    const pictured = planned(gpt, "What is it?", { images: [image, image], parameters: { max_tokens: 10 } });
    const countTokens = async () => ({ tokens: 4, error: 0 });
    const { cost, models } = await callerOf({ countTokens }).estimate([pictured]);
    expect(models[0]).toMatchObject({ basis: { input: "assumed" } });
    expect(models[0]!.input.likely).toBeGreaterThan(1_500);
    expect(cost.likely).toBeCloseTo((models[0]!.input.likely * 0.25 + 10 * 2) / 1e6, 12);

    const call = {
      ...{ id: 1, key: "k", notebook: "a.md", address: "topic", step: 0, run: "r", model: gpt, sentAt: 0 },
      request: { messages: [{ role: "user", content: "What is it?" }], images: [{ hash: image.hash }] },
      end: {
        ...({ state: "done", endedAt: 1, text: "A card", cost: 0.1, price: null } as const),
        usage: { input: 12_044, output: 1 },
      },
    };
    const history = createCallHistory([call]);
    const { models: learnt } = await callerOf({ history }).estimate([{ ...pictured, place: topic }]);
    // Twice as many pictures.
    expect(learnt[0]!.input.likely).toBeCloseTo(2 * 12_044, -3);
  });

  test("of a call with pictures is what budgets are asked for", async () => {
    const asked: number[] = [];
    const withKey = createModels({ environment: { OPENAI_API_KEY: "test" }, fetch, endpoints: {} });
    const caller = callerOf({
      resolve: withKey.chatModel,
      budgets: {
        bounds: async () => true,
        enter: async (_, { expect }) => {
          asked.push((await expect()).cost);
          throw new Error("none is left");
        },
        spent: async () => {},
      },
    });
    const image = { hash: "a".repeat(64), name: "front.png", mediaType: "image/png", bytes: 10 };
    const ask = (more: Partial<PlannedCall>) =>
      caller.chat(
        {
          ...planned(gpt, "What is it?", { parameters: { max_tokens: 10 }, ...more }),
          ...{ address: { cell: "a", at: {} }, step: 0 },
        },
        { notebook: "a.md", run: "r" },
      );
    await expect(ask({})).rejects.toThrow("none is left");
    await expect(ask({ images: [image, image], imageMessage: 0 })).rejects.toThrow("none is left");
    expect(asked[1]! - asked[0]!).toBeCloseTo((6_000 / 2.5) * (0.25 / 1e6), 9);
  });

  test("counts what the provider had cached in the same cell before, but not on it", async () => {
    const history = createCallHistory();
    const usage = { input: 2_000, cachedInput: 1_000, output: 0 };
    for (let calls = 0; calls < 20; calls += 1) history.add(gpt, topic, { characters: 8_000, usage, latency: 1 });
    const { cost } = await callerOf({ history }).estimate([{ ...planned(gpt, "x".repeat(8_000)), place: topic }]);
    // $0.25 a million, $0.025 where they were cached.
    expect(cost.likely).toBeCloseTo((1_000 * 0.25 + 1_000 * 0.025) / 1e6, 9);
    expect(cost.high).toBeGreaterThan((2_000 * 0.25) / 1e6);
  });

  test("of a sample is that of all the calls it stands for", async () => {
    const history = createCallHistory();
    for (let calls = 0; calls < 20; calls += 1) history.add(gpt, topic, past({ output: 100 }));
    const sample = Array.from({ length: 100 }, (_, row) => ({
      ...planned(gpt, `row ${row % 80}`),
      place: topic,
      times: 50,
    }));
    const estimate = await callerOf({
      history,
      countTokens: async (_, calls) => ({ tokens: calls.length * 7, error: 0 }),
    }).estimate(sample);
    expect(estimate).toMatchObject({ sampled: true, calls: 4_000, equal: 1_000 });
    expect(estimate.models[0]!.input.likely).toBe(4_000 * 7);
    expect(estimate.models[0]!.output.likely).toBeCloseTo(4_000 * 100);
  });

  test("prices long requests by the rates of long ones, however short the others are", async () => {
    const gemini = "gemini/gemini-2.5-pro";
    const lengths = [300_000, 300_000, 10_000, 10_000, 10_000, 10_000];
    const presets = createModels({ environment: { GEMINI_API_KEY: "k" }, fetch, endpoints: {} });
    const { cost } = await callerOf({
      resolve: presets.chatModel,
      countTokens: async (_, calls) => ({
        tokens: calls.reduce((total, { call }) => total + call.messages[0]!.content.length, 0),
        error: 0,
      }),
    }).estimate(
      lengths.map((length, repeat) => planned(gemini, "x".repeat(length), { repeat, parameters: { max_tokens: 1 } })),
    );
    // Beyond 200,000 tokens a million cost $2.50 and not $1.25, the answer $15 and not $10.
    expect(cost.low).toBeCloseTo((600_000 * 2.5 + 40_000 * 1.25 + 2 * 15 + 4 * 10) / 1e6, 4);
    expect(cost.high).toBeCloseTo(cost.low, 12);
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
      sampled: false,
      calls: 0,
      cached: 0,
      equal: 0,
      input: { low: 0, likely: 0, high: 0 },
      output: { low: 0, likely: 0, high: 0 },
      cost: { low: 0, likely: 0, high: 0 },
      unpriced: [],
      seconds: { low: 0, likely: 0, high: 0 },
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
    expect(history.of(gpt)).toEqual({
      from: "model",
      calls: [{ characters: null, usage: { output: 7 }, latency: 500 }],
    });
    const caller = callerOf({ history });
    await caller.chat(
      { ...planned("echo/text", "four"), address: { cell: "a", at: {} }, step: 0 },
      { notebook: "a.md", run: "r" },
    );
    expect(history.of("echo/text")!.calls).toMatchObject([{ characters: 4, usage: { output: 1 } }]);
  });

  test("does not take the hours of a batch for how long its model answers, and its tokens for what they are", async () => {
    const made = { key: "k", notebook: "a.md", address: "topic", step: 0, run: "r", model: gpt, request: null };
    const end = { state: "done", endedAt: 21_600_000, text: null, usage: { output: 7 }, cost: 0 } as const;
    const batched = { ...made, id: 2, sentAt: 0, end: { ...end, price: { batch: 0.5 } } };
    const called = { ...made, id: 1, sentAt: 21_599_000, end: { ...end, price: {} } };
    const seconds = async (past: readonly JournalCall[]) => {
      const estimate = await callerOf({ history: createCallHistory(past) }).estimate([planned(gpt, "a")]);
      return [estimate.seconds, estimate.models[0]!.basis.output];
    };
    expect(await seconds([batched])).toEqual([null, "model"]);
    expect(await seconds([batched, batched, batched, called])).toEqual([{ low: 1, likely: 1, high: 1 }, "model"]);
  });
});

describe("a place", () => {
  test("is a cell of a notebook with its labels, whatever the row and the repeat", () => {
    const at = { triage: "17", shots: "5", repeat: "2" };
    expect(placeOf("a.md", { cell: "triage.topic", at })).toEqual({
      notebook: "a.md",
      cell: "triage.topic",
      variant: "{shots=5}",
    });
  });

  test("has the calls of the nearest there are at least three of", () => {
    const history = createCallHistory();
    const few = { ...topic, variant: "{shots=5}" };
    for (let call = 0; call < 3; call += 1) history.add(gpt, topic, past({ output: call }));
    for (let call = 0; call < 2; call += 1) history.add(gpt, few, past({ output: 10 + call }));
    expect(history.of(gpt, topic)).toMatchObject({ from: "place", calls: [{}, {}, {}] });
    expect(history.of(gpt, few)).toMatchObject({ from: "cell", calls: [{}, {}, {}, {}, {}] });
    expect(history.of(gpt, { ...topic, cell: "other" })?.from).toBe("notebook");
    expect(history.of(gpt, { ...topic, notebook: "b.md" })?.from).toBe("model");
    expect(history.of("openai/gpt-5", topic)).toBeNull();
  });

  test("counts a repair of an answer with the call it repairs, where it was made now as where the journal has it", () => {
    const end = { state: "done", endedAt: 500, text: null, cost: 0, price: null } as const;
    const made = (id: number, step: number, output: number) => ({
      ...{ id, key: `${id}`, notebook: "a.md", address: "topic{rows=1}", step, run: "r", model: gpt, request: null },
      sentAt: 0,
      end: { ...end, usage: { output } },
    });
    const history = createCallHistory([made(2, 1, 30), made(1, 0, 100)]);
    history.add(gpt, topic, past({ output: 50 }), { address: "topic{rows=2}", step: 0 });
    history.add(gpt, topic, past({ output: 7 }), { address: "topic{rows=2}", step: 1 });
    expect(history.of(gpt)!.calls.map(({ usage }) => usage.output)).toEqual([130, 57]);
  });

  test("counts a turn of a conversation, which is of no run, by itself", async () => {
    const history = createCallHistory();
    const caller = callerOf({ history });
    for (const [step, run] of [
      [0, "r"],
      [1, ""],
      [1, "r"],
    ] as const)
      await caller.chat(
        { ...planned("echo/text", `${run}${step}`), address: { cell: "a", at: {} }, step },
        { notebook: "a.md", run },
      );
    expect(history.of("echo/text")!.calls).toHaveLength(2);
  });

  test("of a cell has none of the turns of a conversation that go on from its answers", async () => {
    const end = { state: "done", endedAt: 500, text: null, cost: 0, price: null, usage: { output: 2_000 } } as const;
    const turn = { key: "k", notebook: "a.md", address: "topic", step: 1, run: "", model: gpt, request: null };
    const history = createCallHistory([1, 2, 3].map((id) => ({ ...turn, id, sentAt: 0, end })));
    expect(history.of(gpt, topic)!.from).toBe("notebook");
    const caller = callerOf({ history });
    for (const text of ["a", "b", "c"])
      await caller.chat(
        { ...planned("echo/text", text), address: { cell: "topic", at: {} }, step: 1 },
        { notebook: "a.md", run: "" },
      );
    expect(history.of("echo/text", topic)!.from).toBe("notebook");
  });

  test("remembers the latest calls and no more than it is told to", () => {
    const history = createCallHistory([], 5);
    for (let call = 0; call < 100; call += 1) history.add(gpt, topic, past({ output: call }));
    expect(history.of(gpt, topic)!.calls.map(({ usage }) => usage.output)).toEqual([95, 96, 97, 98, 99]);
  });
});
