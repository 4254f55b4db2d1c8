import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ofObjects, refused, type FaultError } from "../__fixtures__/fault-outcomes.ts";
import { faults, faultServer, type FaultName, type FaultServer } from "../__fixtures__/fault-server.ts";
import { modelsAt } from "../__fixtures__/models-at.ts";
import type { ModelError } from "../model-error.ts";
import type { ModelBatches } from "./model-batches.ts";

/** What is asked, by the path of the request whose answer is faulty: `1/broken/results` of the fault at place 1. */
const asked = { file: /\/files$/, batch: /\/batches(?:\/batch_1)?$/, results: /\/(?:content|results)$/ };

let server: FaultServer;
const names = Object.keys(faults) as FaultName[];
beforeAll(async () => {
  server = await faultServer(({ url = "" }) => {
    const [, number, what] = url.split("/");
    return asked[what as keyof typeof asked].test(url) ? names[Number(number)]! : "a good answer";
  });
});
afterAll(() => server.close());
afterEach(() => void vi.useRealTimers());

const signal = new AbortController().signal;
const request = { messages: [{ role: "user", content: "Hello" }] as const, parameters: {} };

type Work = (batches: ModelBatches) => Promise<unknown>;

const submit: Work = async (batches) => batches.submit([await batches.line({ id: "one", request })], signal);
const look: Work = (batches) => batches.look("batch_1", signal);

/** How each request ended, with its words; what is thrown comes after what was read. */
const results: Work = async (batches) => {
  const ends: { [id: string]: string } = {};
  for await (const { id, end } of batches.results("batch_1", { sentOf: () => undefined }, signal))
    ends[id ?? "?"] = end.state === "done" ? end.text : end.error!.message;
  return ends;
};

function batchesAt(name: string, which: FaultName, what: keyof typeof asked): ModelBatches {
  return modelsAt(`${server.url}/${names.indexOf(which)}/${what}`).chatModel(name).batches!;
}

const openai = "openai/gpt-5-mini";
const anthropic = "anthropic/claude-haiku-4-5";
const silence = /^silence/;
/** For a machine that may be busy: a byte now and then takes a while too. */
const patience = 120_000;

const ended = { state: "ended", at: expect.any(Number) };

describe.each<[string, string, keyof typeof asked, Work, unknown]>([
  ["a file for OpenAI", openai, "file", submit, "batch_1"],
  ["a batch for OpenAI", openai, "batch", submit, "batch_1"],
  ["a batch for Anthropic", anthropic, "batch", submit, "batch_1"],
  ["a look at a batch of OpenAI", openai, "batch", look, ended],
  ["a look at a batch of Anthropic", anthropic, "batch", look, ended],
])("%s", (_, name, what, work, good) => {
  const outcomes: { readonly [Name in FaultName]: FaultError | null } = { ...refused, ...ofObjects };

  test.concurrent.each(names.filter((which) => !silence.test(which)))(
    "comes to its stated end at %s",
    async (which) => {
      const outcome = outcomes[which];
      const answer = await work(batchesAt(name, which, what)).catch((thrown: unknown) => thrown as ModelError);
      if (outcome === null) return expect(answer).toEqual(good);
      expect(answer).toMatchObject({ code: outcome.code, message: expect.stringMatching(outcome.words) });
      expect((answer as ModelError).message).not.toContain("sk-test-key");
    },
    patience,
  );

  test("is not waited for without end", () => expectTimeout(name, what, work));
});

const both = { one: "Good", two: "Good" };
const half: FaultError = { code: "model.truncated", words: /broke off/ };

