import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, ChatRequest, Sending, StreamPart } from "../model.ts";
import { limitedProvider, type BoundKind, type Bounds, type Counting } from "./__fixtures__/limited-provider.ts";
import { seededRandom } from "./__fixtures__/seeded-random.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { announced } from "./announced.ts";
import { rateLimited } from "./rate-limited.ts";
import { createRateLimiter, type RateLimits } from "./rate-limiter.ts";
import { createTokenGuess } from "./token-guess.ts";

const hour = 3_600_000;

function paced(time: ReturnType<typeof virtualTime>, model: ChatModel, limits: RateLimits = {}): ChatModel {
  const pace = {
    limiter: createRateLimiter(
      time,
      () => 0.5,
      () => limits,
    ),
    guess: createTokenGuess(),
  };
  return rateLimited(() => pace, time)(announced(model));
}

/** A request of a row: it begins with the tokens of its answer, and is as long as its input. */
function row(random: () => number, sending: Sending = { priority: "batch" }): ChatRequest {
  const content = `${Math.ceil(20 + random() * 100)} `.padEnd(Math.ceil(200 + random() * 600), "x");
  return { messages: [{ role: "user", content }], parameters: { max_tokens: 120 }, sending };
}

async function read(model: ChatModel, request: ChatRequest, signal = live()): Promise<void> {
  for await (const part of model.stream(request, signal)) void part;
}

const together: Bounds = { requests: 500, tokens: 100_000 };

describe("an hour of rows under 500 requests and 100,000 tokens a minute", () => {
  test.each<[Counting, boolean, Bounds]>([
    ["any minute", true, together],
    ["fixed minutes", true, together],
    ["a bucket that fills", true, together],
    ["any minute", false, together],
    // Tokens in and out with bounds of their own: what comes in is the narrow one here, what goes out there.
    ["a bucket that fills", true, { requests: 500, inputTokens: 50_000, outputTokens: 50_000 }],
    ["any minute", true, { requests: 500, inputTokens: 80_000, outputTokens: 20_000 }],
  ])(
    "where the provider counts %s, and says its bounds: %s, %o",
    async (counting, saysBounds, bounds) => {
      const time = virtualTime();
      const random = seededRandom(7);
      const provider = limitedProvider(counting, bounds, time, random, { saysBounds });
      const model = paced(time, provider, saysBounds ? {} : bounds);
      // The bounds are not known before the first answer.
      if (saysBounds) {
        const first = read(model, row(random));
        await time.pass(5_000);
        await first;
      }
      const end = time.now() + hour;
      const worker = async (): Promise<void> => {
        while (time.now() < end) await read(model, row(random));
      };
      const workers = Array.from({ length: 400 }, worker);
      await time.pass(hour + 120_000);
      await Promise.all(workers);
      const counted = provider.taken.filter(({ at }) => at < end);
      const used = (Object.entries(bounds) as [BoundKind, number][]).map(
        ([kind, bound]) => counted.reduce((sum, call) => sum + call[kind], 0) / (bound * 60),
      );
      expect(provider.refused).toBe(0);
      expect(Math.max(...used)).toBeGreaterThanOrEqual(0.95);
    },
    60_000,
  );
});

