import { afterAll, beforeAll, expect, test } from "vitest";
import { createLightFetch } from "./light-fetch.ts";

import { chatProviders, errorScript, openaiProtocol, responsesProtocol } from "./__fixtures__/protocols.ts";
import { collect, testChatModel, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import { createModels, type Models } from "./index.ts";
import type { ChatRequest } from "./model.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Say hello to the whole world" }], parameters: {} };

const models = createModels({ environment: {}, fetch: createLightFetch(), endpoints: {} });

testChatModel("echo", {
  answering: async () => ({ model: models.chatModel("echo/text"), request, text: "Say hello to the whole world" }),
  endless: async () => ({ model: models.chatModel("echo/hang"), request }),
  failing: async () => ({ model: models.chatModel("echo/fail-429"), request, code: "model.rate-limited" }),
  cut: async () => ({ model: models.chatModel("echo/cut"), request }),
});

const parts = ["Grüße, ", "schöne ", "Welt 🌍", "!"];

const azure = "https://conformance.openai.azure.com";
/** The servers that are known by name, each at its own address, which requests to the scripted server are sent in place of. */
const knownServers = createModels({ environment: { AZURE_OPENAI_ENDPOINT: azure }, fetch, endpoints: {} })
  .list()
  .flatMap(({ name, keyVariable, baseUrl }) =>
    baseUrl === null || ["openai", "anthropic"].includes(name) ? [] : [{ name, keyVariable, baseUrl }],
  );
const presets = knownServers.map(({ name, keyVariable, baseUrl }) => ({
  name,
  model: `${name}/test-model`,
  protocol: openaiProtocol,
  at: (url: string): Models =>
    createModels({
      environment: { AZURE_OPENAI_ENDPOINT: azure, ...(keyVariable === null ? {} : { [keyVariable]: "sk-test-key" }) },
      // What is asked elsewhere goes nowhere.
      fetch: (address, init) => fetch(`${url}/v1${String(address).split(baseUrl)[1] ?? "/elsewhere"}`, init),
      endpoints: {},
    }),
}));

test("the servers that are known by name are those that people have", () => {
  expect(presets.map(({ name }) => name).toSorted()).toEqual([
    "azure",
    "deepseek",
    "gemini",
    "groq",
    "lm-studio",
    "mistral",
    "ollama",
    "openrouter",
    "vllm",
  ]);
});

for (const { name, model: modelName, protocol, at } of [
  ...chatProviders.map((provider) => ({ ...provider, at: modelsAt })),
  ...presets,
]) {
  let server: ScriptedServer;
  let remote: Models;

  beforeAll(async () => {
    server = await scriptedServer();
    remote = at(server.url);
  });
  afterAll(() => server.close());

  test(`${name} reads an answer whose every byte comes alone, with other line ends and comments`, async () => {
    const body = `: keep alive\n\n${protocol.answer(parts)}`.replaceAll("\n", "\r\n");
    server.play({ chunks: Array.from(new TextEncoder().encode(body), (byte) => Uint8Array.of(byte)) });
    const read = await collect(remote.chatModel(modelName).stream(request, new AbortController().signal));
    expect(textOf(read)).toBe(parts.join(""));
  });

  test(`${name} gives with its finish what came besides the text, which stands in a closing event alone`, async () => {
    server.play({ chunks: [protocol.answer(parts)] });
    const read = await collect(remote.chatModel(modelName).stream(request, new AbortController().signal));
    const raw = read.flatMap((part) => (part.type === "finish" ? [part.raw] : []));
    expect(raw).toEqual([expect.objectContaining({ id: expect.any(String), usage: expect.any(Object) })]);
    expect(JSON.stringify(raw)).toContain("tokens");
    const closed =
      protocol === responsesProtocol ? expect.stringContaining(parts.join("")) : expect.not.stringContaining("Welt");
    expect(JSON.stringify(raw)).toEqual(closed);
  });

  testChatModel(name, {
    answering: async () => {
      server.play({ chunks: [protocol.answer(parts)] });
      return { model: remote.chatModel(modelName), request, text: parts.join("") };
    },
    endless: async () => {
      server.play({ chunks: [protocol.unfinished(parts)], after: "hang" });
      const before = server.requests.length;
      const stopped = (async () => {
        while (server.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
        await server.requests[before]?.abandoned;
      })();
      return { model: remote.chatModel(modelName), request, stopped };
    },
    failing: async () => {
      server.play(errorScript(protocol, 401, "wrong key"));
      return { model: remote.chatModel(modelName), request, code: "model.unauthorized" };
    },
    cut: async () => {
      server.play({ chunks: [protocol.unfinished(parts)] });
      return { model: remote.chatModel(modelName), request };
    },
  });
}
