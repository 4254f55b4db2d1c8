import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { chatProviders } from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import type { ModelError } from "./model-error.ts";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

test.each(chatProviders)(
  "a stream of $name that goes on for more than ten million characters ends there: with what came, its words, and the connection closed",
  async ({ name, model, protocol }) => {
    // A server of this machine costs nothing.
    const cost = name === "openai-compatible" ? 0 : null;
    const events = protocol.unfinished(Array.from({ length: 25 }, () => "a".repeat(500_000)));
    server.play({ chunks: [events], after: "hang" });
    const journal = memoryJournal();
    const caller = createCaller({ resolve: modelsAt(server.url).chatModel, journal, clock: Date.now });
    const asked = { model, messages: [{ role: "user" as const, content: "Hello" }], parameters: {} };
    const address = { cell: "a", at: {} };
    const thrown = (await caller
      .chat({ ...asked, address, step: 0, repeat: 0 }, { notebook: "a.md", run: "r" })
      .catch((error: unknown) => error)) as ModelError;
    expect(thrown).toMatchObject({ code: "model.failed", facts: { call: { cost } } });
    expect(thrown.message).toContain("an answer longer than 10000000 characters");
    await server.requests.at(-1)!.abandoned;
    const { end } = journal.calls[0]!;
    expect([end!.state, end!.text.length, end!.cost]).toEqual(["failed", 10_000_000, cost]);
  },
);
