import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { chatProviders, json } from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

describe.each(chatProviders)("what $name says of the model that answered", ({ model, protocol }) => {
  test.each([true, false])("is its name, and nothing where it is none: streamed %s", async (streaming) => {
    const answeredBy = async (said: unknown): Promise<unknown> => {
      const answer = (streaming ? protocol.answer : protocol.whole)(["Hello"]);
      const body = answer.replaceAll(/"test-model-20[\d-]+"/g, JSON.stringify(said));
      server.play({ ...(streaming ? {} : { headers: json }), chunks: [body] });
      const journal = memoryJournal();
      const { chatModel: resolve } = modelsAt(server.url, { streaming });
      const caller = createCaller({ resolve, journal, clock: Date.now });
      const asked = { model, messages: [{ role: "user" as const, content: "Hello" }], parameters: {} };
      const address = { cell: "a", at: {} };
      const { text, call } = await caller.chat(
        { ...asked, address, step: 0, repeat: 0 },
        { notebook: "a.md", run: "r" },
      );
      expect([text, call.usage.output, call.model]).toEqual(["Hello", 7, typeof said === "string" ? said : model]);
      return journal.calls[0]!.end!.answeredBy;
    };
    expect(await answeredBy("test-model-1")).toBe("test-model-1");
    for (const said of [{ a: 1 }, ["x"], true, 5]) expect(await answeredBy(said)).toBeUndefined();
  });
});
