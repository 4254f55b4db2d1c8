import { expect, test } from "vitest";
import { finish, scriptedModel, text, type Step } from "../__fixtures__/scripted-model.ts";
import { live } from "../__fixtures__/held-send.ts";
import type { ChatModel, StreamPart } from "../model.ts";
import { virtualTime, type VirtualTime } from "./__fixtures__/virtual-time.ts";
import { timed } from "./timed.ts";

const limits = { firstPart: 60_000, idle: 30_000, total: 100_000 };
const request = { messages: [], parameters: {} };

async function read(model: ChatModel, signal = live()): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of model.stream(request, signal)) parts.push(part);
  return parts;
}

const wait =
  (time: VirtualTime, milliseconds: number): (() => Promise<void>) =>
  () =>
    time.sleep(milliseconds);

/** A model whose steps may be waits. */
function slow(steps: readonly (Step | (() => Promise<void>))[]): ChatModel & { readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  return {
    ...scriptedModel([]),
    signals,
    async *stream(_, signal) {
      signals.push(signal);
      for (const step of steps) {
        if (typeof step === "function") await step();
        else if (step === "hang") await new Promise<never>(() => {});
        else if (!(step instanceof Promise) && !(step instanceof Error)) yield step;
      }
    },
  };
}

test("an answer in time is as it was", async () => {
  const time = virtualTime();
  const model = timed(time, () => limits)(slow([wait(time, 59_999), text("a"), wait(time, 29_999), text("b"), finish]));
  const reading = read(model);
  await time.run();
  expect(await reading).toEqual([text("a"), text("b"), finish]);
});

test.each([
  ["did not begin to answer within 60 s", (time: VirtualTime) => [wait(time, 61_000), text("a"), finish], 60_000, true],
  ["said nothing for 30 s", (time: VirtualTime) => [text("a"), wait(time, 31_000), finish], 30_000, false],
  [
    "did not come to an end within 100 s",
    (time: VirtualTime) => [text("a"), ...Array.from({ length: 9 }, () => [wait(time, 20_000), text("b")]).flat()],
    100_000,
    false,
  ],
])("a model that %s is ended with that", async (words, stepsOf, at, retryable) => {
  const time = virtualTime();
  const began = time.now();
  const inner = slow(stepsOf(time));
  const reading = read(timed(time, () => limits)(inner)).catch((thrown: unknown) => ({ thrown, at: time.now() }));
  await time.run();
  expect(await reading).toMatchObject({
    at: began + at,
    thrown: { code: "model.timeout", message: `test/scripted ${words}`, facts: { retryable } },
  });
  expect(inner.signals[0]!.aborted).toBe(true);
});

test("a model that does not heed its abort holds up nobody", async () => {
  const time = virtualTime();
  const reading = read(timed(time, () => limits)(slow(["hang"]))).catch((thrown: unknown) => thrown);
  await time.run();
  expect(await reading).toMatchObject({ code: "model.timeout" });
});

test("what a provider says before its answer is not yet one", async () => {
  const time = virtualTime();
  const model = timed(time, () => limits)(slow([{ type: "head", limits: {} }, wait(time, 40_000), text("a"), finish]));
  const reading = read(model);
  await time.run();
  expect(await reading).toHaveLength(3);
});

test("the abort of the reader goes through with its reason", async () => {
  const time = virtualTime();
  const controller = new AbortController();
  const inner = scriptedModel([text("a"), "hang"]);
  const reading = read(timed(time, () => limits)(inner), controller.signal).catch((thrown: unknown) => thrown);
  await time.pass(10);
  const reason = new Error("stop");
  controller.abort(reason);
  expect(await reading).toBe(reason);
  expect(inner.sent[0]!.signal.reason).toBe(reason);
});

test("a reader that leaves closes the connection", async () => {
  const time = virtualTime();
  const inner = scriptedModel([text("a"), "hang"]);
  for await (const part of timed(time, () => limits)(inner).stream(request, live())) if (part.type === "text") break;
  expect(inner.sent[0]!.signal.aborted).toBe(true);
});
