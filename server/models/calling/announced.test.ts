import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, textOf } from "../__fixtures__/chat-model-conformance.ts";
import { live } from "../__fixtures__/held-send.ts";
import { modelsAt } from "../__fixtures__/models-at.ts";
import { chatProviders } from "../__fixtures__/protocols.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import { scriptedServer, type ScriptedServer } from "../__fixtures__/scripted-server.ts";
import type { ChatModel, ChatRequest } from "../model.ts";
import { announced } from "./announced.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters: {} };

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

/** A request that leaves when that is said, and what came of it. */
function leaving(model: ChatModel, signal = live()) {
  const written = Promise.withResolvers<void>();
  const sending = { onSend: () => written.promise };
  const answer = collect(announced(model).stream({ ...request, sending }, signal));
  answer.catch(() => {});
  return { ...written, answer };
}

describe.each([
  ...chatProviders.map(({ name, model, protocol }) => ({
    name,
    make: async () => {
      server.play({ chunks: [protocol.answer(["Yes."])] });
      const before = server.requests.length;
      return { model: modelsAt(server.url).chatModel(model), sent: () => server.requests.length - before };
    },
  })),
  {
    name: "a model that cannot prepare a request",
    make: async () => {
      const model = scriptedModel([text("Yes."), finish]);
      return { model, sent: () => model.sent.length };
    },
  },
])("a request to $name", ({ make }) => {
  test("leaves only when that it leaves is written", async () => {
    const { model, sent } = await make();
    const { resolve, answer } = leaving(model);
    await delay(30);
    expect(sent()).toBe(0);
    resolve();
    expect(textOf(await answer)).toBe("Yes.");
    expect(sent()).toBe(1);
  });

  test("that is not let go rejects with what stands in its way, and is never sent", async () => {
    const { model, sent } = await make();
    const { reject, answer } = leaving(model);
    const reason = new Error("the disk is full");
    reject(reason);
    await expect(answer).rejects.toBe(reason);
    await delay(10);
    expect(sent()).toBe(0);
  });

  test("that is cancelled before is never sent", async () => {
    const { model, sent } = await make();
    const controller = new AbortController();
    const { resolve, answer } = leaving(model, controller.signal);
    const reason = new Error("enough");
    await delay(10);
    controller.abort(reason);
    resolve();
    await expect(answer).rejects.toBe(reason);
    await delay(10);
    expect(sent()).toBe(0);
  });
});

test("a request that cannot be made says why, also where its leaving is written later or never", async () => {
  const reason = new Error("no such parameter");
  const failing: ChatModel = { ...scriptedModel([reason]), preparesFirst: true };
  const { reject, answer } = leaving(failing);
  await expect(answer).rejects.toBe(reason);
  reject(new Error("too late"));
});
