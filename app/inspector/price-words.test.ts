import { expect, test } from "vitest";
import { priceWords } from "./price-words.ts";

const usage = { input: 1000, output: 50, cachedInput: 400 };

test("a list price has a line for each sort of token, cached ones at their own rate", () => {
  const rates = { input_mtok: 0.25, output_mtok: 2, cache_read_mtok: 0.025 };
  const at = "2026-11-29T10:00:00.000Z";
  expect(priceWords({ source: "genai-prices", provider: "openai", model: "gpt-5-mini", at, rates }, usage)).toEqual({
    lines: [
      { what: "in", tokens: 600, rate: 0.25 },
      { what: "in, from the provider's cache", tokens: 400, rate: 0.025 },
      { what: "out", tokens: 50, rate: 2 },
    ],
    source: "List price of gpt-5-mini at openai, as of 2026-11-29 (genai-prices).",
  });
});

test("sound and pictures have lines of their own where they have a rate of their own", () => {
  const rates = { input_mtok: 0.3, output_mtok: 2.5, input_audio_mtok: 1, output_image_mtok: 30 };
  const heard = { input: 100, output: 50, audio: 40, outputAudio: 5, image: 20, outputImage: 10 };
  expect(priceWords({ source: "genai-prices", rates }, heard).lines).toEqual([
    { what: "in", tokens: 65, rate: 0.3 },
    { what: "in, of sound", tokens: 35, rate: 1 },
    { what: "out", tokens: 40, rate: 2.5 },
    { what: "out, of pictures", tokens: 10, rate: 30 },
  ]);
});

test("what the provider keeps for an hour has a line of its own where it has a rate of its own", () => {
  const rates = { input_mtok: 3, output_mtok: 15, cache_write_mtok: 3.75, cache_write_1h_mtok: 6 };
  const written = { input: 1_000, output: 100, cacheWrite: 500, hourCacheWrite: 200 };
  expect(priceWords({ source: "genai-prices", rates }, written).lines).toEqual([
    { what: "in", tokens: 500, rate: 3 },
    { what: "in, written to the provider's cache", tokens: 300, rate: 3.75 },
    { what: "in, written to the provider's cache for an hour", tokens: 200, rate: 6 },
    { what: "out", tokens: 100, rate: 15 },
  ]);
  expect(priceWords({ source: "workspace", rates: { input: 3, output: 15, cacheWrite: 4 } }, written).lines[1]).toEqual(
    { what: "in, written to the provider's cache", tokens: 500, rate: 4 },
  );
});

test("rates of the workspace hold for cached tokens too where they say nothing else", () => {
  expect(priceWords({ source: "workspace", rates: { input: 1, output: 3 } }, usage).lines).toEqual([
    { what: "in", tokens: 600, rate: 1 },
    { what: "in, from the provider's cache", tokens: 400, rate: 1 },
    { what: "out", tokens: 50, rate: 3 },
  ]);
});

test.each([
  [
    200_000,
    [
      { what: "in, up to 200,000 tokens read", tokens: 190_000, rate: 3 },
      { what: "in, from the provider's cache, up to 200,000 tokens read", tokens: 10_000, rate: 0.3 },
      { what: "out", tokens: 1_000, rate: 15 },
    ],
  ],
  [
    200_001,
    [
      { what: "in, beyond 200,000 tokens read", tokens: 190_001, rate: 6 },
      { what: "in, from the provider's cache, beyond 200,000 tokens read", tokens: 10_000, rate: 0.6 },
      { what: "out", tokens: 1_000, rate: 15 },
    ],
  ],
])("a rate with steps is the one that held for so long a request, and says which: %d tokens", (input, lines) => {
  const steps = (base: number) => ({ base, tiers: [{ start: 200_000, price: base * 2 }] });
  const rates = { input_mtok: steps(3), cache_read_mtok: steps(0.3), output_mtok: 15 };
  const long = { input, cachedInput: 10_000, output: 1_000 };
  expect(priceWords({ source: "genai-prices", rates }, long).lines).toEqual(lines);
});

test("a rate with steps that nobody can read is said to be none to multiply by", () => {
  const rates = { input_mtok: { base: "?" }, output_mtok: 2 };
  expect(priceWords({ source: "genai-prices", rates }, { input: 10, output: 1 }).lines[0]).toMatchObject({
    rate: null,
  });
});

test("what is free, refused or unpriced says why", () => {
  expect(priceWords({ source: "free" }, usage).source).toMatch(/^Free/);
  expect(priceWords({ source: "refused" }, usage).source).toMatch(/^Refused/);
  expect(priceWords({ source: null, reason: "no price is known for x/y" }, usage).source).toBe(
    "Unpriced: no price is known for x/y.",
  );
  expect(priceWords(null, usage).source).toMatch(/not kept/);
});

test("attempts before the answer that may have been billed are said", () => {
  const rates = { input: 1, output: 3 };
  expect(priceWords({ source: "workspace", rates, uncertainAttempts: 1 }, { input: 1, output: 1 }).uncertain).toBe(
    "Before it, one attempt failed that may have been billed too; it is not counted.",
  );
  expect(priceWords({ source: "workspace", rates, uncertainAttempts: 3 }, { input: 1, output: 1 }).uncertain).toBe(
    "Before it, 3 attempts failed that may have been billed too; they are not counted.",
  );
  expect(priceWords({ source: "workspace", rates }, { input: 1, output: 1 })).not.toHaveProperty("uncertain");
});
