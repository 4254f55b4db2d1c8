import { hash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { embeddingProvider, type EmbeddingProvider } from "./__fixtures__/embedding-provider.ts";
import { memoryJournal, type MemoryJournal } from "./__fixtures__/memory-journal.ts";
import type { BoundedCost, SpendingBounds } from "./bounded.ts";
import { createCalling } from "./calling/create-calling.ts";
import { createEmbeddingCaller, type EmbeddingCaller } from "./embedding-caller.ts";
import { createModels } from "./index.ts";
import { createPrices } from "./prices.ts";
import { WaitingError } from "./waiting-error.ts";

const model = "openai/text-embedding-3-small";
const context = { notebook: "a.md", run: "run-1" };
const address = { cell: "near", at: {} };

let provider: EmbeddingProvider;
let journal: MemoryJournal;
let slept: number[];
let time: number;

function callerWith(environment: { readonly [name: string]: string }, budgets?: SpendingBounds): EmbeddingCaller {
  const models = createModels({ environment, fetch: provider.fetch, endpoints: {} });
  // One that would wait for ever: a time limit is not what is looked at.
  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    milliseconds >= 30_000
      ? new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)))
      : Promise.resolve(void (slept.push(milliseconds), (time += milliseconds)));
  return createEmbeddingCaller({
    resolve: (name) => models.embeddingModel(name),
    journal,
    clock: () => time,
    prices: createPrices(),
    calling: createCalling({ timers: { now: () => time, sleep }, random: () => 0 }),
    ...(budgets === undefined ? {} : { budgets }),
  });
}

const keyed = { OPENAI_API_KEY: "test" };

beforeEach(() => {
  provider = embeddingProvider();
  journal = memoryJournal();
  slept = [];
  time = Date.parse("2026-01-02");
});