describe.each([
  ["OpenAI", openai],
  ["Anthropic", anthropic],
])("the results of a batch of %s", (_, name) => {
  const outcomes: { readonly [Name in Exclude<FaultName, keyof typeof refused>]: FaultError | object | null } = {
    ...ofObjects,
    "a good answer": both,
    "silence before the first byte": both,
    "silence after the headers": both,
    "silence in mid-stream": both,
    "one byte at a time": both,
    "another kind of line ends, comments, and no blank line at the end": {
      ...both,
      "?": expect.stringMatching(/what is no result: : hello/),
    },
    "the end twice": both,
    "the whole answer twice": both,
    "one event twice": both,
    "an event that is no JSON": { one: "Good", two: expect.stringMatching(/what is no result: \{.*oops/) },
    "an event that is JSON of another kind": {
      ...{ one: "Good", two: expect.stringMatching(/what is no result: \{"custom_id":"two",/) },
      "?": expect.stringMatching(/what is no result/),
    },
    "an event without a part of it": { one: "Good", two: expect.stringMatching(/HTTP 500|"result":null/) },
    "bytes that are no text": { code: "model.provider-failed", words: /what is no result/ },
    "200 with a page": { code: "model.provider-failed", words: /Please log in/ },
    "an error in mid-stream": {
      ...{ one: "Good", two: expect.stringMatching(/HTTP 500|"result":null/) },
      "?": expect.stringMatching(/The server had an error/),
    },
    "an answer without usage": both,
    "usage that is no number": both,
    "usage below nothing": both,
    "a line of 50 MB": { code: "model.failed", words: /a line has more than/ },
    "a byte now and then": both,
    "a gigabyte in a megabyte": { code: "model.failed", words: /a line has more than/ },
    "an answer without its end": half,
  };

  test.concurrent.each(names.filter((which) => !silence.test(which)))(
    "come to their stated end at %s",
    async (which) => {
      const outcome = { ...refused, ...outcomes }[which]!;
      const read = await results(batchesAt(name, which, "results")).catch((thrown: unknown) => thrown as ModelError);
      if (!("words" in outcome)) return expect(read).toEqual(outcome);
      const { code, words } = outcome as FaultError;
      expect(read).toMatchObject({ code, message: expect.stringMatching(words) });
    },
    patience,
  );

  test("are not waited for without end", () => expectTimeout(name, "results", results));
});

async function expectTimeout(name: string, what: keyof typeof asked, work: Work): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const which of names.filter((one) => silence.test(one))) {
    let answer: unknown;
    void work(batchesAt(name, which, what)).catch((thrown: unknown) => (answer = thrown));
    // Between two steps of the clock the server answers what it does answer.
    await vi.waitUntil(async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(10_000);
      return answer;
    });
    expect(answer, which).toMatchObject({
      code: "model.timeout",
      message: expect.stringMatching(/did not answer within/),
    });
  }
}

test("what is certainly not sent is said to be so, and of the rest nobody knows", async () => {
  const thrownBy = (name: string, which: FaultName, what: keyof typeof asked) =>
    submit(batchesAt(name, which, what)).catch((thrown: unknown) => (thrown as ModelError).facts.unbilled);
  for (const name of [openai, anthropic]) {
    expect(await thrownBy(name, "200 with an error in JSON", "batch")).toBe(true);
    expect(await thrownBy(name, "401", "batch")).toBe(true);
    expect(await thrownBy(name, "200 with a page", "batch")).toBeUndefined();
    expect(await thrownBy(name, "a reset after the headers", "batch")).toBeUndefined();
  }
  expect(await thrownBy(openai, "a reset after the headers", "file")).toBe(true);
});

test("a batch whose file is being sent can be given up", async () => {
  const stop = new AbortController();
  const batches = batchesAt(openai, "silence before the first byte", "file");
  const line = await batches.line({ id: "one", request });
  const before = server.requests();
  const sending = batches.submit([line], stop.signal).catch((thrown: unknown) => thrown);
  await vi.waitUntil(() => server.requests() === before + 1);
  stop.abort(new Error("enough"));
  expect(await sending).toMatchObject({ code: "model.batch-cancelled", facts: { unbilled: true } });
});