describe("a provider that asks to come back later", () => {
  test("is asked once in each time it forbids, whatever waits: only what is in flight when it first says so is more", async () => {
    const time = virtualTime();
    const sentAt: number[] = [];
    const busy: ChatModel = {
      ...scriptedModel([]),
      async *stream() {
        sentAt.push(time.now());
        yield* [];
        await time.sleep(300);
        throw new ModelError("model.rate-limited", "too many", { retryable: true, unbilled: true, retryAfter: 20_000 });
      },
    };
    const model = paced(time, busy);
    const began = time.now();
    const worker = async (): Promise<void> => {
      while (time.now() < began + 600_000) await read(model, row(Math.random)).catch(() => undefined);
    };
    const first = read(model, row(Math.random)).catch(() => undefined);
    await time.pass(301);
    await first;
    const workers = Array.from({ length: 400 }, worker);
    await time.pass(10_000_000);
    await Promise.all(workers);
    for (const [index, at] of sentAt.slice(1).entries()) expect(at - sentAt[index]!).toBeGreaterThanOrEqual(20_000);
    expect(sentAt.length).toBeGreaterThanOrEqual(29);
  });

  test.each<[string, StreamPart | Error]>([
    ["takes it", { type: "head", limits: {} }],
    ["fails otherwise", new ModelError("model.provider-failed", "oops", { retryable: true })],
  ])("is asked for all that waits as soon as it %s again", async (_, end) => {
    const time = virtualTime();
    const sentAt: number[] = [];
    const slow: ChatModel = {
      ...scriptedModel([]),
      async *stream() {
        sentAt.push(time.now() - began);
        if (sentAt.length === 1)
          throw new ModelError("model.rate-limited", "too many", { retryable: true, retryAfter: 20_000 });
        await time.sleep(500);
        if (end instanceof Error) throw end;
        yield end;
        await time.sleep(30_000);
        yield finish;
      },
    };
    const model = paced(time, slow);
    const began = time.now();
    await read(model, row(Math.random)).catch(() => undefined);
    const all = Array.from({ length: 50 }, () => read(model, row(Math.random)).catch(() => undefined));
    await time.run();
    await Promise.all(all);
    expect(sentAt.slice(0, 3)).toEqual([0, 20_000, 20_500]);
    expect(new Set(sentAt.slice(2))).toEqual(new Set([20_500]));
  });

  test("is asked for all that waits where it has not refused the one that tries it within ten seconds", async () => {
    const time = virtualTime();
    const sentAt: number[] = [];
    const thinking: ChatModel = {
      ...scriptedModel([]),
      async *stream() {
        sentAt.push(time.now() - began);
        if (sentAt.length === 1)
          throw new ModelError("model.rate-limited", "too many", { retryable: true, retryAfter: 20_000 });
        await time.sleep(300_000);
        yield finish;
      },
    };
    const model = paced(time, thinking);
    const began = time.now();
    await read(model, row(Math.random)).catch(() => undefined);
    const all = [1, 2, 3].map(() => read(model, row(Math.random)));
    await time.run();
    await Promise.all(all);
    expect(sentAt).toEqual([0, 20_000, 30_000, 30_000]);
  });

  test("is tried with another request where the one that was to try it is cancelled", async () => {
    const time = virtualTime();
    const sentAt: number[] = [];
    const hanging: ChatModel = {
      ...scriptedModel([]),
      async *stream(_, signal) {
        sentAt.push(time.now() - began);
        if (sentAt.length === 1)
          throw new ModelError("model.rate-limited", "too many", { retryable: true, retryAfter: 20_000 });
        if (sentAt.length === 2) await time.sleep(90_000, signal);
        yield finish;
      },
    };
    const model = paced(time, hanging);
    const began = time.now();
    await read(model, row(Math.random)).catch(() => undefined);
    const controller = new AbortController();
    const first = read(model, row(Math.random), controller.signal).catch((thrown: unknown) => thrown);
    const second = read(model, row(Math.random));
    await time.pass(25_000);
    expect(sentAt).toEqual([0, 20_000]);
    controller.abort(new Error("stop"));
    await first;
    await time.run();
    await second;
    expect(sentAt).toEqual([0, 20_000, 25_000]);
  });

  test("is not waited for longer than a minute", async () => {
    const time = virtualTime();
    const model = paced(
      time,
      scriptedModel([new ModelError("model.rate-limited", "tomorrow", { retryAfter: 86_400_000 })]),
    );
    await expect(read(model, row(Math.random))).rejects.toThrow("tomorrow");
    const began = time.now();
    let endedAt = 0;
    const second = read(model, row(Math.random)).catch(() => (endedAt = time.now()));
    await time.run();
    await second;
    expect(endedAt - began).toBe(60_000);
  });
});

describe("the line before a bound", () => {
  test("lets a person's request before the row that waits for room", async () => {
    const time = virtualTime();
    const came: string[] = [];
    const inner = scriptedModel([finish]);
    const model = paced(time, inner, { requests: 2 });
    const send = (name: string, sending: Sending): Promise<unknown> =>
      read(model, row(Math.random, sending)).then(() => came.push(name));
    const all = ["row 1", "row 2", "row 3", "row 4"].map((name) => send(name, { priority: "batch" }));
    await time.pass(30_000);
    expect(came).toEqual(["row 1", "row 2"]);
    all.push(send("person", { priority: "interactive" }));
    await time.run();
    await Promise.all(all);
    expect(came.slice(0, 3)).toEqual(["row 1", "row 2", "person"]);
    expect(came).toHaveLength(5);
  });

  test("is left at once by a request that is cancelled, first or not, and goes on", async () => {
    const time = virtualTime();
    const model = paced(time, scriptedModel([finish]), { requests: 1 });
    await read(model, row(Math.random));
    const controllers = [new AbortController(), new AbortController()];
    const leaving = controllers.map(({ signal }) =>
      read(model, row(Math.random), signal).catch((thrown: unknown) => thrown),
    );
    const staying = read(model, row(Math.random));
    await time.pass(10);
    for (const controller of controllers) {
      controller.abort(new Error("stop"));
      await time.pass(1);
    }
    for (const left of leaving) expect(await left).toEqual(new Error("stop"));
    await time.run();
    await staying;
  });

  test("moves on when an answer took less than was guessed", async () => {
    const time = virtualTime();
    const cheap: ChatModel = {
      ...scriptedModel([]),
      async *stream() {
        await time.sleep(1_000);
        yield { type: "finish", reason: "stop", usage: { input: 1, output: 1 } };
      },
    };
    const model = paced(time, cheap, { tokens: 400 });
    const began = time.now();
    const all = [1, 2, 3].map(() =>
      read(
        model,
        row(() => 0.5),
      ),
    );
    await time.run();
    await Promise.all(all);
    expect(time.now() - began).toBeLessThan(70_000);
  });
});
