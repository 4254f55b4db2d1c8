import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel } from "../model.ts";
import { virtualTime, type VirtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling } from "./create-calling.ts";

/** A server that answers so many at once, in the order they came, each in some milliseconds, of which a quarter pass before the first part. */
function slowServer(time: VirtualTime, slots: number, milliseconds: number, keyHash?: string) {
  const waiting = new Set<() => void>();
  const seen = { inFlight: 0, most: 0, sent: 0, fullAt: Number.POSITIVE_INFINITY };
  const began = time.now();
  let free = slots;
  const leave = (): void => {
    free += 1;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    next();
  };
  const enter = async (signal: AbortSignal): Promise<void> => {
    if (free === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.add(resolve);
      signal.addEventListener("abort", () => waiting.delete(resolve) && reject(signal.reason as Error), { once: true });
      await promise;
    }
    free -= 1;
  };
  const model: ChatModel = {
    ...scriptedModel([], {
      name: "own/model",
      identity: { provider: "openai-compatible", baseUrl: "http://127.0.0.1:11434/v1" },
    }),
    ...(keyHash === undefined ? {} : { keyHash }),
    async *stream(_, signal) {
      seen.sent += 1;
      seen.inFlight += 1;
      seen.most = Math.max(seen.most, seen.inFlight);
      if (seen.inFlight === 64) seen.fullAt = Math.min(seen.fullAt, time.now() - began);
      try {
        await enter(signal);
        try {
          await time.sleep(milliseconds / 4, signal);
          yield text("a");
          for (let left = (milliseconds * 3) / 4; left > 0; left -= 10_000) {
            await time.sleep(Math.min(left, 10_000), signal);
            yield text("b");
          }
        } finally {
          leave();
        }
      } finally {
        seen.inFlight -= 1;
      }
      yield finish;
    },
  };
  return { model, seen };
}

/** How the rows of a run end, how often each way, and after how many milliseconds all have. */
async function run(
  time: VirtualTime,
  model: ChatModel,
  rows: number,
  calling = createCalling({ timers: time, random: () => 0.5 }),
) {
  const began = time.now();
  const ends: { [end: string]: number } = {};
  const row = async (): Promise<void> => {
    const end = await (async () => {
      const request = { messages: [], parameters: {}, sending: { priority: "batch" as const, group: "run" } };
      for await (const part of calling.reach(model).stream(request, live())) void part;
      return "answered";
    })().catch((thrown: unknown) => (thrown as ModelError).message);
    ends[end] = (ends[end] ?? 0) + 1;
  };
  let lasted: number | undefined;
  void Promise.all(Array.from({ length: rows }, row)).then(() => (lasted = time.now() - began));
  await time.run(() => lasted !== undefined);
  return { ends, lasted: lasted! };
}

const seconds = 1_000;
const minutes = 60_000;

describe("rows at a server that answers", () => {
  describe.each([
    ["without a key", undefined],
    ["with a key", "of-a-key"],
  ])("%s", (_, keyHash) => {
    test.each([
      [1, 2.5],
      [1, 10],
      [1, 30],
      [1, 200],
      [4, 10],
      [4, 30],
      [4, 100],
    ])("%i at a time, each in %f s, all come to an end", async (slots, each) => {
      const time = virtualTime();
      const { model, seen } = slowServer(time, slots, each * seconds, keyHash);
      const { ends, lasted } = await run(time, model, 300);
      expect(ends).toEqual({ answered: 300 });
      expect(lasted).toBeLessThan(1.15 * (300 / slots) * each * seconds + 5 * minutes);
      expect(seen.sent).toBeLessThan(300 + 130);
    });
  });

  test("one at a time hardly wait in its own line, where nobody can go before them", async () => {
    const time = virtualTime();
    const { model, seen } = slowServer(time, 1, 10 * seconds);
    const calling = createCalling({ timers: time, random: () => 0.5 });
    expect(calling.places(model)).toEqual({ now: 2, expected: 64 });
    await run(time, model, 100, calling);
    expect(seen).toMatchObject({ most: 2, sent: 100 });
    expect(calling.places(model)).toEqual({ now: 2, expected: 2 });
  });

  test("all that come have 64 places within a second where it is quick", async () => {
    const time = virtualTime();
    const { model, seen } = slowServer(time, 1_000, 30);
    await run(time, model, 5_000);
    expect(seen.fullAt).toBeLessThan(1 * seconds);
    expect(seen.most).toBe(64);
  });

  test("all that come have 64 places within two minutes where each takes ten seconds", async () => {
    const time = virtualTime();
    const { model, seen } = slowServer(time, 1_000, 10 * seconds);
    await run(time, model, 1_000);
    expect(seen.fullAt).toBeLessThan(2 * minutes);
  });
});

describe("rows that begin later than a short request before them, however few there are", () => {
  test.each([
    [1, 1.6],
    [1, 5],
    [1.5, 20],
  ])("have 64 places: after %f s, in %f s", async (short, begin) => {
    const time = virtualTime();
    const rows = slowServer(time, 1_000, 4 * begin * seconds);
    let server = slowServer(time, 1_000, short * seconds);
    const model: ChatModel = { ...rows.model, stream: (...given) => server.model.stream(...given) };
    const calling = createCalling({ timers: time, random: () => 0.5 });
    await run(time, model, 1, calling);
    server = rows;
    await run(time, model, 1_000, calling);
    expect(rows.seen.most).toBe(64);
    expect(rows.seen.fullAt).toBeLessThan(120 * begin * seconds);
  });
});

describe("a server that never answers", () => {
  test.each([
    ["without a key", undefined, 12],
    ["with a key", "of-a-key", 12],
  ])("%s fails all rows within minutes, and says why", async (_, keyHash, most) => {
    const time = virtualTime();
    const { model, seen } = slowServer(time, 0, 1, keyHash);
    const { ends, lasted } = await run(time, model, 300);
    for (const end of Object.keys(ends)) expect(end).toMatch(/own\/model did not begin to answer within 60 s$/);
    expect(lasted).toBeLessThan(most * minutes);
    expect(seen.sent).toBeLessThan(150);
  });
});
