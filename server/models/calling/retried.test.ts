import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text, type Step } from "../__fixtures__/scripted-model.ts";
import { ModelError, type ModelErrorFacts } from "../model-error.ts";
import type { ChatModel, ChatRequest, StreamPart } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { retried } from "./retried.ts";

const request: ChatRequest = { messages: [], parameters: {}, sending: { priority: "batch" } };
const overloaded = (facts: ModelErrorFacts = {}): ModelError =>
  new ModelError("model.overloaded", "Busy (HTTP 529): come back", { retryable: true, ...facts });

/** A model that plays one list of steps an attempt, the last one again and again. */
function attempts(...scripts: (readonly Step[])[]): ChatModel & { readonly sentAt: number[] } {
  const sentAt: number[] = [];
  return {
    ...scriptedModel([]),
    sentAt,
    stream(...given) {
      sentAt.push(time.now());
      return scriptedModel(scripts[Math.min(sentAt.length, scripts.length) - 1]!).stream(...given);
    },
  };
}

let time = virtualTime();

async function read(
  model: ChatModel,
  { random = (): number => 0.5, budget = createRetryBudget(), signal = live(), sent = request } = {},
): Promise<{ parts: StreamPart[]; thrown?: unknown; waits: number[] }> {
  const parts: StreamPart[] = [];
  const started = time.now();
  const reading = (async () => {
    for await (const part of retried({ timers: time, random, budgetOf: () => budget })(model).stream(sent, signal))
      parts.push(part);
  })();
  const failed = reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await time.run();
  const thrown = await failed;
  const { sentAt } = model as { sentAt?: number[] };
  const waits = (sentAt ?? []).map((at, index, all) => at - (all[index - 1] ?? started)).slice(1);
  return { parts, waits, ...(thrown === undefined ? {} : { thrown }) };
}

describe("a request that fails", () => {
  test("is sent again, and what was tried is part of the answer", async () => {
    time = virtualTime();
    const { parts, waits } = await read(attempts([overloaded()], [overloaded()], [text("Hello"), finish]));
    expect(parts).toMatchObject([
      { type: "attempt", attempt: { code: "model.overloaded", message: "Busy (HTTP 529): come back", waited: 250 } },
      { type: "attempt", attempt: { waited: 500 } },
      text("Hello"),
      finish,
    ]);
    expect(waits).toEqual([250, 500]);
  });

  test("waits a random part of a time that doubles up to 32 s", async () => {
    time = virtualTime();
    expect((await read(attempts([overloaded()]), { random: () => 1 })).waits).toEqual([
      500, 1_000, 2_000, 4_000, 8_000,
    ]);
    time = virtualTime();
    expect((await read(attempts([overloaded()]), { random: () => 0 })).waits).toEqual([0, 0, 0, 0, 0]);
  });

  test("ends after six attempts with the provider's own words", async () => {
    time = virtualTime();
    const { thrown, parts } = await read(attempts([overloaded()]));
    expect(thrown).toMatchObject({ message: "Busy (HTTP 529): come back" });
    expect(parts).toHaveLength(5);
  });

  test("ends after three where somebody waits for it", async () => {
    time = virtualTime();
    const model = attempts([overloaded()]);
    await read(model, { sent: { messages: [], parameters: {} } });
    expect(model.sentAt).toHaveLength(3);
  });

  test.each<[string, readonly Step[]]>([
    ["after text", [text("Hel"), overloaded()]],
    ["after reasoning", [{ type: "reasoning", text: "hm" }, overloaded()]],
    ["for a mistake of the request", [new ModelError("model.bad-request", "no", { retryable: false })]],
    ["for what is no error of a model", [new Error("a bug")]],
    ["where the provider says not to", [overloaded({ shouldRetry: false })]],
  ])("is not sent again %s", async (_, steps) => {
    time = virtualTime();
    const model = attempts(steps);
    expect((await read(model)).thrown).toBe(steps.at(-1));
    expect(model.sentAt).toHaveLength(1);
  });

  test("is sent again where the provider says so, whatever the status", async () => {
    time = virtualTime();
    const model = attempts([new ModelError("model.bad-request", "no", { shouldRetry: true })], [finish]);
    expect((await read(model)).thrown).toBeUndefined();
  });

  test("leaves where it is cancelled while it waits", async () => {
    time = virtualTime();
    const controller = new AbortController();
    const reason = new Error("stop");
    const model = attempts([overloaded({ retryAfter: 50_000 })], [finish]);
    void time.sleep(10_000).then(() => controller.abort(reason));
    expect((await read(model, { signal: controller.signal })).thrown).toBe(reason);
    expect(model.sentAt).toHaveLength(1);
  });
});

describe("the time a provider asks for", () => {
  test.each<[string, ModelErrorFacts, number]>([
    ["seconds", { retryAfter: 20_000 }, 20_500],
    ["a date", { retryAt: 1_000_000 + 30_000 }, 30_500],
    ["a date that is past: as if it said nothing", { retryAt: 1 }, 250],
    ["0: as if it said nothing", { retryAfter: 0 }, 250],
    ["less than would be waited without it: as if it said nothing", { retryAfter: 100 }, 250],
    ["hardly more than that", { retryAfter: 300 }, 315],
  ])("is waited for: %s", async (_, facts, wait) => {
    time = virtualTime();
    expect((await read(attempts([overloaded(facts)], [finish]))).waits).toEqual([wait]);
  });

  test("is the least that is waited: one that is next to nothing, said again and again, lets the waits double", async () => {
    time = virtualTime();
    expect((await read(attempts([overloaded({ retryAfter: 0 })]))).waits).toEqual([250, 500, 1_000, 2_000, 4_000]);
    time = virtualTime();
    expect((await read(attempts([overloaded({ retryAfter: 1_000 })]))).waits).toEqual([
      1_050, 1_050, 1_050, 2_000, 4_000,
    ]);
  });

  test("is not waited for where it is longer than a minute", async () => {
    time = virtualTime();
    const model = attempts([overloaded({ retryAfter: 3_600_000 })], [finish]);
    expect((await read(model)).thrown).toMatchObject({ facts: { retryAfter: 3_600_000 } });
  });
});

describe("the budget of a provider", () => {
  test("lets an outage be asked 20 times more than there are requests, and no more", async () => {
    time = virtualTime();
    const budget = createRetryBudget();
    const model = attempts([overloaded()]);
    for (let requests = 0; requests < 50; requests += 1) await read(model, { budget });
    expect(model.sentAt).toHaveLength(70);
  });

  test("grows by half an attempt a success, up to 100", async () => {
    const budget = createRetryBudget({ initial: 0 });
    expect(budget.take()).toBe(false);
    budget.earn();
    expect(budget.take()).toBe(false);
    budget.earn();
    expect(budget.take()).toBe(true);
    for (let successes = 0; successes < 1_000; successes += 1) budget.earn();
    expect(Array.from({ length: 1_000 }, () => budget.take()).filter(Boolean)).toHaveLength(100);
  });
});
