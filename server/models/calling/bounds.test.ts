import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, Sending } from "../model.ts";
import { limitedProvider } from "./__fixtures__/limited-provider.ts";
import { seededRandom } from "./__fixtures__/seeded-random.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling, type CallingSettings } from "./create-calling.ts";

const identity = { provider: "sim", baseUrl: "https://sim.test/v1" };
const batch: Sending = { priority: "batch", group: "run" };

function reaching(more: Partial<CallingSettings> = {}) {
  const time = virtualTime();
  const began = time.now();
  const calling = createCalling({ timers: time, random: () => 0.5, ...more });
  /** A model that answers after some time with what `end` says of the moment, and when each request left for it. */
  const model = (milliseconds: number, end: (since: number) => Error | null = () => null, name = "sim/model") => {
    const sentAt: number[] = [];
    const made: ChatModel = {
      ...scriptedModel([], { name, identity }),
      async *stream(_, signal) {
        sentAt.push(time.now() - began);
        await time.sleep(milliseconds, signal);
        const error = end(time.now() - began);
        if (error !== null) throw error;
        yield finish;
      },
    };
    return { model: made, sentAt };
  };
  const ask = async (model: ChatModel, sending: Sending = batch, signal = live(), content = "x"): Promise<string> => {
    const request = { messages: [{ role: "user" as const, content }], parameters: {}, sending };
    try {
      for await (const part of calling.reach(model).stream(request, signal)) void part;
      return "answered";
    } catch (thrown) {
      return thrown instanceof ModelError ? thrown.code : String(thrown);
    }
  };
  return { time, began, model, ask };
}

/** A provider that refuses everything before a time, and says so. */
const notBefore =
  (end: number, code: "model.rate-limited" | "model.overloaded" = "model.rate-limited") =>
  (since: number): Error | null =>
    since >= end ? null : new ModelError(code, "slower", { retryable: true, unbilled: true, retryAfter: end - since });

describe("a provider that asks to be left alone for more than a minute", () => {
  test.each([
    [61, "model.rate-limited"],
    [90, "model.rate-limited"],
    [240, "model.rate-limited"],
    [90, "model.overloaded"],
  ] as const)("is waited for by all rows, in flight or not: for %i s, with %s", async (seconds, code) => {
    const { time, model, ask } = reaching();
    const { model: busy, sentAt } = model(500, notBefore(seconds * 1_000, code));
    const rows = Promise.all(Array.from({ length: 300 }, () => ask(busy)));
    await time.run();
    expect(new Set(await rows)).toEqual(new Set(["answered"]));
    expect(sentAt.filter((at) => at > 0 && at < seconds * 1_000)).toEqual([]);
    expect(sentAt.length).toBeLessThanOrEqual(300 + 64);
  });

  test.each<[string, Sending, number]>([
    ["a person", {}, 90],
    ["a row that another model answers", { ...batch, hasOther: true }, 90],
    ["a row, where it is more than five minutes", batch, 301],
  ])("is not waited for by %s", async (_, sending, seconds) => {
    const { time, began, model, ask } = reaching();
    const { model: busy } = model(500, notBefore(seconds * 1_000));
    const asked = ask(busy, sending).then((end) => [end, time.now() - began]);
    await time.run();
    expect(await asked).toEqual(["model.rate-limited", 500]);
  });

  test("is waited for by a row for five minutes from when it refused it first, whatever it says then", async () => {
    const { time, began, model, ask } = reaching();
    const { model: busy } = model(500, () => notBefore(200_000)(0));
    const rows = Promise.all(Array.from({ length: 100 }, () => ask(busy)));
    const endedAt = rows.then(() => time.now() - began);
    await time.run();
    expect(new Set(await rows)).toEqual(new Set(["model.rate-limited", "model.circuit-open"]));
    // The one that tries it after 200 s was not refused before.
    expect(await endedAt).toBeLessThanOrEqual(500_000);
  });
});

