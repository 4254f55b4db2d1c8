import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { StoredFile } from "#server/notebook/value.ts";
import { callKey } from "./call-key.ts";

interface Golden {
  readonly release: string;
  readonly model: { readonly name: string; readonly identity: { readonly [part: string]: string } };
  readonly call: PlannedCall;
  readonly key: string;
}

const goldens = JSON.parse(readFileSync(new URL("__fixtures__/call-keys.json", import.meta.url), "utf8")) as Golden[];

const model = { name: "openai/gpt-5-mini", identity: { provider: "openai", baseUrl: "https://api.openai.com/v1" } };
const call: PlannedCall = {
  model: "openai/gpt-5-mini",
  messages: [{ role: "user", content: "Hello" }],
  parameters: { temperature: 0 },
  schema: { type: "string" },
  repeat: 1,
};
const key = callKey(call, model);
const image = (digit: string, name = "front.png"): StoredFile => ({
  hash: digit.repeat(64),
  name,
  mediaType: "image/png",
  bytes: 10,
});

describe("a call key", () => {
  test.each(goldens)(
    "of release $release is the same for ever, or people pay for their answers again ($key)",
    (golden) => {
      expect(callKey(golden.call, golden.model)).toBe(golden.key);
    },
  );

  test.each<[string, PlannedCall, typeof model]>([
    ["the model", call, { ...model, name: "openai/gpt-5" }],
    ["the base URL", call, { ...model, identity: { ...model.identity, baseUrl: "http://127.0.0.1:8000/v1" } }],
    ["the provider", call, { ...model, identity: { ...model.identity, provider: "other" } }],
    ["a message's text", { ...call, messages: [{ role: "user", content: "Hello!" }] }, model],
    ["a message's role", { ...call, messages: [{ role: "system", content: "Hello" }] }, model],
    ["one message more", { ...call, messages: [...call.messages, { role: "assistant", content: "" }] }, model],
    ["the text to be continued", { ...call, completion: "Hello" }, model],
    ["the temperature", { ...call, parameters: { temperature: 0.1 } }, model],
    ["top_p", { ...call, parameters: { temperature: 0, top_p: 0.9 } }, model],
    ["max_tokens", { ...call, parameters: { temperature: 0, max_tokens: 5 } }, model],
    ["stop", { ...call, parameters: { temperature: 0, stop: ["\n"] } }, model],
    ["the seed", { ...call, parameters: { temperature: 0, seed: 0 } }, model],
    ["the reasoning effort", { ...call, parameters: { temperature: 0, reasoning_effort: "low" } }, model],
    ["the protocol that a notebook names", { ...call, parameters: { temperature: 0, api: "chat" } }, model],
    ["an image", { ...call, images: [image("a")] }, model],
    ["the schema", { ...call, schema: { type: "number" } }, model],
    ["the repeat", { ...call, repeat: 2 }, model],
  ])("changes with %s", (_, changedCall, changedModel) => {
    expect(callKey(changedCall, changedModel)).not.toBe(key);
  });

  test("has nothing of what is not set, nor of how members are ordered", () => {
    const { schema: _, ...plain } = { ...call, repeat: 0 };
    const bare = callKey({ ...plain, parameters: {} }, model);
    expect(callKey({ ...plain, parameters: { stop: [] } }, model)).toBe(bare);
    expect(callKey({ ...plain, parameters: {}, images: [] }, model)).toBe(bare);
    const reordered = { parameters: {}, repeat: 0, messages: plain.messages, model: plain.model };
    expect(
      callKey(reordered, { identity: { baseUrl: model.identity.baseUrl, provider: "openai" }, name: model.name }),
    ).toBe(bare);
  });

  test("has of images what is in them and their order, and not their names", () => {
    const pictured = callKey({ ...call, images: [image("a"), image("b")] }, model);
    expect(callKey({ ...call, images: [image("a", "x.png"), image("b")] }, model)).toBe(pictured);
    expect(callKey({ ...call, images: [image("b"), image("a")] }, model)).not.toBe(pictured);
  });

  test("has the message that images stand in where that is not the user's last", () => {
    const last = callKey({ ...call, images: [image("a")] }, model);
    expect(callKey({ ...call, images: [image("a")], imageMessage: 0 }, model)).not.toBe(last);
    expect(callKey({ ...call, images: [], imageMessage: 0 }, model)).toBe(key);
  });

  test("of text to be continued is the same whatever messages stand beside it", () => {
    expect(callKey({ ...call, completion: "Once", messages: [] }, model)).toBe(
      callKey({ ...call, completion: "Once" }, model),
    );
  });
});
