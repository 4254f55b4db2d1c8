import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { createLightFetch } from "./light-fetch.ts";

import { createModels } from "./index.ts";
import { keysIn } from "./provider-keys.ts";

test("keys stand one after another, with commas or blanks between them", () => {
  expect(keysIn("sk-1")).toEqual(["sk-1"]);
  expect(keysIn(" sk-1, sk-2\nsk-3 ")).toEqual(["sk-1", "sk-2", "sk-3"]);
  expect(keysIn("")).toEqual([]);
  expect(keysIn(undefined)).toEqual([]);
});

test("a model of an account with several keys has each of them, and one name and identity", () => {
  const { chatModel } = createModels({
    environment: { OPENAI_API_KEY: "sk-1,sk-2", ANTHROPIC_API_KEY: "sk-3" },
    fetch: createLightFetch(),
    endpoints: {},
  });
  const model = chatModel("openai/gpt-5-mini");
  expect(model.keys).toHaveLength(2);
  for (const keyed of model.keys!) expect([keyed.name, keyed.identity]).toEqual([model.name, model.identity]);
  expect(model.keys!.map(({ keyHash }) => keyHash)).toEqual([hash("sha256", "sk-1"), hash("sha256", "sk-2")]);
  expect(chatModel("anthropic/claude-haiku-4-5").keys).toBeUndefined();
});