describe("texts for a model behind an address", () => {
  test("go out in requests of 256, each in the journal before and after, priced, without its texts", async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`);
    const { vectors, usage } = await callerWith(keyed).embed({ model, texts, address }, context);
    expect(provider.requests.map(({ length }) => length)).toEqual([256, 44]);
    expect([vectors.length, usage]).toEqual([300, { input: 600 }]);
    expect(journal.log).toEqual(["begin 0", "finish 0 done", "begin 1", "finish 1 done"]);
    const [first] = journal.calls;
    expect(first).toMatchObject({
      intent: {
        ...context,
        address: "near",
        model,
        request: { embedding: { texts: 256, characters: texts.slice(0, 256).join("").length } },
      },
      end: {
        text: "",
        usage: { input: 512, output: 0 },
        answeredBy: "text-embedding-3-small",
        requestId: "request-1",
        price: { source: "genai-prices" },
      },
    });
    // $0.02 for a million tokens.
    expect(first!.end!.cost).toBeCloseTo((512 * 0.02) / 1_000_000, 12);
    expect(JSON.stringify(journal.calls)).not.toContain("message 7");
  });

  test.each([
    ["429", () => Response.json({ error: { message: "slower" } }, { status: 429, headers: { "retry-after": "2" } })],
    ["a 503", () => Response.json({ error: { message: "busy" } }, { status: 503 })],
    ["a broken connection", () => Promise.reject(new TypeError("fetch failed"))],
  ])("are sent again after %s, as one call of the journal with its attempts", async (fault, answer) => {
    provider.faults.push(answer, answer);
    const { vectors } = await callerWith(keyed).embed({ model, texts: ["a"], address }, context);
    expect([vectors.length, provider.requests.length, journal.calls.length]).toEqual([1, 3, 1]);
    expect(journal.calls[0]!.end!.attempts).toHaveLength(2);
    if (fault === "429") expect(Math.max(...slept)).toBeGreaterThanOrEqual(2_000);
  });

  test("go out with the keys of the account in turns, and with another where one is refused", async () => {
    const caller = callerWith({ OPENAI_API_KEY: "first,second" });
    for (const text of ["a", "b"]) await caller.embed({ model, texts: [text], address }, context);
    expect(journal.calls.map(({ end }) => [end!.keyNumber, end!.keyHash])).toEqual([
      [1, hash("sha256", "first").slice(0, 8)],
      [2, hash("sha256", "second").slice(0, 8)],
    ]);
    provider.faults.push(() => Response.json({ error: { message: "revoked" } }, { status: 401 }));
    await caller.embed({ model, texts: ["c"], address }, context);
    expect(journal.calls[2]).toMatchObject({ end: { state: "done", keyNumber: 2, attempts: [{ key: 1 }] } });
  });

  test("that are refused are an error with the provider's words, and cost nothing", async () => {
    const headers = { "x-request-id": "request-0" };
    provider.faults.push(() => Response.json({ error: { message: "no such model" } }, { status: 404, headers }));
    const failed = callerWith(keyed).embed({ model, texts: ["a"], address }, context);
    await expect(failed).rejects.toMatchObject({ code: "model.not-found", facts: { call: { cost: 0 } } });
    expect(journal.calls).toMatchObject([
      { end: { state: "failed", cost: 0, requestId: "request-0", response: { http_status: 404 } } },
    ]);
  });

  test.each([
    ["breaks off", '{"data":['],
    ["has no vectors", '{"data":[]}'],
    ["is an error all the same", '{"error":{"message":"no"}}'],
  ])("have the request's id in the journal where the answer %s", async (_, body) => {
    const answer = () => Promise.resolve(new Response(body, { headers: { "x-request-id": "request-0" } }));
    provider.faults.push(answer, answer, answer);
    await callerWith(keyed)
      .embed({ model, texts: ["a"], address }, context)
      .catch(() => undefined);
    expect(journal.calls).toMatchObject([{ end: { requestId: "request-0" } }]);
  });

  test("have all in the journal that the provider said, but for the vectors, and so a price of the tier it says", async () => {
    const said = {
      object: "list",
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 5, total_tokens: 5 },
      id: "e1",
    };
    const data = [{ object: "embedding", index: 0, embedding: [0.25, 0.5] }];
    provider.faults.push(
      () => Response.json({ ...said, data }),
      () => Response.json({ ...said, data, service_tier: "priority" }),
    );
    const caller = callerWith(keyed);
    for (const text of ["a", "b"]) await caller.embed({ model, texts: [text], address }, context);
    expect(journal.calls.map(({ end }) => end)).toMatchObject([
      { response: said, price: { source: "genai-prices" } },
      { cost: null, price: { reason: expect.stringContaining("priority") } },
    ]);
    expect(JSON.stringify(journal.calls)).not.toMatch(/embedding":\[|0\.25/);
  });

  test("are in the journal without a key that the provider sends back", async () => {
    const headers = { "x-request-id": "r of Bearer sk-secret" };
    const body = { model: "m of sk-secret", data: [{ embedding: [1] }], usage: { prompt_tokens: 1 } };
    provider.faults.push(() => Response.json(body, { headers }));
    await callerWith({ OPENAI_API_KEY: "sk-secret" }).embed({ model, texts: ["a"], address }, context);
    expect(journal.calls[0]).toMatchObject({ end: { requestId: "r of Bearer [key]", answeredBy: "m of [key]" } });
  });

  test("have no price where the provider does not count them", async () => {
    provider.counts = false;
    const { usage } = await callerWith(keyed).embed({ model, texts: ["a"], address }, context);
    expect([usage, journal.calls[0]!.end!.cost]).toEqual([{}, null]);
  });

  test("are in no journal where the key is missing", async () => {
    const failed = callerWith({}).embed({ model, texts: ["a"], address }, context);
    await expect(failed).rejects.toMatchObject({ code: "model.no-key" });
    expect([journal.calls, provider.requests]).toEqual([[], []]);
  });

  test("wait for a budget that holds for all, which is told what they may cost and what they did", async () => {
    const told: (BoundedCost | number | null)[] = [];
    let isOpen = true;
    const budgets: SpendingBounds = {
      bounds: async () => true,
      async enter(_, { expect }) {
        told.push(await expect());
        if (!isOpen) throw new WaitingError({ reason: "budget", subject: "day", message: "spent" });
        return { mayLeave: () => true, leave: () => {} };
      },
      spent: async (_, { end }) => void told.push(end.cost),
    };
    const caller = callerWith(keyed, budgets);
    await caller.embed({ model, texts: ["a".repeat(1_000)], address }, context);
    expect(told).toMatchObject([{ by: "its model" }, expect.closeTo((2 * 0.02) / 1_000_000, 12)]);
    // A token has 2.5 characters at the least.
    expect((told[0] as BoundedCost).cost).toBeCloseTo((400 * 0.02) / 1_000_000, 12);
    isOpen = false;
    await expect(caller.embed({ model, texts: ["b"], address }, context)).rejects.toThrow(WaitingError);
    expect(provider.requests).toHaveLength(1);
  });
});
