import { describe, expect, test } from "vitest";
import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import { capabilityWords, rateText, tokensText } from "./capability-words";
import { sortedModels } from "./sorted-models";

const model = (name: string, more: Partial<CatalogueModel> = {}): CatalogueModel => ({
  name,
  capabilities: {},
  saidBy: {},
  sources: {},
  price: null,
  ...more,
});

describe("what a model can do", () => {
  test("is said in words with who says it, and what nobody says is not said", () => {
    const known = model("deepseek/deepseek-chat", {
      capabilities: { chat: true, images: false, jsonSchema: false, reasoning: true },
      saidBy: { chat: "provider", images: "workspace", jsonSchema: "documentation", reasoning: "provider" },
      sources: { jsonSchema: { source: "https://api-docs.deepseek.com/guides/json_mode", read: "2026-06" } },
    });
    expect(capabilityWords(known).map(({ word, lacks, tip }) => [word, lacks, tip.split(". ").at(-1)])).toEqual([
      ["text only", true, "This workspace says so."],
      ["schema in words", true, "Documented at api-docs.deepseek.com/guides/json_mode, 2026-06."],
      ["reasoning", false, "Its provider's list says so."],
    ]);
    expect(capabilityWords(model("a/b"))).toEqual([]);
  });

  test("says of one that embeds no more than that", () => {
    const embeds = {
      capabilities: { chat: false, embeddings: true },
      saidBy: { chat: "file", embeddings: "file" },
    } as const;
    expect(capabilityWords(model("a/b", embeds)).map(({ word }) => word)).toEqual(["embeddings"]);
  });
});

test.each([
  [4_096, "4,096"],
  [131_072, "128k"],
  [128_000, "128k"],
  [200_000, "200k"],
  [1_048_576, "1.05M"],
  [1_000_000, "1M"],
])("a context of %i tokens is %s", (tokens, text) => {
  expect(tokensText(tokens)).toBe(text);
});

test.each([
  [undefined, "–"],
  [0, "free"],
  [0.5, "$0.50"],
  [15, "$15"],
  [0.0375, "$0.037"],
])("a price of %d a million is %s", (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

describe("the list of models", () => {
  const models = [
    model("b/large", { price: { input: 3, output: 15 }, capabilities: { contextLength: 200_000 } }),
    model("a/small", { price: { input: 0, output: 0 }, listedContext: 8_000 }),
    model("c/unknown", { capabilities: { images: true }, saidBy: { images: "provider" } }),
  ];
  const names = (...given: [string, "name" | "context" | "input" | "output", boolean]): readonly string[] =>
    sortedModels(models, ...given).map(({ name }) => name);

  test("is in the order that is asked for, with what is not known last either way", () => {
    expect(names("", "name", false)).toEqual(["a/small", "b/large", "c/unknown"]);
    expect(names("", "input", false)).toEqual(["a/small", "b/large", "c/unknown"]);
    expect(names("", "input", true)).toEqual(["b/large", "a/small", "c/unknown"]);
    expect(names("", "context", true)).toEqual(["b/large", "a/small", "c/unknown"]);
  });

  test("has those all of whose words are typed, of their names or of what they can do", () => {
    expect(names("IMAG c/", "name", false)).toEqual(["c/unknown"]);
    expect(names("large images", "name", false)).toEqual([]);
  });
});