describe("a provider that asks to be left alone for a day", () => {
  const person: Sending = {};
  const day = 86_400_000;
  const codes = ["model.rate-limited", "model.overloaded"] as const;
  const refusal = (code: (typeof codes)[number], retryAfter?: number): ModelError =>
    new ModelError(code, "tomorrow", {
      retryable: true,
      unbilled: true,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });

  test.each(codes)("is tried by a person a minute later, and asked by all where it answers: %s", async (code) => {
    const { time, model, ask } = reaching();
    const { model: busy, sentAt } = model(500, (since) => (since < 60_000 ? refusal(code, day) : null));
    void ask(busy, person);
    await time.pass(60_000);
    expect([await ask(busy, person), await ask(busy)]).toEqual(["model.circuit-open", "model.circuit-open"]);
    await time.pass(500);
    expect(await ask(busy)).toBe("model.circuit-open");
    const ends = [ask(busy, person)];
    await time.pass(500);
    ends.push(ask(busy), ask(busy, person));
    await time.pass(500);
    expect(await Promise.all(ends)).toEqual(["answered", "answered", "answered"]);
    expect(sentAt).toEqual([0, 60_500, 61_000, 61_000]);
  });

  test.each(codes.flatMap((code) => [day, 30_000, 1_000, 0, undefined].map((then) => [code, then] as const)))(
    "is asked once a minute, however often people do and whatever it says then, and by no row: %s, %s",
    async (code, then) => {
      const { time, model, ask } = reaching();
      const { model: busy, sentAt } = model(500, (since) => refusal(code, since < 1_000 ? day : then));
      void ask(busy, person);
      for (let seconds = 1; seconds <= 1_200; seconds += 1) {
        await time.pass(1_000);
        for (const sending of [person, person, batch]) void ask(busy, sending);
      }
      await time.run();
      expect(sentAt.length).toBeGreaterThanOrEqual(19);
      for (const [index, at] of sentAt.slice(1).entries()) expect(at - sentAt[index]!).toBeGreaterThanOrEqual(60_000);
    },
  );

  test("is tried by one person at a time, and no more by who stops it at once", async () => {
    const { time, model, ask } = reaching();
    const { model: busy, sentAt } = model(50_000, (since) =>
      since < 60_000 ? refusal("model.overloaded", day) : null,
    );
    void ask(busy, person);
    await time.pass(110_000);
    const stopped = new AbortController();
    const ends = [ask(busy, person, stopped.signal), ...Array.from({ length: 99 }, () => ask(busy, person))];
    await time.pass(1);
    stopped.abort(new Error("stop"));
    expect(new Set(await Promise.all(ends))).toEqual(new Set(["Error: stop", "model.circuit-open"]));
    expect(await ask(busy, person)).toBe("model.circuit-open");
    expect(sentAt).toEqual([0, 110_000]);
  });

  test("may be tried where who was to try it left the line before", async () => {
    const { time, model, ask } = reaching({ concurrency: () => 1 });
    const { model: busy, sentAt } = model(500, (since) => (since < 60_000 ? refusal("model.rate-limited", day) : null));
    const { model: slow } = model(30_000, () => null, "sim/slow");
    void ask(busy, person);
    await time.pass(60_000);
    void ask(slow, person);
    await time.pass(1_000);
    const stopped = new AbortController();
    const left = ask(busy, person, stopped.signal);
    await time.pass(1_000);
    stopped.abort(new Error("stop"));
    expect(await left).toBe("Error: stop");
    await time.pass(30_000);
    const end = ask(busy, person);
    await time.pass(500);
    expect([await end, sentAt]).toEqual(["answered", [0, 92_000]]);
  });
});

