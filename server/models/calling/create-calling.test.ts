import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import { createModels } from "../index.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, ChatRequest, StreamPart } from "../model.ts";
import { seededRandom } from "./__fixtures__/seeded-random.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling } from "./create-calling.ts";

const remote = { provider: "sim", baseUrl: "https://sim.test/v1" };

/** Everything that goes wrong in three of ten requests, and what is paid for it. */
function faultyProvider(time: ReturnType<typeof virtualTime>, random: () => number, share: number) {
  const counted = { requests: 0, good: 0, endless: 0 };
  const refused = (status: number, code: `model.${string}`, facts = {}): ModelError =>
    new ModelError(code, `HTTP ${status}`, { status, retryable: true, unbilled: true, ...facts });
  const failures: ((signal: AbortSignal) => AsyncGenerator<StreamPart>)[] = [
    ...[
      refused(429, "model.rate-limited"),
      refused(429, "model.rate-limited", { retryAfter: 2_000 }),
      refused(500, "model.provider-failed"),
      refused(529, "model.overloaded"),
      new ModelError("model.unreachable", "ECONNRESET", { retryable: true }),
      new ModelError("model.truncated", "broke off", { retryable: true }),
    ].map(
      (error) =>
        async function* () {
          yield* [];
          throw error;
        },
    ),
    // It hangs before the first byte, and in mid-stream.
    async function* (signal) {
      yield* [];
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
    async function* (signal) {
      yield text("par");
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
    // It breaks off after text.
    async function* () {
      yield text("par");
      throw new ModelError("model.truncated", "broke off", { retryable: true });
    },
  ];
  const model: ChatModel = {
    name: "sim/faulty",
    identity: remote,
    effect: "paid",
    async *stream(request, signal) {
      counted.requests += 1;
      await time.sleep(50 + random() * 500, signal);
      if (random() < share) {
        yield* failures[Math.floor(random() * failures.length)]!(signal);
        return;
      }
      counted.good += 1;
      yield text(`answer to ${request.messages[0]!.content}`);
      yield { type: "finish", reason: "stop", usage: { input: 10, output: 5 } };
    },
  };
  return { model, counted };
}

describe("20,000 requests to a provider that fails three in ten, in every way there is", () => {
  test("each comes to an end, none to a wrong one, with few more than had to be sent", async () => {
    const time = virtualTime();
    const random = seededRandom(11);
    const { model, counted } = faultyProvider(time, random, 0.3);
    const reached = createCalling({ timers: time, random }).reach(model);
    const ends = { good: 0, failed: 0, wrong: 0 };
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < 20_000) {
        const content = `row ${(next += 1)}`;
        const request: ChatRequest = {
          messages: [{ role: "user", content }],
          parameters: {},
          sending: { priority: "batch" },
        };
        let written = "";
        let ended = false;
        try {
          for await (const part of reached.stream(request, live())) {
            if (part.type === "text") written += part.text;
            if (part.type === "finish") ended = true;
          }
          if (ended && written === `answer to ${content}`) ends.good += 1;
          else ends.wrong += 1;
        } catch {
          if (ended) ends.wrong += 1;
          else ends.failed += 1;
        }
      }
    };
    const workers = Array.from({ length: 200 }, worker);
    await time.run();
    await Promise.all(workers);
    expect(ends.wrong).toBe(0);
    expect(ends.good + ends.failed).toBe(20_000);
    // Two in nine failures come after text and are not tried again: that is 30 % × 2/9 of the answers and of their repeats.
    expect(ends.good / 20_000).toBeGreaterThan(0.88);
    expect(counted.good).toBe(ends.good);
    // The others are, each time they are met: that is q of the requests, and q / (1 − q) requests more than calls where none is needless.
    const q = (0.3 * 7) / 9;
    expect((counted.requests - 20_000) / 20_000).toBeLessThan((1.05 * q) / (1 - q));
  }, 60_000);

  test("an outage is not multiplied: the circuit opens, and requests come to an end with the provider's words", async () => {
    const time = virtualTime();
    const random = seededRandom(3);
    const { model, counted } = faultyProvider(time, random, 1);
    const reached = createCalling({ timers: time, random }).reach(model);
    const messages: string[] = [];
    const ask = async (): Promise<void> => {
      try {
        for await (const part of reached.stream({ messages: [{ role: "user", content: "x" }], parameters: {} }, live()))
          void part;
      } catch (thrown) {
        messages.push((thrown as Error).message);
      }
    };
    const asked = Array.from({ length: 1_000 }, ask);
    await time.run();
    await Promise.all(asked);
    expect(messages).toHaveLength(1_000);
    expect(counted.requests).toBeLessThan(200);
    expect(messages.some((message) => /failed too often; the last answer was: /.test(message))).toBe(true);
  });
});

