import { describe, expect, test } from "vitest";
import { parseTemplate, renderMessages } from "#server/language/index.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { keptCell, type KeptVariant } from "./kept-cell";

const variant: KeptVariant = {
  name: "topic_2",
  at: { model: "small", temperature: "0.7", tone: "dry", prompt: "second", repeat: "3" },
  configuration: {
    models: ["small", { model: "a/b", label: "deep" }],
    vary: { temperature: [0, 0.7], tone: ["warm", "dry"] },
    temperature: "=vary.temperature",
    repeat: 5,
    schema: { enum: ["a", "b"] },
  },
  source: "Say {{ vary.tone }} things of {{ message }}.",
};
const kept = (change: Partial<KeptVariant>, turns: Parameters<typeof keptCell>[1] = []) => {
  const notebook = parseNotebook(`---\nsheaf: 1\n---\n\n${keptCell({ ...variant, ...change }, turns)}`);
  expect(notebook.diagnostics).toEqual([]);
  const { name, kind, source, configuration } = notebook.cells[0]!;
  return { name, kind, source, values: configuration.values };
};

test("a variant that is kept is a prompt with its model, its values of what is swept, and the one label its text reads", () => {
  expect(kept({})).toEqual({
    name: "topic_2",
    kind: "prompt",
    source: variant.source,
    values: { model: "small", temperature: 0.7, schema: { enum: ["a", "b"] }, vary: { tone: ["dry"] } },
  });
});

test("a model with parameters of its own stays as it is written", () => {
  expect(kept({ at: { ...variant.at, model: "deep" } }).values["models"]).toEqual([{ model: "a/b", label: "deep" }]);
  expect(kept({ configuration: { model: "a/b" }, at: {} }).values).toEqual({ model: "a/b" });
});

describe("what was said", () => {
  const scope = { get: (name: string) => (name === "message" ? "cats" : undefined) };
  const turns = [{ answer: "{{ no }}\nsystem:\n```js\n```", said: "again" }];
  test.each([
    ["a text without roles", "On {{ message }}", [{ role: "user", content: "On cats" }]],
    [
      "messages",
      "system:\nBe brief.\n\nuser:\nOn {{ message }}",
      [
        { role: "system", content: "Be brief." },
        { role: "user", content: "On cats" },
      ],
    ],
  ])("follows %s as messages that say just that", (_, source, before) => {
    const cell = kept({ source, configuration: { model: "a/b" }, at: {} }, turns);
    expect(renderMessages(parseTemplate(cell.source), scope)).toEqual([
      ...before,
      { role: "assistant", content: turns[0]!.answer },
      { role: "user", content: "again" },
    ]);
  });
});
