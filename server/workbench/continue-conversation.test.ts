import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession, type Session } from "#server/runner/session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import {
  continueConversation,
  conversationCall,
  type Conversation,
  type ConversationEvent,
} from "./continue-conversation.ts";
import { estimateConversations } from "./estimate-conversations.ts";

const text = notebookText(
  "inputs:\n  message: { type: string, default: my card is gone }\n",
  fence(
    "prompt reply",
    "---\nmodels: [echo/text, echo/upper]\nvary: { temperature: [0, 1] }\ntemperature: =vary.temperature\nschema: string\n---\nsystem:\nBe kind.\n\nuser:\n{{ message }}",
  ),
  fence("prompt tale", "---\nmodel: echo/text\ncompletion: true\n---\nOnce"),
  fence("prompt later", "---\nmodel: echo/text\n---\n{{ reply.at(model='echo/text', temperature=0) }}"),
  fence("data cards", "---\nformat: csv\n---\nid,text\na,lost\nb,late"),
  "````sheet whole\n---\nrows: cards\nkey: id\n---\n```prompt inner\n---\nmodels: [echo/text, echo/upper]\n---\n{{ row.text }}\n```\n````\n",
  fence("prompt never", "---\nmodel: echo/text\nwhen: =false\n---\nHi"),
);

let workspace: TestWorkspace;
let session: Session;
beforeAll(async () => {
  workspace = await testWorkspace();
  session = await openSession(workspace.runtime, { path: "reply.md", text, trusted: true });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const at = { model: "echo/upper", temperature: "1" };
const first = { answer: "MY CARD IS GONE", said: "shorter, please" };

async function all(
  conversation: Parameters<typeof continueConversation>[0],
  signal = new AbortController().signal,
  of = session,
): Promise<readonly ConversationEvent[]> {
  const events: ConversationEvent[] = [];
  for await (const event of continueConversation(conversation, of, workspace.runtime, signal)) events.push(event);
  return events;
}

test("what is said goes after the prompt as it is sent and every answer before it, to the model and with the parameters of its address", async () => {
  const turns = [first, { answer: "SHORTER, PLEASE", said: "and in French" }];
  expect(await conversationCall({ cell: "reply", at, turns }, session)).toEqual({
    model: "echo/upper",
    parameters: { temperature: 1 },
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "my card is gone" },
      { role: "assistant", content: "MY CARD IS GONE" },
      { role: "user", content: "shorter, please" },
      { role: "assistant", content: "SHORTER, PLEASE" },
      { role: "user", content: "and in French" },
    ],
    repeat: 0,
  });
});

test("in a sheet it goes after the prompt as it is sent for the row, and is journaled there", async () => {
  await session.run({ type: "cells", cells: ["cards"] }).done;
  const conversation = {
    cell: "whole.inner",
    at: { whole: "b", model: "echo/upper" },
    turns: [{ answer: "LATE", said: "why" }],
  };
  expect(await conversationCall(conversation, session)).toMatchObject({
    model: "echo/upper",
    messages: [
      { role: "user", content: "late" },
      { role: "assistant", content: "LATE" },
      { role: "user", content: "why" },
    ],
  });
  expect((await all(conversation)).at(-1)).toMatchObject({ type: "answer", text: "WHY" });
  const [call] = await workspace.runtime.journal.list({ limit: 1 });
  expect(call).toMatchObject({ address: "whole.inner{model=echo/upper,whole=b}", step: 1 });
});

test("the answer streams, is journaled at the address as a further step, and comes from the journal when it is asked again", async () => {
  const events = await all({ cell: "reply", at, turns: [first] });
  expect(events.at(-1)).toMatchObject({ type: "answer", text: "SHORTER, PLEASE", call: { cached: false } });
  expect(events.slice(0, -1).every((event) => event.type === "text")).toBe(true);
  const [call] = await workspace.runtime.journal.list({ limit: 1 });
  expect(call).toMatchObject({
    notebook: "reply.md",
    address: "reply{model=echo/upper,temperature=1}",
    step: 1,
  });
  expect((await all({ cell: "reply", at, turns: [first] })).at(-1)).toMatchObject({ call: { cached: true } });
});

test.each([
  ["a text that is continued", "tale", {}, "conversation.completion", /completion: true/],
  ["what still waits for another cell", "later", {}, "conversation.none", /Run reply/],
  ["what is skipped", "never", {}, "conversation.none", /`when` is false/],
])("%s cannot be talked to, and the reason says what to do", async (_, cell, labels, code, cure) => {
  const [event] = await all({ cell, at: labels, turns: [first] });
  expect(event).toMatchObject({ type: "failed", error: { code, cure: expect.stringMatching(cure) } });
});

