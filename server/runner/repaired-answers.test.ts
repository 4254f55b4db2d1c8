import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ScriptedAnswer } from "../../tests/helpers/scripted-answer.ts";
import type { RunEvent } from "./run-event.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => {
  workspace.script = null;
  workspace.sent();
});

const asked = (question: string, schema: string, model = "openai/gpt-5-mini") =>
  notebookText("", fence("prompt topic", `---\nmodel: ${model}\nschema: ${schema}\n---\n${question}`));
const run = async (text: string, answers: readonly (string | Pick<ScriptedAnswer, "text" | "finish" | "status">)[]) => {
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

test("a label after what the model thought in its text is one, and is asked for once", async () => {
  const session = await run(asked("Which, on reflection?", "{ enum: [card, money] }", "server/qwen3"), [
    "<think>\nNot money, then.\n</think>\n\ncard",
  ]);
  expect(shown(session, "topic")).toBe("card");
  expect(workspace.sent()).toHaveLength(1);
  const { calls } = (await session.result("topic"))!;
  expect(calls.map(({ journal }) => [journal!.text, journal!.reasoning])).toEqual([["card", "Not money, then."]]);
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
  // The text of a call that ended is no beginning of another's.
  for (const session of [cut, refused]) expect(session.shown("topic")!.value).toBeNull();
});

test.each<[string, ScriptedAnswer, string]>([
  ["a filter left", { text: '{ "topic": "ca', finish: "content_filter: RECITATION" }, "model.content-filter"],
  ["is nothing at all", { text: "", finish: "OTHER" }, "model.no-answer"],
])("what %s is not asked for again to mend it", async (_, answer, code) => {
  const session = await run(asked(`Which, to ${code}?`, "{ topic: string }"), [answer]);
  expect(session.shown("topic")).toMatchObject({ outcome: "error", value: null, error: { code } });
  expect(workspace.sent()).toHaveLength(1);
  expect((await session.result("topic"))!.calls).toHaveLength(1);
});

test("the same again is answered from the journal, both of its calls", async () => {
  const text = asked("Which again?", "{ topic: string }");
  await run(text, ["card", '{ "topic": "card" }']);
  expect(workspace.sent()).toHaveLength(2);
  const again = await run(text, ["never sent"]);
  expect(shown(again, "topic")).toEqual({ topic: "card" });
  expect(workspace.sent()).toEqual([]);
});

test("an answer that does not fit is asked for anew where that is asked for, and the estimate says what that sends", async () => {
  const text = asked("Which anew?", "{ topic: string }");
  await run(text, ["no idea"]);
  workspace.sent();
  const again = await run(text, ["never sent"]);
  expect([again.shown("topic")!.error!.code, workspace.sent()]).toEqual(["prompt.not-json", []]);
  workspace.script = () => '{ "topic": "card" }';
  const failed = [{ type: "all" }, { again: true }] as const;
  expect((await again.estimate(...failed)).known).toMatchObject({ calls: 1, cached: 0 });
  const told: number[] = [];
  const onEvent = (event: RunEvent): unknown => event.type === "estimate" && told.push(event.estimate.known.calls);
  await again.run(failed[0], { ...failed[1], onEvent }).done;
  expect(told).toEqual([1]);
  expect(shown(again, "topic")).toEqual({ topic: "card" });
  expect(workspace.sent()).toHaveLength(1);
});

test("of a column the failed rows alone are asked for anew", async () => {
  const text = notebookText(
    "",
    fence("data tickets", "id\na\nb"),
    fence(
      "sheet triage",
      `---\nrows: tickets\nkey: id\n---\n${fence("prompt topic", "---\nmodel: openai/gpt-5-mini\nschema: { topic: string }\n---\nOf {{ row.id }}")}`,
    ),
  );
  workspace.script = (prompt) => (prompt.includes("Of a") ? '{ "topic": "card" }' : "no idea");
  const session = await workspace.open(text);
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  workspace.sent();
  workspace.script = () => '{ "topic": "cash" }';
  const rows = { triage: { type: "failed" } } as const;
  const scope = { type: "cells", cells: ["triage.topic"] } as const;
  await session.run(scope, { rows, retryErrors: true, again: true }).done;
  expect(workspace.sent()).toEqual([expect.stringContaining("Of b")]);
});

describe("where errors are tried again", () => {
  const retry = { retryErrors: true, confirm: async () => true } as const;
  const one = { type: "cells", cells: ["topic"] } as const;

  test("an answer that did not fit is asked for anew, which the estimate says, and one that fits no more", async () => {
    const session = await run(asked("Which, tried again?", "{ topic: string }"), ["no idea"]);
    expect(workspace.sent()).toHaveLength(2);
    workspace.script = () => "no idea either";
    expect((await session.estimate(one, retry)).known).toMatchObject({ calls: 1, cached: 0 });
    await session.run(one, retry).done;
    expect(session.shown("topic")!.error!.message).toContain("no idea either");
    expect(workspace.sent()).toHaveLength(2);
    workspace.script = () => '{ "topic": "card" }';
    await session.run({ type: "stale" }, retry).done;
    expect([shown(session, "topic"), workspace.sent().length]).toEqual([{ topic: "card" }, 1]);
    await session.run(one, retry).done;
    expect((await session.estimate({ type: "all" }, retry)).known).toMatchObject({ calls: 0, cached: 1 });
    await session.run({ type: "all" }, retry).done;
    expect([shown(session, "topic"), workspace.sent()]).toEqual([{ topic: "card" }, []]);
  });

  test("a refusal is asked about anew", async () => {
    const session = await run(plain("Which, refused at first?"), [{ text: "I cannot", finish: "content_filter" }]);
    workspace.sent();
    workspace.script = () => "The card";
    await session.run(one, retry).done;
    expect([shown(session, "topic"), workspace.sent().length]).toEqual(["The card", 1]);
  });

  test("another request than the one that failed takes what the journal has, and so does a call whose provider failed", async () => {
    const good = asked("Which was good?", "{ topic: string }");
    const session = await run(good, ['{ "topic": "card" }']);
    workspace.script = (prompt) => (prompt.includes("good") ? '{ "topic": "never sent" }' : "no idea");
    await session.setText(asked("Which is bad?", "{ topic: string }"));
    await session.run(one, retry).done;
    expect(session.shown("topic")!.outcome).toBe("error");
    workspace.sent();
    await session.setText(good);
    expect((await session.estimate(one, retry)).known).toMatchObject({ calls: 0, cached: 1 });
    await session.run(one, retry).done;
    expect([shown(session, "topic"), workspace.sent()]).toEqual([{ topic: "card" }, []]);

    const refused = { text: "no more of this", status: 400 };
    const repaired = await run(asked("Which, mended?", "{ topic: string }"), ["no idea", refused]);
    workspace.sent();
    workspace.script = () => '{ "topic": "cash" }';
    await repaired.run(one, retry).done;
    expect([shown(repaired, "topic"), workspace.sent().length]).toEqual([{ topic: "cash" }, 1]);
    expect((await repaired.result("topic"))!.calls.map(({ cached }) => cached)).toEqual([true, false]);
  });

  test("in rows those alone are that failed by their answers", async () => {
    const prompt = "---\nmodel: openai/gpt-5-mini\nschema: { topic: string }\n---\nTried of {{ row.id }}";
    const rows = `---\nrows: tickets\nkey: id\n---\n${fence("prompt topic", prompt)}`;
    workspace.script = (text) => (text.includes("of a") ? '{ "topic": "card" }' : "no idea");
    const session = await workspace.open(
      notebookText("", fence("data tickets", "id\na\nb"), fence("sheet triage", rows)),
    );
    await session.run({ type: "stale" }, retry).done;
    expect(workspace.sent()).toHaveLength(3);
    workspace.script = () => '{ "topic": "cash" }';
    const column = { type: "cells", cells: ["triage.topic"] } as const;
    for (const everySheet of [undefined, { type: "failed" }, { type: "all" }] as const) {
      const options = everySheet === undefined ? retry : { ...retry, everySheet };
      const cached = everySheet?.type === "all" ? 1 : 0;
      expect((await session.estimate(column, options)).known).toMatchObject({ calls: 1, cached });
    }
    await session.run(column, retry).done;
    expect(workspace.sent()).toEqual([expect.stringContaining("of b")]);
    await session.run(column, { ...retry, everySheet: { type: "all" } }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test("what puts hits in order names them anew", async () => {
    const found = fence("retrieve topic", "from: help\nquery: card\nk: 2\nmode: keyword\nrerank: server/small");
    const help = fence("data help", "---\nkey: id\n---\nid,text\n0,my card\n1,your card\n2,no card");
    const session = await run(notebookText("", help, found), ["I cannot say"]);
    expect([session.shown("topic")!.outcome, workspace.sent().length]).toEqual(["error", 2]);
    workspace.script = () => "[2, 1]";
    await session.run(one, retry).done;
    expect([session.shown("topic")!.outcome, workspace.sent().length]).toEqual(["ok", 1]);
  });
});

const plain = (question: string): string =>
  notebookText("", fence("prompt topic", `---\nmodel: openai/gpt-5-mini\n---\n${question}`));

test("a refusal, and what a filter left of an answer, is an error with its words and its call, not an answer", async () => {
  const session = await run(plain("Which, filtered?"), [{ text: "I cannot", finish: "content_filter" }]);
  expect(session.shown("topic")).toMatchObject({
    outcome: "error",
    error: { code: "model.content-filter", message: expect.stringContaining('"I cannot"') },
  });
  const [call] = (await session.result("topic"))!.calls;
  expect(call).toMatchObject({ journal: { state: "done", finish: "content-filter", text: "I cannot" } });
  expect(call!.cost).toBeGreaterThan(0);
  // The journal has it: it is neither sent nor paid for again.
  const again = await run(plain("Which, filtered?"), ["never sent"]);
  expect(again.shown("topic")!.error).toMatchObject({ code: "model.content-filter" });
  expect(workspace.sent()).toHaveLength(1);
});

test("a text that ended at the most tokens it may have is an answer that says so, also from the journal", async () => {
  for (const sent of [1, 0]) {
    const session = await run(plain("Which, for long?"), [{ text: "At great length", finish: "length" }]);
    expect(shown(session, "topic")).toBe("At great length");
    expect(session.shown("topic")!.calls).toMatchObject([{ cutOff: true, cached: sent === 0 }]);
    expect(workspace.sent()).toHaveLength(sent);
  }
});