describe("a provider that asks to be left alone for long", () => {
  const demand = (code: "model.rate-limited" | "model.overloaded"): ModelError =>
    new ModelError(code, "in 20 minutes", { retryable: true, unbilled: true, retryAfter: 1_200_000 });
  const reached = (code: "model.rate-limited" | "model.overloaded") => {
    const time = virtualTime();
    const calling = createCalling({ timers: time, random: () => 0 });
    const big = scriptedModel([demand(code)], { name: "sim/big", identity: remote });
    const small = scriptedModel([finish], { name: "sim/small", identity: remote });
    const anew = scriptedModel([finish], { name: "sim/big", identity: remote });
    return { calling, big, small, anew };
  };

  test("with the limit of one model is asked for the others, which may take over, and not for that one", async () => {
    const { calling, big, small, anew } = reached("model.rate-limited");
    await drain(calling.reach(big, [small]));
    await drain(calling.reach(small));
    expect(small.sent).toHaveLength(2);
    await expect(drain(calling.reach(anew))).rejects.toThrow(
      "sim/big is not asked for 60 s, because it asked to be left alone until 1970-01-01 00:36 UTC; the last answer was: in 20 minutes",
    );
    expect(anew.sent).toHaveLength(0);
  });

  test("since it is down is asked for none of its models, and each says why", async () => {
    const { calling, big, small } = reached("model.overloaded");
    await expect(drain(calling.reach(big))).rejects.toThrow("in 20 minutes");
    await expect(drain(calling.reach(small))).rejects.toThrow(
      "sim/small is not asked for 60 s, because it asked to be left alone until 1970-01-01 00:36 UTC; the last answer was: in 20 minutes",
    );
    expect(small.sent).toHaveLength(0);
  });
});

describe("a key", () => {
  const answers = (key: string, status: number): Response =>
    status === 200
      ? new Response(
          `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: key }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
          { headers: { "content-type": "text/event-stream" } },
        )
      : Response.json({ error: { message: "in 20 minutes" } }, { status, headers: { "retry-after": "1200" } });
  /** What is asked with `sk-down` fails for long. */
  const reached = (keys: string) => {
    const environment = { OPENAI_API_KEY: keys };
    const asked: string[] = [];
    const models = createModels({
      environment,
      endpoints: {},
      fetch: async (_, init) => {
        const key = new Headers(init!.headers).get("authorization")!.slice("Bearer ".length);
        asked.push(key);
        return answers(key, key === "sk-down" ? 503 : 200);
      },
    });
    const calling = createCalling({ timers: virtualTime(), random: () => 0 });
    const ask = (): Promise<void> => drain(calling.reach(models.chatModel("openai/gpt-4o")));
    const enter = (text: string): void => {
      environment.OPENAI_API_KEY = text;
      models.forget();
    };
    return { ask, asked, enter };
  };

  test("that is entered anew is asked, whatever the one before it was told", async () => {
    const { ask, asked, enter } = reached("sk-down");
    await expect(ask()).rejects.toThrow("in 20 minutes");
    enter("sk-good");
    await ask();
    expect(asked).toEqual(["sk-down", "sk-good"]);
  });

  test("that gets another place among several is not asked again for that", async () => {
    const { ask, asked, enter } = reached("sk-down");
    await expect(ask()).rejects.toThrow("in 20 minutes");
    enter("sk-good, sk-down");
    await ask();
    await ask();
    expect(asked).toEqual(["sk-down", "sk-good", "sk-good"]);
  });
});

describe("what is joined to a model", () => {
  test("is the same for the same model, and shared by the models of a provider", async () => {
    const time = virtualTime();
    const calling = createCalling({ timers: time, random: () => 0, concurrency: () => 1 });
    const first = scriptedModel(["hang"], { name: "sim/a", identity: remote });
    const second = scriptedModel([finish], { name: "sim/b", identity: remote });
    expect(calling.reach(first)).toBe(calling.reach(first));
    const controller = new AbortController();
    const reading = drain(calling.reach(first), controller.signal).catch((thrown: unknown) => thrown);
    await time.pass(1);
    const waiting = drain(calling.reach(second));
    await time.pass(1);
    expect(second.sent).toHaveLength(0);
    controller.abort(new Error("stop"));
    await reading;
    await waiting;
    expect(second.sent).toHaveLength(1);
  });

  test("is told of a request when nothing is left to be waited for, once an attempt", async () => {
    const time = virtualTime();
    const calling = createCalling({ timers: time, random: () => 0 });
    let attempts = 0;
    const model: ChatModel = {
      ...scriptedModel([]),
      identity: remote,
      stream: (...given) =>
        scriptedModel(
          (attempts += 1) === 1 ? [new ModelError("model.overloaded", "busy", { retryable: true })] : [finish],
        ).stream(...given),
    };
    const told: number[] = [];
    const reading = drain(calling.reach(model), live(), { onSend: async () => void told.push(attempts) });
    await time.run();
    await reading;
    expect(told).toEqual([0, 1]);
  });

  test("neither repeats nor ends what runs on this machine", async () => {
    const time = virtualTime();
    const model = scriptedModel([new ModelError("model.overloaded", "busy", { retryable: true })], {
      identity: { file: "abc" },
    });
    await expect(drain(createCalling({ timers: time, random: () => 0 }).reach(model))).rejects.toThrow("busy");
    expect(model.sent).toHaveLength(1);
  });
});

async function drain(model: ChatModel, signal = live(), sending: ChatRequest["sending"] = {}): Promise<void> {
  for await (const part of model.stream({ messages: [], parameters: {}, sending }, signal)) void part;
}
