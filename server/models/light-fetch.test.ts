import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect } from "./__fixtures__/chat-model-conformance.ts";
import { createModels } from "./index.ts";
import { createLightFetch } from "./light-fetch.ts";
import type { ModelError } from "./model-error.ts";

/** Takes connections and says nothing: no TLS comes about. */
const mute = createServer((socket) => sockets.add(socket));
const sockets = new Set<Socket>();
beforeAll(async () => {
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  mute.close();
  await once(mute, "close");
});

test.each(["openai/m", "openai/test-pro", "anthropic/m", "here/m"])(
  "a server with which no connection comes about in its time is not reached by %s, billed nothing, and may be asked again",
  async (name) => {
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const { chatModel } = createModels({
      environment: {
        OPENAI_API_KEY: "k",
        OPENAI_BASE_URL: `${url}/v1`,
        ANTHROPIC_API_KEY: "k",
        ANTHROPIC_BASE_URL: url,
      },
      fetch: createLightFetch({ connectTimeout: 300 }),
      endpoints: { here: { baseUrl: `${url}/v1` } },
    });
    const request = { messages: [{ role: "user", content: "Hello" }], parameters: {} } as const;
    const thrown = (await collect(chatModel(name).stream(request, new AbortController().signal)).catch(
      (reason: unknown) => reason,
    )) as ModelError;
    expect(thrown).toMatchObject({
      code: "model.unreachable",
      message: expect.stringMatching(/cannot be reached at https:.*CONNECT_TIMEOUT/),
      facts: { retryable: true, unbilled: true },
    });
  },
);