test("a provider that asks to be left alone for four minutes is tried by a person each minute, and rows wait as long as it says", async () => {
  const { time, model, ask } = reaching();
  const { model: busy, sentAt } = model(500, notBefore(240_000));
  const rows = Promise.all(Array.from({ length: 300 }, () => ask(busy)));
  for (let seconds = 1; seconds <= 240; seconds += 1) {
    await time.pass(1_000);
    void ask(busy, {});
  }
  await time.run();
  expect(new Set(await rows)).toEqual(new Set(["answered"]));
  expect(sentAt.filter((at) => at > 0 && at < 239_000)).toEqual([61_000, 122_000, 183_000]);
  expect(sentAt.length).toBeLessThanOrEqual(300 + 64 + 5);
});

describe("a bound of one's own that is changed", () => {
  test("holds for those that wait already, for a place or for room, from the next second on", async () => {
    const own = { concurrency: 64, requests: 1_000 };
    const { time, model, ask } = reaching({
      concurrency: () => own.concurrency,
      rateLimits: () => ({ requests: own.requests }),
    });
    const { model: asked, sentAt } = model(1_000);
    const rows = Promise.all(Array.from({ length: 300 }, () => ask(asked)));
    await time.pass(2_500);
    expect(sentAt).toHaveLength(192);
    Object.assign(own, { concurrency: 4, requests: 200 });
    await time.pass(30_000);
    expect(sentAt).toHaveLength(200);
    Object.assign(own, { requests: 1_000 });
    await time.pass(1_000);
    expect(sentAt.length).toBeGreaterThan(200);
    await time.run();
    expect(new Set(await rows)).toEqual(new Set(["answered"]));
    // Four at once, each for a second.
    expect(sentAt.at(-1)! - sentAt[200]!).toBeGreaterThanOrEqual(24_000);
  });
});

