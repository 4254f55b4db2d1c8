import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadAddress } from "../__fixtures__/scripted-server.ts";
import {
  answerText,
  faults,
  faultServer,
  textWithOneLost,
  textWithOneTwice,
  type FaultName,
  type FaultServer,
} from "../__fixtures__/fault-server.ts";
import { refused, type FaultError } from "../__fixtures__/fault-outcomes.ts";
import { memoryJournal } from "../__fixtures__/memory-journal.ts";
import { modelsAt } from "../__fixtures__/models-at.ts";
import { createCaller } from "../caller.ts";
import type { Models } from "../index.ts";
import type { ModelError } from "../model-error.ts";
import type { ChatModel, StreamPart } from "../model.ts";
import { createCalling, type Calling } from "./create-calling.ts";
import { systemTimers } from "./timers.ts";

/** What a call comes to: its answer, or its error. */
type Outcome = { readonly text: string; readonly unpriced?: true } | FaultError;

const done: Outcome = { text: answerText };

/**
 * Chat Completions numbers no event and says no text twice, nor does Anthropic inside a block: neither can tell that a piece of a text
 * is missing or came twice, and the answer is taken as it came. Responses does both.
 */
const untold: { readonly [Name in FaultName]?: Outcome } = {
  "one event twice": { text: textWithOneTwice },
  "one event lost": { text: textWithOneLost },
};