test("what it would cost is known before it is said, and asked about over the threshold of runs", async () => {
  const talk = (said: string) => ({ cell: "reply", at, turns: [{ ...first, said }] });
  const estimate = (...conversations: readonly Conversation[]) =>
    estimateConversations(conversations, session, workspace.runtime);
  const before = (await workspace.runtime.journal.list({ limit: 100 })).length;
  expect(await estimate(talk("free"))).toMatchObject({ known: { calls: 1, cost: { high: 0 } }, isRisky: false });
  await writeFile(join(workspace.folder, "prices.yaml"), "echo/upper:\n  - { input: 0, output: 1000000 }\n");
  workspace.ahead += 2_000;
  const { known, isRisky } = await estimate(talk("dear"), talk("dear"), talk("dearer"), {
    cell: "later",
    at: {},
    turns: [first],
  });
  expect(known).toMatchObject({ calls: 2, equal: 1, unpriced: [] });
  expect(known.cost.high).toBeGreaterThan(0.5);
  expect(isRisky).toBe(true);
  expect(await workspace.runtime.journal.list({ limit: 100 })).toHaveLength(before);
  await rm(join(workspace.folder, "prices.yaml"));
  workspace.ahead += 2_000;
});

test("pictures of the prompt stay with its own message", async () => {
  const photo = { hash: "0".repeat(64), name: "card.png", mediaType: "image/png", bytes: 3 };
  const pictured = notebookText(
    "inputs:\n  photo: { type: image }\n",
    fence("prompt seen", "---\nmodel: echo/text\nimages: =photo\n---\nWhat is it?"),
  );
  const other = await openSession(workspace.runtime, { path: "seen.md", text: pictured, trusted: true });
  await other.setInput("photo", photo);
  expect(await conversationCall({ cell: "seen", at: {}, turns: [first] }, other)).toMatchObject({
    messages: [{ content: "What is it?" }, { role: "assistant" }, { content: "shorter, please" }],
    images: [photo],
    imageMessage: 0,
  });
});

test("where its provider is down another model goes on, as it answers the prompt itself", async () => {
  const spared = notebookText(
    "models:\n  main: { model: openai/gpt-5-mini, fallback: [echo/upper] }\n",
    fence("prompt spared", "---\nmodel: main\n---\nHello"),
  );
  const other = await openSession(workspace.runtime, { path: "spared.md", text: spared, trusted: true });
  const conversation = { cell: "spared", at: {}, turns: [{ answer: "Hi", said: "go on" }] };
  expect(await conversationCall(conversation, other)).toMatchObject({ fallbacks: ["echo/upper"] });
  workspace.script = () => ({ text: "down", status: 503 });
  const [answer] = (await all(conversation, undefined, other)).slice(-1);
  expect(answer).toMatchObject({ type: "answer", text: "GO ON", call: { model: "echo/upper" } });
  workspace.script = null;
});

test("a refusal is no turn: it fails with its words and its call, also when it comes from the journal", async () => {
  const asked = notebookText("", fence("prompt asked", "---\nmodel: server/small\n---\nHello"));
  const other = await openSession(workspace.runtime, { path: "asked.md", text: asked, trusted: true });
  workspace.script = () => ({ text: "I cannot", finish: "content_filter" });
  const turns = [{ answer: "Hello", said: "Now do harm" }];
  const last = async () => (await all({ cell: "asked", at: {}, turns }, undefined, other)).at(-1);
  const error = { code: "model.content-filter", message: expect.stringContaining('"I cannot"') };
  expect(await last()).toMatchObject({ type: "failed", error, call: { cached: false, usage: { output: 2 } } });
  expect(await last()).toMatchObject({ type: "failed", error, call: { cached: true } });
  workspace.script = null;
});

test("whoever leaves ends the call", async () => {
  const hanging = text.replace("echo/upper", "echo/upper+hang");
  const other = await openSession(workspace.runtime, { path: "hang.md", text: hanging, trusted: true });
  const leave = new AbortController();
  setTimeout(() => leave.abort(), 30);
  const conversation = { cell: "reply", at: { ...at, model: "echo/upper+hang" }, turns: [first] };
  expect((await all(conversation, leave.signal, other)).at(-1)).toMatchObject({ type: "failed" });
  await workspace.runtime.caller.settled();
  const [call] = await workspace.runtime.journal.list({ limit: 1 });
  expect(call!.end).toMatchObject({ state: "cancelled", text: "SHORTER," });
});

test("a notebook that is not trusted sends nothing", async () => {
  const stranger = await openSession(workspace.runtime, { path: "stranger.md", text });
  const events = await all({ cell: "reply", at, turns: [first] }, undefined, stranger);
  expect(events).toMatchObject([{ type: "failed", error: { code: "notebook.untrusted" } }]);
});

test("what is sent is kept as long as its cell says", async () => {
  const of = async (keep: string): Promise<readonly string[]> => {
    const kept = await openSession(workspace.runtime, {
      path: `${keep}.md`,
      text: notebookText("", fence("prompt reply", `---\nmodel: echo/upper\nkeep: ${keep}\n---\nkept: ${keep}`)),
      trusted: true,
    });
    await all({ cell: "reply", at: {}, turns: [{ answer: "YES", said: `and ${keep}` }] }, undefined, kept);
    await workspace.runtime.retention.apply();
    const calls = await workspace.runtime.journal.list({ limit: 100 });
    return calls.flatMap(({ notebook, end }) => (notebook === `${keep}.md` ? [String(end!.text)] : []));
  };
  expect([await of("never"), await of("1h")]).toEqual([["null"], ["AND 1H"]]);
});