describe("requests in the line for a place", () => {
  test("are not sent before the time a provider names meanwhile, and all of them after it", async () => {
    const { time, model, ask } = reaching();
    const { model: busy, sentAt } = model(500, notBefore(30_000));
    const rows = Promise.all(Array.from({ length: 500 }, () => ask(busy)));
    await time.run();
    // Those in flight together are refused together, and sent again: all wait as long as is asked, so none is too many.
    expect(new Set(await rows)).toEqual(new Set(["answered"]));
    expect(sentAt.filter((at) => at > 500 && at < 30_000)).toEqual([]);
    expect(sentAt).toHaveLength(500 + 64);
  });

  test("are tried one by one, in each time that the provider forbids, once it has refused those that were in flight, and end together after five minutes", async () => {
    const { time, began, ask } = reaching();
    const inWindow: number[] = [];
    let forbiddenUntil = 0;
    const forbidding: ChatModel = {
      ...scriptedModel([], { name: "sim/model", identity }),
      async *stream(_, signal) {
        const now = time.now();
        if (now >= forbiddenUntil) {
          forbiddenUntil = now + 20_000;
          inWindow.push(0);
        }
        inWindow[inWindow.length - 1]! += 1;
        yield* [];
        await time.sleep(300, signal);
        const retryAfter = forbiddenUntil - now;
        throw new ModelError("model.rate-limited", "too many", { retryable: true, unbilled: true, retryAfter });
      },
    };
    const rows = Promise.all(Array.from({ length: 400 }, () => ask(forbidding)));
    const endedAt = rows.then(() => time.now() - began);
    await time.run();
    expect(new Set(await rows)).toEqual(new Set(["model.rate-limited", "model.circuit-open"]));
    expect(inWindow[0]).toBe(64);
    expect(inWindow.length).toBeGreaterThanOrEqual(10);
    expect(new Set(inWindow.slice(1))).toEqual(new Set([1]));
    expect(await endedAt).toBeLessThanOrEqual(301_000);
  });

  test.each([0, 1, 1_000])(
    "are not multiplied by a provider that refuses all and asks for %i ms",
    async (retryAfter) => {
      const { time, model, ask } = reaching();
      const refusal = { retryable: true, unbilled: true, retryAfter };
      const { model: refusing, sentAt } = model(10, () => new ModelError("model.rate-limited", "slower", refusal));
      const rows = Promise.all(Array.from({ length: 200 }, () => ask(refusing)));
      await time.run();
      expect([...new Set(await rows)]).toEqual(["model.circuit-open"]);
      // Those in flight at first, and then one at a time, with pauses that double.
      expect(sentAt.length).toBeLessThanOrEqual(64 + 30);
      expect(sentAt.at(-1)).toBeLessThanOrEqual(301_000);
    },
  );

  test("keep within the bounds that the first answers say", async () => {
    const { time, ask } = reaching({ concurrency: () => 4 });
    const provider = limitedProvider("any minute", { requests: 100 }, time, seededRandom(5), { saysBounds: true });
    const bounded = { ...provider, identity };
    const rows = Promise.all(Array.from({ length: 500 }, () => ask(bounded, batch, live(), "5 x")));
    await time.run();
    expect(new Set(await rows)).toEqual(new Set(["answered"]));
    expect(provider.refused).toBe(0);
    expect(provider.taken).toHaveLength(500);
  });

  test("count for nothing when they are cancelled there", async () => {
    const { time, model, ask } = reaching({ concurrency: () => 4, rateLimits: () => ({ requests: 500 }) });
    const { model: slow, sentAt } = model(20_000);
    const controller = new AbortController();
    const rows = Promise.all(Array.from({ length: 500 }, () => ask(slow, batch, controller.signal)));
    await time.pass(1_000);
    controller.abort(new Error("stop"));
    await rows;
    expect(sentAt).toHaveLength(4);
    void ask(slow);
    await time.pass(1);
    expect(sentAt.at(-1)).toBe(1_000);
  });

  test("are no bar to a person's request, which takes the next place and the room of one of them", async () => {
    const { time, model, ask } = reaching({ concurrency: () => 4, rateLimits: () => ({ requests: 8 }) });
    const { model: slow, sentAt } = model(1_000);
    const rows = Array.from({ length: 20 }, () => ask(slow));
    await time.pass(10);
    let answered = false;
    void ask(slow, { priority: "interactive" }).then(() => (answered = true));
    await time.pass(2_500);
    // Four rows, the person, and three more rows.
    expect([answered, sentAt.length]).toEqual([true, 8]);
    await time.run();
    await Promise.all(rows);
    for (const [index, at] of sentAt.slice(8).entries()) expect(at - sentAt[index]!).toBeGreaterThanOrEqual(60_000);
  });

  test("hold no place while they wait for the time one model of the provider names: another's calls go out", async () => {
    const { time, model, ask } = reaching({ concurrency: () => 4 });
    const { model: busy } = model(500, notBefore(30_000));
    const rows = Promise.all(Array.from({ length: 100 }, () => ask(busy)));
    await time.pass(1_000);
    const { model: other, sentAt } = model(500, () => null, "sim/other");
    void ask(other);
    await time.pass(1);
    expect(sentAt).toEqual([1_000]);
    await time.run();
    await rows;
  });
});

test("an hour of rows under 500 requests and 100,000 tokens a minute, with hardly more places than they need", async () => {
  const { time, began, ask } = reaching({ concurrency: () => 18 });
  const random = seededRandom(7);
  const bounds = { requests: 500, tokens: 100_000 };
  const provider = limitedProvider("any minute", bounds, time, random, { saysBounds: true });
  const bounded = { ...provider, identity };
  const end = began + 3_600_000;
  const worker = async (): Promise<void> => {
    while (time.now() < end) {
      const content = `${Math.ceil(20 + random() * 100)} `.padEnd(Math.ceil(200 + random() * 600), "x");
      await ask(bounded, batch, live(), content);
    }
  };
  const workers = Array.from({ length: 400 }, worker);
  await time.run();
  await Promise.all(workers);
  const taken = provider.taken.filter(({ at }) => at < end);
  const tokens = taken.reduce((sum, call) => sum + call.tokens, 0);
  expect(provider.refused).toBe(0);
  expect(Math.max(tokens / (bounds.tokens * 60), taken.length / (bounds.requests * 60))).toBeGreaterThanOrEqual(0.95);
}, 60_000);
