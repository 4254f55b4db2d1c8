import { describe, test } from "vitest";
import type { ChatCall } from "#server/notebook/services.ts";
import { createCalling } from "./calling/create-calling.ts";
import { systemTimers } from "./calling/timers.ts";
import { capable } from "./capabilities/capable.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { anthropicProtocol, openaiProtocol, responsesProtocol } from "./__fixtures__/protocols.ts";
import { scriptedServer, type Script } from "./__fixtures__/scripted-server.ts";
import { createCaller } from "./caller.ts";

const list = { type: "array", items: { type: "integer" } };
const limits = { firstPart: 1_200, idle: 900, total: 10_000 };
const pieces = ['{"ans', 'wer"', ":", "[1", ",2", ",3", ",4", ",5", ",6", ",7", ",8", "]}"];

const providers = [
  { name: "openai/test-model", protocol: openaiProtocol },
  { name: "openai/test-pro", protocol: responsesProtocol },
  { name: "anthropic/test-model", protocol: anthropicProtocol },
  { name: "here/test-model", protocol: openaiProtocol },
  { name: "here/test-model", protocol: openaiProtocol, jsonSchema: false },
] as const;

/** A list asked of a model, through the whole door with short limits. */
async function asked({ name, ...said }: (typeof providers)[number], script: Script) {
  const server = await scriptedServer();
  server.play(script);
  const journal = memoryJournal();
  const calling = createCalling({
    timers: systemTimers(),
    random: () => 0,
    timeLimits: () => limits,
    retryRules: { attempts: { interactive: 3, batch: 3 }, base: 1, cap: 1, longest: 1 },
  });
  const model = modelsAt(server.url).chatModel(name);
  const resolved = "jsonSchema" in said ? capable(() => said)(model) : model;
  const caller = createCaller({ resolve: () => resolved, journal, clock: Date.now, calling });
  const call: ChatCall = {
    model: name,
    messages: [{ role: "user", content: "Count" }],
    parameters: {},
    schema: list,
    address: { cell: "a", at: {} },
    step: 0,
    repeat: 0,
  };
  const answer = await caller.chat(call, { notebook: "a.md", run: "run-1" }).catch((thrown: unknown) => thrown);
  await server.close();
  return { answer, end: journal.calls[0]!.end!, requests: server.requests.length };
}

describe.concurrent.each(providers)("a list that $name gives piece by piece", (provider) => {
  const { protocol } = provider;
  const events = protocol.answer(pieces).split(/(?<=\n\n)/);

  test("may take longer than the wait for a first part and that between two", async ({ expect }) => {
    const { answer, end } = await asked(provider, { chunks: events, pause: 150 });
    const text = "jsonSchema" in provider ? pieces.join("") : "[1,2,3,4,5,6,7,8]";
    expect(answer).toMatchObject({ text });
    expect(end.endedAt - end.firstTextAt!).toBeGreaterThan(limits.idle);
  });

  test("is not asked for again when it is cut, and what came is kept", async ({ expect }) => {
    const chunks = [protocol.unfinished(pieces.slice(0, 4))];
    const { answer, end, requests } = await asked(provider, { chunks, after: "cut" });
    const partial = pieces.slice(0, 4).join("");
    expect(answer).toMatchObject({ code: "model.truncated", facts: { partial } });
    expect(end).toMatchObject({ state: "truncated", text: partial });
    expect(end).not.toHaveProperty("attempts");
    expect(requests).toBe(1);
  });
});
