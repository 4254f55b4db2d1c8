import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { embeddingKey } from "./embedding-key.ts";
import { createModels } from "./index.ts";
import type { EmbeddingModel } from "./model.ts";

interface Golden {
  readonly release: string;
  readonly model: Pick<EmbeddingModel, "name" | "identity">;
  readonly texts: readonly string[];
  readonly key: string;
}

const goldens = JSON.parse(
  readFileSync(new URL("__fixtures__/embedding-keys.json", import.meta.url), "utf8"),
) as Golden[];

const models = createModels({
  environment: { OPENAI_API_KEY: "sk-test-key" },
  fetch,
  endpoints: { here: { baseUrl: "http://127.0.0.1:8000/v1" } },
});
const model = { name: "openai/small", identity: { provider: "openai", baseUrl: "https://api.openai.com/v1" } };
const key = embeddingKey(model, ["a", "b"]);

describe("the key of a request for vectors", () => {
  test.each(goldens)("of release $release is the same for ever ($key)", (golden) => {
    expect(embeddingKey(golden.model, golden.texts)).toBe(golden.key);
  });

  test.each(goldens)("has the model as it says what it is: $model.name ($key)", (golden) => {
    expect(embeddingKey(models.embeddingModel(golden.model.name), golden.texts)).toBe(golden.key);
  });

  test.each<[string, typeof model, readonly string[]]>([
    ["the model", { ...model, name: "openai/large" }, ["a", "b"]],
    ["the base URL", { ...model, identity: { ...model.identity, baseUrl: "http://127.0.0.1:8000/v1" } }, ["a", "b"]],
    ["a text", model, ["a", "c"]],
    ["the order of the texts", model, ["b", "a"]],
    ["where one text ends", model, ["ab"]],
  ])("changes with %s", (_, changedModel, texts) => {
    expect(embeddingKey(changedModel, texts)).not.toBe(key);
  });
});
