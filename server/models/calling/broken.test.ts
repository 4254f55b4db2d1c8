import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, type Step } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, Sending } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { broken, limitErrors } from "./broken.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";

const failure = new ModelError("model.provider-failed", "OpenAI (HTTP 500): oops", { retryable: true });

function provider() {
  const time = virtualTime();
  const breaker = createCircuitBreaker(time);
  let steps: readonly Step[] = [finish];
  let sent = 0;
  const inner: ChatModel = {
    ...scriptedModel([]),
    stream(...given) {
      sent += 1;
      return scriptedModel(steps).stream(...given);
    },
  };
  const breakerOfModel = createCircuitBreaker(time);
  const model = broken(() => breakerOfModel, time, limitErrors)(broken(() => breaker, time)(inner));
  const ask = async (times = 1, signal = live(), sending: Sending = {}): Promise<unknown> => {
    let last: unknown;
    for (let time = 0; time < times; time += 1)
      last = await (async () => {
        for await (const part of model.stream({ messages: [], parameters: {}, sending }, signal)) void part;
        return "answered";
      })().catch((thrown: unknown) => thrown);
    return last;
  };
  const askRow = (): Promise<unknown> => ask(1, live(), { priority: "batch" });
  return { time, ask, askRow, play: (...next: Step[]) => void (steps = next), sent: () => sent };
}

