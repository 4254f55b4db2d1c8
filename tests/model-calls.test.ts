import { expect, test } from "vitest";
import { createCallHistory } from "#server/models/call-history.ts";
import { createCaller, type Caller } from "#server/models/caller.ts";
import { createModels } from "#server/models/index.ts";
import type { ChatCall } from "#server/notebook/services.ts";
import { openJournal } from "#server/store/open-journal.ts";
import type { Journal } from "#server/store/journal.ts";
import { startModelServer } from "./helpers/model-server.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const context = { notebook: "a.md", run: "run-1" };

function callOf(content: string, more: Partial<ChatCall> = {}): ChatCall {
  return {
    model: "here/small",
    messages: [{ role: "user", content }],
    parameters: { temperature: 0 },
    address: { cell: "topic", at: { row: content } },
    step: 0,
    repeat: 0,
    ...more,
  };
}

/** A caller with the real journal in `folder`, whose models are at `baseUrl`. */
async function open(folder: string, baseUrl: string): Promise<{ journal: Journal; caller: Caller }> {
  const journal = await openJournal({ folder, workspace: "test" });
  const models = createModels({ environment: {}, fetch, endpoints: { here: { baseUrl } } });
  return { journal, caller: createCaller({ resolve: models.chatModel, journal, clock: Date.now }) };
}

test("an answer that was paid for is found again after a restart, and the model is not asked twice", async () => {
  await using folder = await temporaryFolder();
  await using server = await startModelServer(() => ({ text: ["card", "_arrival"] }));
  const before = await open(folder.path, server.baseUrl);
  const rows = Array.from({ length: 20 }, (_, row) => callOf(`row ${row % 10}`));
  const first = await Promise.all(rows.map((row) => before.caller.chat(row, context)));
  await before.journal.close();

  const after = await open(folder.path, server.baseUrl);
  const second = await Promise.all(rows.map((row) => after.caller.chat(row, context)));
  expect(second.map(({ text, finish, call }) => ({ text, finish, call: { ...call, cached: false } }))).toEqual(
    first.map(({ text, finish, call }) => ({ text, finish, call: { ...call, cached: false } })),
  );
  expect(second.every(({ call }) => call.cached)).toBe(true);
  expect(first.filter(({ call }) => !call.cached)).toHaveLength(10);
  expect(server.requests()).toHaveLength(10);

  const history = createCallHistory(await after.journal.list({ limit: 100 }));
  expect(history.of("here/small")!.calls).toHaveLength(10);
  await after.journal.close();
});

test("a cancelled stream keeps its text in the journal, and the call is made anew", async () => {
  await using folder = await temporaryFolder();
  let hang = true;
  await using server = await startModelServer(() => ({
    text: ["card", "_arrival"],
    ...(hang ? { hang: "after-part" } : {}),
  }));
  const { journal, caller } = await open(folder.path, server.baseUrl);
  const controller = new AbortController();
  const reason = new Error("stop");
  const cancelled = callOf("row", { signal: controller.signal, onText: () => controller.abort(reason) });
  await expect(caller.chat(cancelled, context)).rejects.toBe(reason);
  await server.until(() => server.inFlight().length === 0);
  expect((await journal.list({ limit: 1 }))[0]).toMatchObject({ end: { state: "cancelled", text: "card", cost: 0 } });
  hang = false;
  expect(await caller.chat(callOf("row"), context)).toMatchObject({ text: "card_arrival", call: { cached: false } });
  await journal.close();
});
