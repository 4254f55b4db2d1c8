import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../../tests/helpers/model-server.ts";
import { testApi, type TestApi } from "./__fixtures__/test-api.ts";

let here: ModelServer;
let there: ModelServer;
let api: TestApi;
const clock = { now: Date.now() };

beforeAll(async () => {
  here = await startModelServer(
    () => ({ text: "from here" }),
    () => [{ id: "one" }],
  );
  there = await startModelServer(
    () => ({ text: "from there" }),
    () => [{ id: "two" }],
  );
  api = await testApi({
    environment: { OPENAI_API_KEY: "sk-openai", STRANGE_API_KEY: "sk-of-something-else" },
    now: () => clock.now,
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

async function write(text: string): Promise<void> {
  await writeFile(join(api.workspace.folder, "endpoints.yaml"), text);
  clock.now += 2_000;
}
const say = async (model: string): Promise<string> => (await api.caller.models.tryCall({ model, text: "Hello" })).text;
const provider = async (name: string) => (await api.caller.models.list()).providers.find((one) => one.name === name);

test("a server that is named answers by its name, and at its new address without a restart, where it is asked for its models anew", async () => {
  await api.caller.models.setEndpoint({ name: "gpu", baseUrl: here.baseUrl, keyVariable: null });
  expect(await say("gpu/one")).toBe("from here");
  await api.caller.models.ask({ provider: "gpu" });
  expect(await provider("gpu")).toMatchObject({ baseUrl: here.baseUrl, usable: true, list: { count: 1 } });
  // Another server's answers are others: the same call is sent, and not answered by the journal.
  await write(`gpu: { url: ${there.baseUrl} }\n`);
  expect(await say("gpu/one")).toBe("from there");
  expect(await provider("gpu")).toMatchObject({ baseUrl: there.baseUrl, list: null });
  await api.caller.models.removeEndpoint({ name: "gpu" });
  await expect(say("gpu/one")).rejects.toMatchObject({ cause: { code: "model.unknown" } });
});

test("one of a known name goes before it", async () => {
  await write(`ollama: { url: ${there.baseUrl} }\n`);
  expect(await say("ollama/two")).toBe("from there");
});

test("its key is entered as others are and goes to its host alone: no redirect is followed with it", async () => {
  const redirecting = createServer((_, response) => {
    response.writeHead(307, { location: `${there.baseUrl}/chat/completions` }).end();
  });
  await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
  try {
    const keyVariable = "GPU_API_KEY";
    await api.caller.models.setEndpoint({ name: "gpu", baseUrl: here.baseUrl, keyVariable });
    expect(await provider("gpu")).toMatchObject({ usable: false, keyFrom: null });
    await api.caller.models.setKey({ variable: keyVariable, key: "sk-gpu" });
    expect(await say("gpu/keyed")).toBe("from here");
    expect(here.requests().at(-1)!.headers.authorization).toBe("Bearer sk-gpu");
    const baseUrl = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/v1`;
    await api.caller.models.setEndpoint({ name: "gpu", baseUrl, keyVariable });
    await api.caller.models.setKey({ variable: keyVariable, key: "sk-gpu" });
    const before = there.requests().length;
    await expect(say("gpu/keyed")).rejects.toMatchObject({ cause: { code: "model.unreachable" } });
    await api.caller.models.ask({ provider: "gpu" });
    expect((await provider("gpu"))!.list!.error).toMatchObject({ code: "model.unreachable" });
    expect(there.requests()).toHaveLength(before);
    await expect(
      api.caller.models.setEndpoint({ name: "gpu", baseUrl, keyVariable: "OPENAI_API_KEY" }),
    ).rejects.toMatchObject({ cause: { code: "models.endpoint", message: expect.stringContaining("api.openai.com") } });
  } finally {
    redirecting.close();
  }
});

test("a key that was entered does not go along when the address is changed, by hand or on the page: it is entered again", async () => {
  const keyVariable = "CELLAR_API_KEY";
  await api.caller.models.setEndpoint({ name: "cellar", baseUrl: here.baseUrl, keyVariable });
  await api.caller.models.setKey({ variable: keyVariable, key: "sk-cellar" });
  expect(await say("cellar/moved")).toBe("from here");
  const before = there.requests().length;
  await write(`cellar: { url: ${there.baseUrl}, key: ${keyVariable} }\n`);
  expect(await provider("cellar")).toMatchObject({ usable: false, keyFrom: "elsewhere" });
  await expect(say("cellar/moved")).rejects.toMatchObject({ cause: { code: "model.no-key" } });
  await api.restart();
  await expect(say("cellar/moved")).rejects.toMatchObject({ cause: { code: "model.no-key" } });
  expect(there.requests()).toHaveLength(before);
  // Back where it was it is the key it was.
  await write(`cellar: { url: ${here.baseUrl}, key: ${keyVariable} }\n`);
  expect(await provider("cellar")).toMatchObject({ usable: true, keyFrom: "entered" });
  await write(`cellar: { url: ${there.baseUrl}, key: ${keyVariable} }\n`);
  await api.caller.models.setKey({ variable: keyVariable, key: "sk-cellar-2" });
  expect(await say("cellar/moved")).toBe("from there");
  expect(there.requests().at(-1)!.headers.authorization).toBe("Bearer sk-cellar-2");
});

test("a server that the file names with a key of the environment is asked for nothing until somebody asks", async () => {
  const before = there.requests().length;
  await write(`strange: { url: ${there.baseUrl}, key: STRANGE_API_KEY }\n`);
  expect(await provider("strange")).toMatchObject({ keyFrom: "environment", list: null, isAskedByItself: false });
  await api.caller.models.named();
  expect(there.requests()).toHaveLength(before);
  await api.caller.models.ask({ provider: "strange" });
  expect(await provider("strange")).toMatchObject({ list: { count: 1 }, isAskedByItself: true });
});

test("a mistake in the file is told with its line, and what was read before stands; after a restart nothing goes to a server that may not be meant", async () => {
  await write(`ollama: { url: ${there.baseUrl} }\n`);
  await say("ollama/two");
  await write(`ollama: { url: ${there.baseUrl} }\ngpu: { url: nowhere }\n`);
  expect(await say("ollama/two")).toBe("from there");
  const problem = { code: "models.endpoints", message: "endpoints.yaml, line 2: nowhere is no HTTP address" };
  expect((await api.caller.models.endpoints()).problem).toMatchObject(problem);
  for (const model of ["gpu/one", "openai-compatible/gpu/one"])
    await expect(say(model)).rejects.toMatchObject({
      cause: {
        code: "model.unknown",
        message: expect.stringMatching(
          /called gpu among those that were read before\. endpoints\.yaml, line 2: nowhere/,
        ),
        cure: expect.stringMatching(/^Write it as in .* (Providers are|Name it as)/),
      },
    });
  await expect(say("gpu")).rejects.toMatchObject({ cause: { message: expect.not.stringContaining("endpoints.yaml") } });
  await api.workspace.restart();
  expect(() => api.workspace.runtime.models.chatModel("ollama/two")).toThrow(expect.objectContaining(problem));
  expect(api.workspace.runtime.models.chatModel("openai/gpt-5-mini").name).toBe("openai/gpt-5-mini");
});
