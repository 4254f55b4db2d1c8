import { expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text, type ScriptedModel, type Step } from "../__fixtures__/scripted-model.ts";
import { ModelError, type ModelErrorFacts } from "../model-error.ts";
import type { StreamPart } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { rotated } from "./rotated.ts";

const limit = new ModelError("model.rate-limited", "too many", { retryable: true });

function withKeys(...scripts: (readonly Step[])[]) {
  const time = virtualTime();
  const playing = [...scripts];
  const keys = scripts.map((_, index): ScriptedModel => {
    const sent: ScriptedModel["sent"] = [];
    const stream: ScriptedModel["stream"] = (request, signal) => {
      sent.push({ request, signal });
      return scriptedModel(playing[index]!).stream(request, signal);
    };
    return { ...scriptedModel([]), keyHash: `hash ${index + 1}`, sent, stream };
  });
  const play = (key: number, steps: readonly Step[]): void => void (playing[key] = steps);
  const model = rotated(keys, time);
  const read = async (): Promise<StreamPart[]> => {
    const parts: StreamPart[] = [];
    for await (const part of model.stream({ messages: [], parameters: {} }, live())) parts.push(part);
    return parts;
  };
  return { time, read, sent: () => keys.map((key) => key.sent.length), model, keys, play };
}

test("requests take the keys in turn", async () => {
  const { read, sent } = withKeys([finish], [finish], [finish]);
  for (let times = 0; times < 7; times += 1) await read();
  expect(sent()).toEqual([3, 2, 2]);
});

test("the turns of a key that rests are shared by the others", async () => {
  const { read, sent } = withKeys([new ModelError("model.unauthorized", "no")], [finish], [finish]);
  for (let times = 0; times < 20; times += 1) await read();
  expect(sent()).toEqual([1, 10, 10]);
});

test("a key at its limit rests, and its request goes on with the next, which the answer says", async () => {
  const { read, sent, time } = withKeys([limit], [finish]);
  expect(await read()).toMatchObject([
    { type: "key", number: 1, hash: "hash 1" },
    { type: "attempt", attempt: { key: 1, code: "model.rate-limited", waited: 0 } },
    { type: "key", number: 2, hash: "hash 2" },
    finish,
  ]);
  for (let times = 0; times < 4; times += 1) await read();
  expect(sent()).toEqual([1, 5]);
  await time.pass(10_000);
  for (let times = 0; times < 2; times += 1) await read();
  expect(sent()[0]).toBe(2);
});

test("a key that is refused rests for ten minutes", async () => {
  const { read, sent, time } = withKeys([new ModelError("model.unauthorized", "no")], [finish]);
  await read();
  await time.pass(599_000);
  for (let times = 0; times < 4; times += 1) await read();
  expect(sent()[0]).toBe(1);
});

test.each<[string, ModelErrorFacts]>([
  ["for as long", { retryAfter: 60_000 }],
  ["until the date", { retryAt: 1_000_000 + 60_000 }],
])("a key rests %s as its provider asks", async (_, facts) => {
  const { read, sent, time } = withKeys([new ModelError("model.rate-limited", "too many", facts)], [finish]);
  await read();
  await time.pass(59_000);
  for (let times = 0; times < 4; times += 1) await read();
  expect(sent()[0]).toBe(1);
  await time.pass(1_000);
  for (let times = 0; times < 2; times += 1) await read();
  expect(sent()[0]).toBe(2);
});

test("a key rests for a day at most, whatever its provider asks", async () => {
  const { read, sent, time } = withKeys([limit.with({ retryAfter: 999_999_999_000 })], [finish]);
  await read();
  await time.pass(86_400_000);
  for (let times = 0; times < 2; times += 1) await read();
  expect(sent()[0]).toBe(2);
});

const badKey = new ModelError("model.unauthorized", "bad key");
const open = new ModelError("model.circuit-open", "not asked for 15 s");

test.each<[string, readonly Step[], string]>([
  ["the first one's that may answer later", [badKey, limit, badKey], "too many"],
  ["the first one's that may answer later", [open, badKey, limit], "too many"],
  ["those of one that is not refused", [badKey, open, badKey], "not asked for 15 s"],
  ["otherwise the last one's", [badKey, new ModelError("model.quota", "no credit")], "no credit"],
])("where no key is left, each asked once, the words are %s", async (_, failures, words) => {
  const { read, sent } = withKeys(...failures.map((failure) => [failure]));
  await expect(read()).rejects.toThrow(words);
  expect(sent()).toEqual(failures.map(() => 1));
});

test("a key that was refused and rests is not asked in the stead of one that need only be waited for", async () => {
  const { read, sent, time, play } = withKeys([finish], [badKey]);
  await read();
  await read();
  play(0, [limit]);
  await expect(read()).rejects.toBe(limit);
  await time.pass(1_000);
  play(0, [finish]);
  await read();
  expect(sent()).toEqual([4, 1]);
});

test("a key whose others were refused has no other", async () => {
  const { read, keys } = withKeys([finish], [badKey]);
  for (let times = 0; times < 3; times += 1) await read();
  expect(keys[0]!.sent.map(({ request }) => request.sending?.hasOther)).toEqual([true, false, false]);
});

test("keys that were all refused are each asked again", async () => {
  const { read, sent } = withKeys([badKey], [badKey]);
  for (let times = 0; times < 2; times += 1) await expect(read()).rejects.toBe(badKey);
  expect(sent()).toEqual([2, 2]);
});

test.each<[string, readonly Step[]]>([
  ["after text", [text("a"), limit]],
  ["for what no key can help", [new ModelError("model.bad-request", "no")]],
])("another key is not tried %s", async (_, steps) => {
  const { read, sent } = withKeys(steps, [finish]);
  await expect(read()).rejects.toBe(steps.at(-1));
  expect(sent()).toEqual([1, 0]);
});

test("one key is the model itself", () => {
  const { model, keys } = withKeys([finish]);
  expect(model).toBe(keys[0]);
});
