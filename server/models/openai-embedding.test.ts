import { afterAll, beforeAll, expect, test } from "vitest";
import { ofObjects, refused, type FaultError } from "./__fixtures__/fault-outcomes.ts";
import { faults, faultServer, type FaultName, type FaultServer } from "./__fixtures__/fault-server.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { createCalling } from "./calling/create-calling.ts";
import { systemTimers } from "./calling/timers.ts";
import { createEmbeddingCaller } from "./embedding-caller.ts";
import { createModels } from "./index.ts";
import { createPrices } from "./prices.ts";

let server: FaultServer;
let fault: FaultName = "a good answer";
beforeAll(async () => void (server = await faultServer(() => fault)));
afterAll(() => server.close());

const slow = /^silence|now and then/;
const limits = { firstPart: 500, idle: 500, total: 2_000 };
/** For what comes to its end by itself, on a machine that may be busy. */
const ample = { firstPart: 20_000, idle: 20_000, total: 20_000 };
const outcomes: { readonly [Name in FaultName]: FaultError | null } = { ...refused, ...ofObjects };
const uncounted = /usage/;

test.each(Object.keys(faults) as FaultName[])("of vectors, %s comes to its stated end in its time", async (which) => {
  fault = which;
  const journal = memoryJournal();
  const { embed } = createEmbeddingCaller({
    resolve: modelsAt(server.url).embeddingModel,
    journal,
    clock: Date.now,
    prices: createPrices(),
    calling: createCalling({
      timers: systemTimers(),
      random: () => 0.1,
      timeLimits: () => (slow.test(which) ? limits : ample),
      retryRules: { attempts: { interactive: 1, batch: 1 }, base: 10, cap: 10, longest: 1_500 },
    }),
  });
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const call = { model: "openai/text-embedding-3-small", texts: ["one", "two"] };
  const answer = await embed(call, { notebook: "a.md", run: "run-1" }).catch((thrown: unknown) => thrown);
  if (slow.test(which)) expect(performance.now() - began).toBeLessThan(limits.total + 2_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  const outcome = slow.test(which) ? { code: "model.timeout", words: /did not/ } : outcomes[which];
  const [{ end }] = journal.calls as [(typeof journal.calls)[0]];
  if (outcome !== null) {
    const error = { code: outcome.code, message: expect.stringMatching(outcome.words) };
    expect(answer).toMatchObject(error);
    expect(end).toMatchObject({ state: outcome.code === "model.truncated" ? "truncated" : "failed", error });
    return;
  }
  const counts = uncounted.test(which) ? {} : { input: 12 };
  expect(answer).toEqual({ vectors: [Float32Array.of(1, 0), Float32Array.of(0, 1)], usage: counts });
  expect(end).toMatchObject({ state: "done", cost: uncounted.test(which) ? null : expect.any(Number) });
});

test("the vectors of as many texts as a provider takes are read", async () => {
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const { input } = JSON.parse(init!.body as string) as { readonly input: readonly string[] };
    const embedding = Array.from({ length: 3_072 }, (_, place) => -0.012345678901234567 - place / 1e7);
    return Response.json({ data: input.map((_, index) => ({ index, embedding })), usage: { prompt_tokens: 2_048 } });
  };
  const model = createModels({ environment: { OPENAI_API_KEY: "sk-test-key" }, fetch, endpoints: {} }).embeddingModel(
    "openai/text-embedding-3-large",
  );
  const { vectors } = await model.embed(Array.from({ length: 2_048 }, () => "text"));
  expect([vectors.length, vectors.at(-1)!.length]).toEqual([2_048, 3_072]);
});
