import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../../tests/helpers/model-server.ts";
import { testApi, type TestApi } from "./__fixtures__/test-api.ts";

let models: ModelServer;
let api: TestApi;

beforeAll(async () => {
  models = await startModelServer(() => ({ text: "Good day." }));
  // No home: the master key stands in the workspace's state.
  api = await testApi({
    environment: { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "from-environment" },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

const variable = "OPENAI_API_KEY";
const secret = "sk-entered-0123456789";
const openai = async () => (await api.caller.models.list()).providers.find(({ name }) => name === "openai")!;
let calls = 0;
const keySent = async (): Promise<unknown> => {
  await api.caller.models.tryCall({ model: "openai/gpt-5-mini", text: `Hello ${(calls += 1)}` });
  return models.requests().at(-1)!.headers.authorization;
};

test("a key that is entered goes before the environment's, from the next call on and after a restart, until it is taken away", async () => {
  expect([(await openai()).keyFrom, await keySent()]).toEqual(["environment", "Bearer from-environment"]);
  await api.caller.models.setKey({ variable, key: ` ${secret} ` });
  expect([(await openai()).keyFrom, await keySent()]).toEqual(["entered", `Bearer ${secret}`]);
  await api.restart();
  expect([(await openai()).keyFrom, await keySent()]).toEqual(["entered", `Bearer ${secret}`]);
  await api.caller.models.removeKey({ variable });
  expect([(await openai()).keyFrom, await keySent()]).toEqual(["environment", "Bearer from-environment"]);
});

test("it is in no answer of the server, no file and no record of a call", async () => {
  await api.caller.models.setKey({ variable, key: secret });
  await keySent();
  const told = JSON.stringify([
    await api.caller.models.list(),
    await api.workspace.runtime.journal.list({ limit: 10 }),
  ]);
  expect(told).not.toContain(secret);
  expect(await readFile(join(api.workspace.folder, ".sheaf/state/keys.json"), "utf8")).not.toContain(secret);
  await api.caller.models.removeKey({ variable });
});

test("one of no provider, or that cannot be one, is refused without being repeated", async () => {
  await expect(api.caller.models.setKey({ variable: "PATH", key: secret })).rejects.toMatchObject({
    cause: { code: "models.key" },
  });
  const thrown = await api.caller.models
    .setKey({ variable, key: "sk-täglich\n\u0000" })
    .catch((reason: unknown) => reason);
  expect(String(thrown)).toContain("a key has no other signs");
  expect(JSON.stringify(thrown)).not.toContain("täglich");
});

test("one whose master key is lost is named, and can be entered again", async () => {
  await api.caller.models.setKey({ variable: "GROQ_API_KEY", key: secret });
  await rm(join(api.workspace.folder, ".sheaf/state/master.key"));
  await api.restart();
  const groq = async () => (await api.caller.models.list()).providers.find(({ name }) => name === "groq")!;
  expect(await groq()).toMatchObject({ keyFrom: "unreadable", usable: false });
  await api.caller.models.setKey({ variable: "GROQ_API_KEY", key: secret });
  expect(await groq()).toMatchObject({ keyFrom: "entered", usable: true });
});
