import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await testWorkspace();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const prompt = (configuration: string, body = "Hello"): string =>
  fence("prompt answer", `---\n${configuration}\n---\n${body}`);

describe("a cell that asks of its model what it cannot do", () => {
  const problems = async (front: string, cell: string): Promise<readonly string[]> => {
    const session = await workspace.open(notebookText(front, cell));
    return session.diagnostics.map(({ severity, code, position }) => `${severity} ${code} ${position.line}`);
  };

  test.each([
    ["a text to be continued", "", prompt("model: openai/gpt-5-mini\ncompletion: true"), "model.chat-only 8"],
    [
      "messages to a base model",
      "models: { base: local/gemma-3-270m }\n",
      prompt("model: base"),
      "model.no-chat-template 8",
    ],
    ["each of several models", "", prompt("models: [echo/text, local/gemma-3-270m]"), "model.no-chat-template 7"],
  ])("says so where that stands, before a call: %s", async (_, front, cell, problem) => {
    expect(await problems(front, cell)).toEqual([`warning ${problem}`]);
  });

  test("says so once, though its repeats are made one value", async () => {
    const cell = prompt("model: local/gemma-3-270m\nrepeat: 3\nreduce: majority");
    expect(await problems("", cell)).toEqual(["warning model.no-chat-template 7"]);
  });

  test.each([
    ["a base model that continues", "", prompt("model: local/gemma-3-270m\ncompletion: true")],
    ["a model of which nothing is known", "", prompt("model: server/small\ncompletion: true")],
    ["a model that is known by the row alone", "", prompt("vary: { m: [echo/text] }\nmodel: =vary.m")],
  ])("says nothing of %s", async (_, front, cell) => {
    expect(await problems(front, cell)).toEqual([]);
  });

  test("ends with the same words, and with nothing sent, where it is run", async () => {
    await workspace.runtime.ownCapabilities.set({ "server/small": { completion: false } });
    const session = await workspace.open(notebookText("", prompt("model: server/small\ncompletion: true")));
    workspace.sent();
    const estimate = await session.estimate({ type: "cells", cells: ["answer"] });
    expect(estimate.known).toMatchObject({ calls: 0, refused: [{ model: "server/small", calls: 1 }] });
    await session.run({ type: "cells", cells: ["answer"] }).done;
    expect(session.shown("answer")).toMatchObject({ outcome: "error", error: { code: "model.chat-only" } });
    expect([workspace.sent(), await workspace.runtime.journal.list({ limit: 1 })]).toEqual([[], []]);
    await workspace.runtime.ownCapabilities.set({});
  });
});

describe("a cell whose `embedding` is no model that embeds", () => {
  const search = (setting: string): string => fence("retrieve found", `from: rows\nquery: a\n${setting}`);
  const score = (setting: string): string => fence("score alike", `---\noutput: a\n${setting}\n---\n- similarity`);
  const front = "models: { vectors: local/all-minilm-l6-v2, none: nobody/x }\n";
  const problems = async (cell: string): Promise<readonly string[]> => {
    const session = await workspace.open(notebookText(front, fence("data rows", "text\na"), cell));
    return session.diagnostics.map(
      ({ severity, code, message, position: { line, column } }) => `${severity} ${code} ${line}:${column} ${message}`,
    );
  };

  test.each([
    [
      "of a provider nobody knows",
      search("embedding: nobody/x"),
      "14:12 there is no provider or endpoint called nobody",
    ],
    ["by a short name", search("embedding: none"), "14:12 there is no provider or endpoint called nobody"],
    ["by no name", score("embedding: vectorz"), '14:12 "vectorz" is no model: a model is named provider/model'],
    [
      "one that answers",
      score("embedding: local/smollm2-135m-instruct"),
      "14:12 local/smollm2-135m-instruct is a language model and does not embed texts",
    ],
  ])("is told so before a run: %s", async (_, cell, problem) => {
    expect(await problems(cell)).toEqual([`warning model.unknown ${problem}`]);
  });

  test.each([
    ["by a short name", search("embedding: vectors")],
    ["that an axis decides", search("vary: { by: [nobody/x] }\nembedding: =vary.by")],
    ["that nothing asks for", search("mode: keyword\nembedding: nobody/x")],
  ])("and of one %s nothing is said", async (_, cell) => {
    expect(await problems(cell)).toEqual([]);
  });
});

test("an answer of a model that takes no schema is checked, and asked for once more where it is not as it should be", async () => {
  await workspace.runtime.ownCapabilities.set({ "server/small": { jsonSchema: false, jsonObject: true } });
  const answers = ['{"age": "old"}', '{"age": 36}'];
  workspace.script = () => answers.shift()!;
  const session = await workspace.open(
    notebookText("", prompt("model: server/small\nschema: { age: integer }", "How old is Ada?")),
  );
  await session.run({ type: "cells", cells: ["answer"] }).done;
  expect(shown(session, "answer")).toEqual({ age: 36 });
  const [first, second] = workspace.server.requests().slice(-2);
  expect(first!.body).toMatchObject({ response_format: { type: "json_object" } });
  expect(String(first!.body.messages.at(-1)!.content)).toMatch(/^How old is Ada\?\n\nAnswer with JSON alone/);
  expect(String(second!.body.messages.at(-1)!.content)).toMatch(/^That cannot be used: .*a whole number, not "old"/);
  expect(session.shown("answer")!.calls).toHaveLength(2);
  await workspace.runtime.ownCapabilities.set({});
});
