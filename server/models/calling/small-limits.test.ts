import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, Sending } from "../model.ts";
import { seededRandom } from "./__fixtures__/seeded-random.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling } from "./create-calling.ts";

interface Limit {
  /** Requests that are answered at once, or are taken in a time. */
  readonly atOnce?: number;
  readonly within?: { readonly requests: number; readonly milliseconds: number };
  /** What a refusal asks for: nothing, so many milliseconds, or until there is room. */
  readonly asks?: number | "exactly";
}

/** Rows of a run at a provider that answers each request it takes in `took` milliseconds, and says of its limit what a refusal says. */
async function run(
  rows: number,
  { atOnce = Number.POSITIVE_INFINITY, within, asks }: Limit,
  took: number,
  sending: Sending = { priority: "batch", group: "run" },
) {
  const time = virtualTime();
  const began = time.now();
  const random = seededRandom(13);
  const calling = createCalling({ timers: time, random });
  let [inFlight, sent] = [0, 0];
  let taken: number[] = [];
  const model: ChatModel = {
    ...scriptedModel([], { name: "small/model", identity: { provider: "small", baseUrl: "https://small.test/v1" } }),
    async *stream(_, signal) {
      sent += 1;
      const now = time.now();
      const { requests = Number.POSITIVE_INFINITY, milliseconds = 0 } = within ?? {};
      taken = taken.filter((at) => now - at < milliseconds);
      if (inFlight >= atOnce || taken.length >= requests) {
        await time.sleep(20, signal);
        const retryAfter = asks === "exactly" ? Math.max(1, taken[0]! + milliseconds - now) : asks;
        throw new ModelError("model.rate-limited", "too many", {
          ...{ retryable: true, unbilled: true },
          ...(retryAfter === undefined ? {} : { retryAfter }),
        });
      }
      taken.push(now);
      inFlight += 1;
      try {
        await time.sleep(took * (0.5 + random()), signal);
        yield finish;
      } finally {
        inFlight -= 1;
      }
    },
  };
  const ends = Array.from({ length: rows }, async () => {
    try {
      for await (const part of calling.reach(model).stream({ messages: [], parameters: {}, sending }, live()))
        void part;
      return "answered";
    } catch (thrown) {
      return thrown instanceof ModelError ? thrown.code : String(thrown);
    }
  });
  const seconds = Promise.all(ends).then(() => (time.now() - began) / 1_000);
  await time.run();
  const found = await Promise.all(ends);
  return { answered: found.filter((end) => end === "answered").length, sent, seconds: await seconds };
}

/** The least seconds that rows take there. */
const least = (rows: number, { atOnce, within }: Limit, took: number): number =>
  Math.max(
    ((rows / (atOnce ?? Number.POSITIVE_INFINITY)) * took) / 1_000,
    within === undefined ? 0 : ((rows / within.requests - 1) * within.milliseconds) / 1_000,
  );

const limits: readonly [string, Limit][] = [
  ["6 at once, and names no time", { atOnce: 6 }],
  ["6 at once, and names a second", { atOnce: 6, asks: 1_000 }],
  ["1 at once", { atOnce: 1 }],
  ["20 at once", { atOnce: 20 }],
  ["5 in a second, and names no time", { within: { requests: 5, milliseconds: 1_000 } }],
  ["5 in a second, and names a second", { within: { requests: 5, milliseconds: 1_000 }, asks: 1_000 }],
  ["1 in a second", { within: { requests: 1, milliseconds: 1_000 } }],
  ["10 in ten seconds, and names the time", { within: { requests: 10, milliseconds: 10_000 }, asks: "exactly" }],
  ["60 in a minute, and names no time", { within: { requests: 60, milliseconds: 60_000 } }],
];

describe("a provider that answers well all the time, and takes no more than", () => {
  test.each(limits.flatMap(([name, limit]) => [150, 2_000].map((took) => [name, took, limit] as const)))(
    "%s: all rows of %d ms are answered",
    async (name, took, limit) => {
      const found = await run(300, limit, took);
      expect(found.answered).toBe(300);
      expect(found.seconds).toBeLessThanOrEqual(5 + 2.2 * least(300, limit, took));
      // What is taken tells that there is room, and not how much.
      expect(found.sent).toBeLessThanOrEqual(name === "1 in a second" ? 4 * 300 : 2 * 300);
    },
  );

  test("6 at once: what somebody waits for is answered too, though many ask together", async () => {
    const found = await run(30, { atOnce: 6 }, 500, {});
    expect(found.answered).toBe(30);
  });
});
