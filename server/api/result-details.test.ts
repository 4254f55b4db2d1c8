import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { resultDetails } from "./result-details.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const answer = (more = ""): string =>
  fence(
    "prompt answer",
    `---\nmodel: openai/gpt-5-mini\ntemperature: 0\n${more}---\nsystem:\nBe brief.\n\nuser:\nHello Ada`,
  );

test("a result is told with what was sent for it, the raw answer, tokens, times, and how its price came about", async () => {
  const session = await workspace.open(notebookText("", answer()));
  const { id, done } = session.run({ type: "all" });
  await done;
  const details = await resultDetails("answer", session.state, workspace.runtime);
  expect(details).toMatchObject({ outcome: "ok", value: { type: "string", value: "<Hello Ada>" }, override: null });
  const [call] = details.calls;
  expect(call).toMatchObject({
    model: "openai/gpt-5-mini",
    request: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello Ada" },
      ],
      parameters: { temperature: 0 },
    },
    text: "<Hello Ada>",
    finish: "stop",
    run: id,
    sentFor: { notebook: session.state.path, address: "answer" },
    cached: false,
    price: { source: "genai-prices" },
  });
  expect(call!.cost).toBeGreaterThan(0);
  expect(call!.usage.input).toBeGreaterThan(0);
  expect(call!.endedAt! - call!.sentAt).toBeGreaterThanOrEqual(call!.firstTextAt! - call!.sentAt);
});

test("where people chose an older answer, its call is told", async () => {
  let count = 0;
  workspace.script = () => `answer ${(count += 1)}`;
  const session = await workspace.open(notebookText("", answer("seed: 7\n")));
  await session.run({ type: "all" }).done;
  await session.runAgain("answer").done;
  // Of two words of one moment neither is the later.
  workspace.ahead += 1_000;
  const older = (await session.alternatives("answer")).find(({ text }) => text === "answer 1")!;
  await session.choose("answer", older.answer);
  const { calls, value } = await resultDetails("answer", session.state, workspace.runtime);
  expect(value).toEqual({ type: "string", value: "answer 1" });
  expect(calls).toMatchObject([{ text: "answer 1", sentAt: older.sentAt }]);
  workspace.script = null;
});

test("a person's value is told as one, with what they said of it", async () => {
  const session = await workspace.open(notebookText("", answer("seed: 8\n")));
  await session.run({ type: "all" }).done;
  await session.note({ address: "answer", type: "edited", value: { type: "string", value: "mine" } });
  await session.note({ address: "answer", type: "comment", text: "too long" });
  expect(await resultDetails("answer", session.state, workspace.runtime)).toMatchObject({
    value: { value: "mine" },
    override: "edited",
    notes: { comments: [{ text: "too long" }] },
    calls: [{ text: "<Hello Ada>" }],
  });
});

test("a result of a sheet's row is told as one outside is", async () => {
  const sheet = fence(
    "sheet greetings",
    ["---", "rows: people", "---", fence("prompt hello", "---\nmodel: server/small\n---\nHello {{ row.name }}")].join(
      "\n",
    ),
  );
  const session = await workspace.open(
    notebookText("", fence("data people", "---\nkey: name\n---\nname\nAda\nGrace"), sheet),
  );
  await session.run({ type: "all" }).done;
  const [, second] = (await session.rowStates("greetings", 0, 2))!["hello"]!;
  const address = `greetings.hello{greetings=${second!.row}}`;
  expect(await resultDetails(address, session.state, workspace.runtime)).toMatchObject({
    outcome: "ok",
    value: { type: "string", value: "<Hello Grace>" },
    calls: [{ request: { messages: [{ content: "Hello Grace" }] }, text: "<Hello Grace>" }],
  });
});

test("of what was never run nothing is told but that", async () => {
  const session = await workspace.open(notebookText("", answer("seed: 9\n")));
  expect(await resultDetails("answer", session.state, workspace.runtime)).toMatchObject({
    outcome: null,
    value: null,
    calls: [],
  });
  await expect(resultDetails("nobody", session.state, workspace.runtime)).rejects.toMatchObject({
    code: "notes.address",
  });
});
