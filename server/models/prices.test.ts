import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import type { OwnPrices } from "./own-rates.ts";
import { createPrices } from "./prices.ts";

const openai = {
  name: "openai/gpt-5-mini",
  identity: { provider: "openai", baseUrl: "https://api.openai.com/v1" },
  effect: "paid",
} as const;
const gemini = "https://generativelanguage.googleapis.com/v1beta/openai";
const at = Date.UTC(2026, 0, 15);

describe("the price of a call", () => {
  test("is genai-prices' of the model and time, with what it rests on", async () => {
    const { cost, price } = await createPrices()(openai, { input: 1_000, output: 100, cachedInput: 200 }, at);
    // 800 at $0.25, 200 at $0.025 and 100 at $2 a million.
    expect(cost).toBeCloseTo(0.000405, 10);
    expect(price).toMatchObject({
      source: "genai-prices",
      provider: "openai",
      model: "gpt-5-mini",
      at: "2026-01-15T00:00:00.000Z",
    });
  });

  test("is that of the model that really answered, where it is known", async () => {
    const usage = { input: 1_000, output: 100 };
    const answered = await createPrices()(openai, usage, at, "gpt-5-2025-08-07");
    expect(answered.price).toMatchObject({ model: "gpt-5" });
    const unknown = await createPrices()(openai, usage, at, "something-else");
    expect(unknown.price).toMatchObject({ model: "gpt-5-mini" });
  });

  test("counts Anthropic's cached and written tokens at their rates", async () => {
    const anthropic = {
      name: "anthropic/claude-sonnet-4-5",
      identity: { provider: "anthropic", baseUrl: "http://127.0.0.1:1" },
      effect: "paid",
    } as const;
    const usage = { input: 1_000, output: 100, cachedInput: 300, cacheWrite: 200 };
    const expected = calcPrice(
      { input_tokens: 1_000, output_tokens: 100, cache_read_tokens: 300, cache_write_tokens: 200 },
      "claude-sonnet-4-5",
      { providerId: "anthropic", timestamp: new Date(at) },
    );
    expect((await createPrices()(anthropic, usage, at)).cost).toBe(expected?.total_price);
    expect(expected?.total_price).toBeGreaterThan(0);
  });

  test("counts what is kept for an hour in Anthropic's cache at its own rate", async () => {
    const sonnet = {
      name: "anthropic/claude-sonnet-4-5",
      identity: { provider: "anthropic", baseUrl: "http://127.0.0.1:1" },
      effect: "paid",
    } as const;
    // 1,000 at $3, 300 at $0.3, 200 at $6 instead of $3.75, and 100 at $15 a million.
    const usage = { input: 1_500, output: 100, cachedInput: 300, cacheWrite: 200, hourCacheWrite: 200 };
    expect((await createPrices()(sonnet, usage, at)).cost).toBeCloseTo(0.00579, 10);
    expect((await createPrices()(sonnet, { ...usage, hourCacheWrite: 100 }, at)).cost).toBeCloseTo(0.005565, 10);
    // The workspace's own rates have one for all that is written.
    const rates = { input: 1, output: 0, cacheWrite: 2 };
    const own = createPrices(() => ({ models: { [sonnet.name]: [{ from: null, rates }] }, problem: null }));
    expect((await own(sonnet, usage, at)).cost).toBeCloseTo(0.0017, 10);
  });

  test("counts sound and pictures at their rates, where a model has such", async () => {
    const of = (name: string) => ({ name, identity: { provider: "google", baseUrl: gemini }, effect: "paid" }) as const;
    const heard = { input: 1_000_000, output: 10, audio: 500_000 };
    // Half at $0.3 and half at $1 a million, and 10 at $2.5.
    expect((await createPrices()(of("gemini/gemini-2.5-flash"), heard, at)).cost).toBeCloseTo(0.650_025, 10);
    const drawn = { input: 100, output: 1_000_000, image: 900_000, outputImage: 900_000 };
    expect((await createPrices()(of("gemini/gemini-2.5-flash-image"), drawn, at)).cost).toBeCloseTo(27.250_03, 10);
    const plain = await createPrices()(openai, { input: 1_000, output: 100 }, at);
    expect((await createPrices()(openai, { input: 1_000, output: 100, audio: 50 }, at)).cost).toBe(plain.cost);
    // Which of the sound was cached nobody says: it may be dear or cheap.
    expect(
      (await createPrices()(of("gemini/gemini-2.5-flash"), { ...heard, cachedInput: 700_000 }, at)).cost,
    ).toBeNull();
  });

  test.each([
    ["2026-07-29", { input: 100_000, cachedInput: 10_000, cacheWrite: 10_000, output: 1_000 }, 0.0995],
    ["2026-07-29", { input: 300_000, cachedInput: 100_000, output: 1_000 }, 0.429],
    ["2026-07-30", { input: 100_000, cachedInput: 10_000, cacheWrite: 10_000, output: 1_000 }, 0.0199],
    ["2026-07-30", { input: 300_000, cachedInput: 100_000, output: 1_000 }, 0.0858],
  ])("is that of the day and of the tier: %s, %o, $%f", async (day, usage, cost) => {
    // gpt-5.6-luna as genai-prices' tests have it: tiers from 272,000 tokens, and a change of price on 30 July 2026.
    const luna = { ...openai, name: "openai/gpt-5.6-luna" };
    expect((await createPrices()(luna, usage, Date.parse(`${day}T00:00:00Z`))).cost).toBeCloseTo(cost, 10);
  });

  test("of a compatible server is that of the provider at its address", async () => {
    const groq = {
      name: "groq/llama-3.3-70b-versatile",
      identity: { provider: "openai-compatible", baseUrl: "https://api.groq.com/openai/v1" },
      effect: "paid",
    } as const;
    expect((await createPrices()(groq, { input: 1_000, output: 100 }, at)).price).toMatchObject({ provider: "groq" });
  });

  test("is unknown, and not 0, for an unknown model, an unknown server, or without counts", async () => {
    const prices = createPrices();
    const usage = { input: 1_000, output: 100 };
    const server = {
      ...openai,
      name: "here/gpt-5-mini",
      identity: { provider: "openai-compatible", baseUrl: "https://example.com/v1" },
    };
    for (const price of [
      await prices({ ...openai, name: "openai/no-such-model" }, usage, at),
      await prices(server, usage, at),
      await prices(openai, {}, at),
      await prices(openai, { input: 5 }, at),
    ]) {
      expect(price.cost).toBeNull();
      expect(price.price).toMatchObject({ source: null, reason: expect.stringMatching(/\w/) });
    }
  });

  test("is unknown where the provider's counts contradict each other, and nothing throws", async () => {
    const { cost, price } = await createPrices()(openai, { input: 100, output: 10, cachedInput: 5_000 }, at);
    expect(cost).toBeNull();
    expect(price).toMatchObject({ source: null, reason: expect.stringMatching(/\w/) });
  });

  test("is 0 for models that cost only time, whatever they counted", async () => {
    expect(await createPrices()({ name: "echo/text", identity: {}, effect: "model" }, {}, at)).toEqual({
      cost: 0,
      price: { source: "free" },
    });
  });

  describe("by the workspace's own rates", () => {
    const march = Date.UTC(2026, 2, 1);
    const own: OwnPrices = {
      problem: null,
      models: {
        "openai/gpt-5-mini": [
          { from: march, rates: { input: 1, output: 2, cachedInput: 0.5, cacheWrite: 1.25 } },
          { from: Date.UTC(2026, 5, 1), rates: { input: 10, output: 20 } },
        ],
        "local/any": [{ from: null, rates: { input: 0.1, output: 0.1 } }],
      },
    };
    const prices = createPrices(() => own);
    const million = { input: 1_000_000, output: 1_000_000 };

    test("is that of the day of the call: before the first of them the list's, and on a day the one from it on", async () => {
      const costs = [];
      for (const time of [march - 1, march, Date.UTC(2026, 5, 1) - 1, Date.UTC(2026, 5, 1)])
        costs.push((await prices(openai, million, time)).cost);
      expect(costs).toEqual([2.25, 3, 3, 30]);
    });

    test("says so, with the rates and since when they hold", async () => {
      expect((await prices(openai, million, march)).price).toEqual({
        source: "workspace",
        since: "2026-03-01T00:00:00.000Z",
        rates: { input: 1, output: 2, cachedInput: 0.5, cacheWrite: 1.25 },
      });
      expect((await prices(openai, million, march - 1)).price).toMatchObject({ source: "genai-prices" });
    });

    test("counts cached and written tokens at their rates, and at the input's where they have none", async () => {
      const usage = { ...million, cachedInput: 400_000, cacheWrite: 200_000 };
      expect((await prices(openai, usage, march)).cost).toBeCloseTo(0.4 + 0.4 * 0.5 + 0.2 * 1.25 + 2, 10);
      expect((await prices(openai, usage, Date.UTC(2026, 6, 1))).cost).toBeCloseTo(30, 10);
    });

    test("holds for models that cost only time too", async () => {
      const local = { name: "local/any", identity: {}, effect: "model" } as const;
      expect((await prices(local, million, at)).cost).toBeCloseTo(0.2, 10);
    });

    test("is unknown without both counts, with counts that contradict each other, and where its file cannot be read", async () => {
      const unreadable = createPrices(() => ({ models: null, problem: "prices.yaml cannot be read" }));
      for (const [rates, usage] of [
        [prices, { input: 5 }],
        [prices, { input: 5, output: 5, cachedInput: 6 }],
        [unreadable, million],
      ] as const)
        expect(await rates(openai, usage, march)).toMatchObject({ cost: null, price: { source: null } });
      expect((await unreadable({ name: "echo/text", identity: {}, effect: "model" }, million, at)).cost).toBe(0);
    });
  });
});