const outcomes: { readonly [Name in FaultName]: Outcome } = {
  ...refused,
  "a good answer": done,
  "a reset after the headers": { code: "model.truncated", words: /broke off/ },
  "a reset in mid-stream": { code: "model.truncated", words: /broke off/ },
  "silence before the first byte": { code: "model.timeout", words: /did not begin to answer within 0\.5 s/ },
  "silence after the headers": { code: "model.timeout", words: /did not begin to answer within 0\.5 s/ },
  "silence in mid-stream": { code: "model.timeout", words: /said nothing for 0\.3 s/ },
  "an answer without its end": { code: "model.truncated", words: /broke off without its end mark/ },
  "an answer that ends in the middle of an event": { code: "model.truncated", words: /broke off/ },
  "an answer that ends in the middle of a character": { code: "model.truncated", words: /broke off/ },
  "one byte at a time": done,
  "another kind of line ends, comments, and no blank line at the end": done,
  "the end twice": done,
  "the whole answer twice": { code: "model.failed", words: /went on after its end|began anew/ },
  "one event twice": done,
  "one event lost": { code: "model.truncated", words: /did not come whole: its text is another than it says/ },
  "an event that is no JSON": { code: "model.provider-failed", words: /an event that is no JSON/ },
  "an event that is JSON of another kind": { code: "model.provider-failed", words: /no event of an answer/ },
  "an event without a part of it": { code: "model.provider-failed", words: /no event of an answer: \{/ },
  "bytes that are no text": { code: "model.truncated", words: /broke off/ },
  "200 with an error in JSON": { code: "model.bad-request", words: /no such luck/ },
  "200 with a page": { code: "model.provider-failed", words: /text\/html and no stream of events/ },
  "200 with nothing": { code: "model.truncated", words: /broke off/ },
  "an error in mid-stream": { code: "model.", words: /had an error|Overloaded/ },
  "an answer without usage": { text: answerText, unpriced: true },
  "usage that is no number": { text: answerText, unpriced: true },
  "usage below nothing": { text: answerText, unpriced: true },
  "a line of 50 MB": { code: "model.failed", words: /an event longer than/ },
  "a byte now and then": { code: "model.timeout", words: /did not begin|said nothing|did not come to an end/ },
  "a gigabyte in a megabyte": { code: "model.failed", words: /an event longer than/ },
};

const limits = { firstPart: 500, idle: 300, total: 2_000 };
/** For what comes to its end by itself, on a machine that may be busy. */
const ample = { firstPart: 10_000, idle: 10_000, total: 15_000 };
const slow = /^silence|now and then/;

let server: FaultServer;
let models: Models;
let calling: Calling;
let fault: FaultName = "a good answer";

beforeAll(async () => {
  server = await faultServer(() => fault);
  models = modelsAt(server.url);
});
afterAll(() => server.close());

function fresh(attempts: number, of = (): FaultName => fault): Calling {
  return createCalling({
    timers: systemTimers(),
    random: () => 0.1,
    timeLimits: () => (slow.test(of()) ? limits : ample),
    retryRules: { attempts: { interactive: attempts, batch: attempts }, base: 10, cap: 10, longest: 1_500 },
  });
}

async function read(model: ChatModel): Promise<{ text: string; parts: StreamPart[]; thrown?: ModelError }> {
  const parts: StreamPart[] = [];
  const textOf = (): string => parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  try {
    const request = { messages: [{ role: "user", content: "Hello" }] as const, parameters: {} };
    for await (const part of calling.reach(model).stream(request, new AbortController().signal)) parts.push(part);
    return { text: textOf(), parts };
  } catch (thrown) {
    return { text: textOf(), parts, thrown: thrown as ModelError };
  }
}

const numbering = "openai/test-pro";
const outcomeOf = (name: string, which: FaultName): Outcome =>
  (name === numbering ? undefined : untold[which]) ?? outcomes[which];

const modelNames = ["openai/test-model", numbering, "anthropic/test-model", "here/test-model"];

describe.each(modelNames)("of %s", (name) => {
  test.each(Object.keys(faults) as FaultName[])("%s comes to its stated end in its time", async (which) => {
    fault = which;
    calling = fresh(1);
    const began = performance.now();
    const before = process.memoryUsage().rss;
    const { text, parts, thrown } = await read(models.chatModel(name));
    if (slow.test(which)) expect(performance.now() - began).toBeLessThan(limits.total + 2_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    const outcome = outcomeOf(name, which);
    const finish = parts.find((part) => part.type === "finish");
    if ("text" in outcome) {
      expect(thrown).toBeUndefined();
      expect(text).toBe(outcome.text);
      const { input, output } = finish!.usage;
      if (outcome.unpriced) expect(input === undefined || output === undefined).toBe(true);
      else expect([input, output]).toEqual([12, 7]);
    } else {
      expect(thrown).toMatchObject({
        code: expect.stringContaining(outcome.code),
        message: expect.stringMatching(outcome.words),
      });
      expect(thrown!.message).not.toContain("sk-test-key");
      expect(thrown!.message.length).toBeLessThan(2_500);
      expect(finish).toBeUndefined();
    }
  });

  test("through the whole door the journal has an end of each, and a good one only of a whole answer", async () => {
    const names = Object.keys(faults) as FaultName[];
    const all = await faultServer(({ url = "" }) => names[Number(url.split("/")[1])]!);
    const ends = await Promise.all(
      names.map(async (which, index) => {
        const journal = memoryJournal();
        const own = modelsAt(`${all.url}/${index}`);
        // One after another would open the circuit.
        const door = createCaller({ resolve: own.chatModel, journal, clock: Date.now, calling: fresh(1, () => which) });
        const call = { messages: [{ role: "user" as const, content: "Hello" }], parameters: {}, step: 0, repeat: 0 };
        const answer = await door
          .chat({ ...call, model: name, address: { cell: "a", at: {} } }, { notebook: "a.md", run: "run-1" })
          .catch((thrown: unknown) => thrown as ModelError);
        return { which, answer, ends: journal.calls.map(({ end }) => end) };
      }),
    );
    await all.close();
    for (const { which, answer, ends: of } of ends) {
      const outcome = outcomeOf(name, which);
      expect(of, which).toHaveLength(1);
      const [end] = of;
      if ("text" in outcome) {
        expect(answer, which).toMatchObject({ text: outcome.text });
        expect(end, which).toMatchObject({
          state: "done",
          text: outcome.text,
          ...(outcome.unpriced && models.chatModel(name).effect === "paid" && { cost: null }),
        });
      } else {
        expect(answer, which).toMatchObject({ code: expect.stringContaining(outcome.code), facts: { call: {} } });
        expect(end, which).toMatchObject({
          state: (answer as ModelError).code === "model.truncated" ? "truncated" : "failed",
          error: {
            code: expect.stringContaining(outcome.code),
            // All at once, any limit of time may be the first.
            message: expect.stringMatching(slow.test(which) ? /did not|said nothing/ : outcome.words),
          },
        });
      }
    }
  });

  test.each<FaultName>([
    "429 without Retry-After",
    "429 with a negative Retry-After",
    "429 with nonsense as Retry-After",
    "429 with a date as Retry-After",
    "500",
    "502 with a page of a proxy",
    "529",
    "a reset after the headers",
    "200 with nothing",
    "200 with a page",
  ])("%s before any text is tried again, and the answer says so", async (which) => {
    calling = fresh(3);
    let requests = 0;
    const flaky = await faultServer(() => ((requests += 1) <= 2 ? which : "a good answer"));
    const own = modelsAt(flaky.url);
    const { text, parts, thrown } = await read(own.chatModel(name));
    await flaky.close();
    expect(thrown).toBeUndefined();
    expect(text).toBe(answerText);
    expect(parts.filter(({ type }) => type === "attempt")).toHaveLength(2);
    expect(flaky.requests()).toBe(3);
  });

  test.each<FaultName>([
    "429 with a huge Retry-After",
    "a reset in mid-stream",
    "an answer without its end",
    "silence in mid-stream",
    "401",
    "a content filter",
  ])("%s is not tried again", async (which) => {
    fault = which;
    calling = fresh(3);
    const before = server.requests();
    expect((await read(models.chatModel(name))).thrown).toBeDefined();
    expect(server.requests() - before).toBe(1);
  });
});

test("an answer that lost an event has its tokens, and is not tried again", async () => {
  fault = "one event lost";
  calling = fresh(3);
  const before = server.requests();
  const { parts, thrown } = await read(models.chatModel(numbering));
  expect(thrown).toMatchObject({ code: "model.truncated", facts: { retryable: true } });
  expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
  expect(server.requests() - before).toBe(1);
});

test.each(modelNames)("a server that is not there is said with its address, and tried again: %s", async (name) => {
  const address = await deadAddress();
  calling = fresh(3);
  const { parts, thrown } = await read(modelsAt(address).chatModel(name));
  expect(thrown).toMatchObject({ code: "model.unreachable", message: expect.stringContaining(address) });
  expect(parts.filter(({ type }) => type === "attempt")).toHaveLength(2);
});