describe("a provider that fails", () => {
  test("is asked no more when half of twenty requests failed, and says why and for how long", async () => {
    const { ask, play, sent } = provider();
    await ask(10);
    play(failure);
    await ask(9);
    expect(await ask()).toBe(failure);
    expect(sent()).toBe(20);
    expect(await ask()).toMatchObject({
      code: "model.circuit-open",
      message:
        "test/scripted is not asked for 15 s, because it failed too often; the last answer was: OpenAI (HTTP 500): oops",
      facts: { unbilled: true, retryAfter: 15_000 },
    });
    expect(sent()).toBe(20);
  });

  test("is asked on where fewer failed, or they are long ago", async () => {
    const { ask, play, sent, time } = provider();
    play(failure);
    await ask(19);
    await time.pass(30_000);
    await ask(19);
    expect(sent()).toBe(38);
    play(finish);
    await ask(20);
    play(failure);
    expect(await ask()).toBe(failure);
  });

  test("is asked no more where five failed one after another over a minute, however few are sent", async () => {
    const { ask, play, sent, time } = provider();
    const failing = async (times: number): Promise<void> => {
      play(failure);
      for (let left = times; left > 0; left -= 1) {
        await ask();
        await time.pass(31_000);
      }
    };
    await failing(4);
    play(finish);
    await ask();
    await failing(4);
    await time.pass(900_000);
    await failing(4);
    expect(await ask()).toBe(failure);
    expect(await ask()).toMatchObject({ code: "model.circuit-open" });
    expect(sent()).toBe(14);
  });

  test("is not blamed for a request that waited in its own line behind others", async () => {
    const { ask, play, sent } = provider();
    play(new ModelError("model.timeout", "did not begin", { retryable: true, crowded: true }));
    await ask(100);
    expect(sent()).toBe(100);
  });

  test("is asked with one request after the pause: a good answer closes it, a failure opens it again", async () => {
    const { ask, play, sent, time } = provider();
    play(failure);
    await ask(20);
    await time.pass(15_000);
    expect(await ask()).toBe(failure);
    expect(await ask()).toMatchObject({ code: "model.circuit-open" });
    expect(sent()).toBe(21);
    await time.pass(15_000);
    play(finish);
    expect(await ask(30)).toBe("answered");
  });

  test("is tried with one request alone: the others wait for what it finds", async () => {
    const { ask, play, sent, time } = provider();
    play(failure);
    await ask(20);
    await time.pass(15_000);
    play("hang");
    const controller = new AbortController();
    const probe = ask(1, controller.signal);
    await time.pass(1);
    expect(await ask()).toMatchObject({ code: "model.circuit-open", facts: { retryAfter: 1_000 } });
    expect(sent()).toBe(21);
    controller.abort(new Error("stop"));
    await probe;
    play(finish);
    expect(await ask()).toBe("answered");
  });

  test.each([
    ["good", finish],
    ["failed", failure],
  ])("is not judged by a %s end of a request from before, while the probe is out", async (_, step) => {
    const { ask, play, sent, time } = provider();
    const before = Promise.withResolvers<void>();
    play(before.promise, step);
    const late = ask();
    await time.pass(1);
    play(failure);
    await ask(20);
    await time.pass(15_000);
    const probe = Promise.withResolvers<void>();
    play(probe.promise, finish);
    const probing = ask();
    await time.pass(1);
    before.resolve();
    await late;
    expect(await ask()).toMatchObject({ code: "model.circuit-open", facts: { retryAfter: 1_000 } });
    expect(sent()).toBe(22);
    probe.resolve();
    expect(await probing).toBe("answered");
    play(finish);
    expect(await ask()).toBe("answered");
  });

  test("holds back the rows of a run until it is tried again, for five minutes of an outage and what is tried then", async () => {
    const { ask, play, time } = provider();
    play(failure);
    await ask(20);
    const row = ask(1, live(), { priority: "batch" });
    await time.pass(14_999);
    play(finish);
    await time.pass(1);
    expect(await row).toBe("answered");
    play(failure);
    const began = time.now();
    await ask(20);
    let ended = 0;
    const rows = Array.from({ length: 50 }, () => ask(1, live(), { priority: "batch" }).then(() => (ended += 1)));
    await time.run(() => ended === 50);
    await Promise.all(rows);
    // What is tried after five minutes fails at once, and is heard of within a second.
    expect(time.now() - began).toBeLessThanOrEqual(301_000);
    expect(await ask(1, live(), { priority: "batch" })).toMatchObject({ code: "model.circuit-open" });
  });

  test.each(["model.bad-request", "model.unauthorized", "model.rate-limited", "model.content-filter"] as const)(
    "is not blamed for %s",
    async (code) => {
      const { ask, play, sent } = provider();
      play(new ModelError(code, "no"));
      await ask(100);
      expect(sent()).toBe(100);
    },
  );

  test("is not asked by rows for as long as it demands where that is more than a minute", async () => {
    const { askRow, play, sent, time } = provider();
    play(new ModelError("model.rate-limited", "in an hour", { retryable: true, retryAfter: 3_600_000 }));
    await askRow();
    expect(await askRow()).toMatchObject({
      message:
        "test/scripted is not asked for 3600 s, because it asked to be left alone until 1970-01-01 01:16 UTC; the last answer was: in an hour",
      facts: { retryAfter: 3_600_000 },
    });
    await time.pass(3_599_999);
    await askRow();
    expect(sent()).toBe(1);
    await time.pass(1);
    play(finish);
    expect(await askRow()).toBe("answered");
  });

  test("is not asked for a minute by what somebody waits for where it demands more, and says what it demanded", async () => {
    const { ask, play, sent, time } = provider();
    play(new ModelError("model.rate-limited", "in an hour", { retryable: true, retryAfter: 3_600_000 }));
    await ask();
    await time.pass(20_000);
    expect(await ask()).toMatchObject({
      message:
        "test/scripted is not asked for 40 s, because it asked to be left alone until 1970-01-01 01:16 UTC; the last answer was: in an hour",
      facts: { retryAfter: 40_000 },
    });
    await time.pass(39_999);
    await ask();
    expect(sent()).toBe(1);
    await time.pass(1);
    play(finish);
    expect(await ask(30)).toBe("answered");
  });

  test("says that it demanded it also while it is tried again, and that it failed where it does then", async () => {
    const { ask, play, time } = provider();
    play(new ModelError("model.overloaded", "in an hour", { retryable: true, retryAfter: 3_600_000 }));
    await ask();
    await time.pass(3_600_000);
    const probe = Promise.withResolvers<void>();
    play(probe.promise, failure);
    const probing = ask();
    await time.pass(1);
    expect(await ask()).toMatchObject({ message: expect.stringMatching(/1 s, because it asked .* was: in an hour$/) });
    probe.resolve();
    await probing;
    expect(await ask()).toMatchObject({ message: expect.stringMatching(/15 s, because it failed .* was: .*oops$/) });
  });

  test("is asked again with one request after a day, whatever it demands", async () => {
    const { askRow, play, sent, time } = provider();
    play(new ModelError("model.rate-limited", "in 31 years", { retryable: true, retryAfter: 999_999_999_000 }));
    await askRow();
    expect(await askRow()).toMatchObject({ code: "model.circuit-open", facts: { retryAfter: 86_400_000 } });
    await time.pass(86_399_999);
    await askRow();
    expect(sent()).toBe(1);
    await time.pass(1);
    play(finish);
    expect(await askRow()).toBe("answered");
    expect(sent()).toBe(2);
  });
});
