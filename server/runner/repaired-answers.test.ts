import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => {
  workspace.script = null;
  workspace.sent();
});

const asked = (question: string, schema: string) =>
  notebookText("", fence("prompt topic", `---\nmodel: openai/gpt-5-mini\nschema: ${schema}\n---\n${question}`));
const run = async (
  text: string,
  answers: readonly (string | { text: string; finish?: "length"; status?: number })[],
) => {
  let next = 0;
  workspace.script = () => answers[Math.min(next++, answers.length - 1)]!;
  const session = await workspace.open(text);
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  return session;
};

test("an answer that its schema does not allow is asked for once more, with what was wrong, and both calls are its own", async () => {
  const session = await run(asked("Which topic?", "{ topic: string, sure: boolean }"), [
    "I think it is the card.",
    '{ "topic": "card", "sure": true }',
  ]);
  expect(shown(session, "topic")).toEqual({ topic: "card", sure: true });
  const [first, second] = workspace.server.requests().slice(-2);
  expect(second!.body.messages.slice(0, -2)).toEqual(first!.body.messages);
  expect(second!.body.messages.at(-2)).toEqual({ role: "assistant", content: "I think it is the card." });
  expect(second!.body.messages.at(-1)!.content).toMatch(/which is no JSON[^]*Answer again, with JSON alone/);
  const { calls } = (await session.result("topic"))!;
  expect(calls.map(({ journal }) => [journal!.step, journal!.state])).toEqual([
    [0, "done"],
    [1, "done"],
  ]);
  expect(calls.every(({ cost }) => cost! > 0)).toBe(true);
});

test("a label that is none is asked for once more, and once only", async () => {
  const session = await run(asked("Which one?", "{ enum: [card, money] }"), [
    "Perhaps the weather",
    "It is the weather",
    "card",
  ]);
  expect(session.shown("topic")!.error).toMatchObject({
    code: "prompt.not-a-choice",
    message: expect.stringContaining("It is the weather"),
  });
  expect(workspace.sent()).toHaveLength(2);
  expect((await session.result("topic"))!.calls).toHaveLength(2);
});

test("one that was cut off is not asked for again, nor one whose second call fails", async () => {
  const cut = await run(asked("Which, at length?", "{ topic: string }"), [
    { text: '{ "topic": "ca', finish: "length" },
  ]);
  expect(cut.shown("topic")!.error).toMatchObject({ code: "prompt.not-json" });
  expect(workspace.sent()).toHaveLength(1);
  const refused = await run(asked("Which, refused?", "{ topic: string }"), [
    "no idea",
    { text: "no more of this", status: 400 },
  ]);
  expect(refused.shown("topic")!.error).toMatchObject({ code: "model.bad-request" });
  expect((await refused.result("topic"))!.calls).toHaveLength(2);
});

test("the same again is answered from the journal, both of its calls", async () => {
  const text = asked("Which again?", "{ topic: string }");
  await run(text, ["card", '{ "topic": "card" }']);
  expect(workspace.sent()).toHaveLength(2);
  const again = await run(text, ["never sent"]);
  expect(shown(again, "topic")).toEqual({ topic: "card" });
  expect(workspace.sent()).toEqual([]);
});
