import { describe, expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, Sending, StreamPart } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling, type CallingSettings } from "./create-calling.ts";

/** A provider, and whether it is down: then each request fails after 100 ms. */
function provider(time: ReturnType<typeof virtualTime>, name = "sim/model") {
  const state = { down: true, sent: 0 };
  const model: ChatModel = {
    ...scriptedModel([], { name, identity: { provider: "sim", baseUrl: `https://${name}.test` } }),
    async *stream(_, signal): AsyncGenerator<StreamPart> {
      state.sent += 1;
      await time.sleep(100, signal);
      if (state.down) throw new ModelError("model.overloaded", "Busy (HTTP 529)", { retryable: true, unbilled: true });
      yield text(name);
      yield finish;
    },
  };
  return { model, state };
}

function outage(more: Partial<CallingSettings> = {}) {
  const time = virtualTime();
  const calling = createCalling({ timers: time, random: () => 0, ...more });
  const ask = async (model: ChatModel, sending: Sending = {}, others: readonly ChatModel[] = []): Promise<string> => {
    const request = { messages: [{ role: "user" as const, content: "x" }], parameters: {}, sending };
    let answer = "";
    try {
      for await (const part of calling.reach(model, others).stream(request, live()))
        if (part.type === "text") answer += part.text;
    } catch (thrown) {
      return (thrown as ModelError).code;
    }
    return answer;
  };
  const rows = (count: number, model: ChatModel, others: readonly ChatModel[] = []): Promise<string>[] =>
    Array.from({ length: count }, () => ask(model, { priority: "batch" }, others));
  /** Until the circuit is open and the rows that wait for it sleep. */
  const openWith = async (model: ChatModel, count = 100): Promise<Promise<string>[]> => {
    const waiting = rows(count, model);
    await time.pass(10_000);
    return waiting;
  };
  return { time, ask, rows, openWith };
}

describe("while rows wait for a provider that is down", () => {
  test("what somebody waits for fails at once", async () => {
    const { time, ask, openWith } = outage();
    const { model, state } = provider(time);
    await openWith(model, 200);
    const before = state.sent;
    let end: string | undefined;
    void ask(model).then((code) => (end = code));
    await time.pass(1);
    expect(end).toBe("model.circuit-open");
    expect(state.sent).toBe(before);
  });

  test("its other models' calls fail at once too, and those of another provider go out", async () => {
    const { time, ask, openWith } = outage();
    const { model } = provider(time);
    const other = provider(time, "other/model");
    other.state.down = false;
    await openWith(model);
    const sibling: ChatModel = { ...model, name: "sim/sibling" };
    const ends = Promise.all([ask(sibling), ask(other.model)]);
    await time.pass(101);
    expect(await ends).toEqual(["model.circuit-open", "other/model"]);
  });

  test("it is tried with one request, and all rows are answered when it is back", async () => {
    const { time, openWith } = outage();
    const { model, state } = provider(time);
    const waiting = await openWith(model);
    const before = state.sent;
    await time.pass(10_000);
    expect(state.sent - before).toBe(1);
    state.down = false;
    await time.run();
    const ends = await Promise.all(waiting);
    // Those that were sent before it was known fail, as far as no other attempt was left.
    expect(ends.filter((end) => end === "sim/model").length).toBeGreaterThan(50);
    expect(new Set(ends)).toEqual(new Set(["sim/model", "model.overloaded"]));
  });

  test("those in the line for a place are not sent to it, and are not counted as sent by its bounds a minute", async () => {
    const { time, rows } = outage({ concurrency: () => 20, rateLimits: () => ({ requests: 1_000 }) });
    const { model, state } = provider(time);
    const waiting = rows(900, model);
    await time.pass(14_000);
    expect(state.sent).toBeLessThan(100);
    state.down = false;
    await time.run(() => time.now() > 1_000_000 + 55_000);
    // Nine hundred that were counted twice would wait for the next minute.
    expect(state.sent).toBeGreaterThan(880);
    await time.run();
    await Promise.all(waiting);
  });
});

describe("a provider that asks to be left alone for five minutes, as long as rows wait", () => {
  test.each([0, 500])("and is well then is waited for by all, also where it says so over %i ms", async (spread) => {
    const { time, rows } = outage();
    const began = time.now();
    let sent = 0;
    const demand = new ModelError("model.overloaded", "Busy (HTTP 503)", { retryable: true, retryAfter: 300_000 });
    const model: ChatModel = {
      ...scriptedModel([], { name: "sim/model", identity: { provider: "sim", baseUrl: "https://sim.test" } }),
      async *stream(_, signal): AsyncGenerator<StreamPart> {
        sent += 1;
        await time.sleep(2_000 + (sent % 64) * (spread / 64), signal);
        if (time.now() - began < 300_000) throw demand;
        yield text("sim/model");
        yield finish;
      },
    };
    const ends = Promise.all(rows(500, model));
    await time.run();
    expect(new Set(await ends)).toEqual(new Set(["sim/model"]));
    expect(sent).toBe(500 + 64);
  });
});

describe("rows that have another way", () => {
  test("go to the model that takes over, and do not wait", async () => {
    const { time, rows, openWith } = outage();
    const { model } = provider(time);
    const other = provider(time, "other/model");
    other.state.down = false;
    await openWith(model);
    const ends = Promise.all(rows(64, model, [other.model]));
    await time.pass(101);
    expect(await Promise.race([ends, "waiting"])).toEqual(Array(64).fill("other/model"));
  });

  test("go out with another key, whose calls the outage of the first does not hold up", async () => {
    const { time, ask, rows } = outage();
    const [one, two] = [provider(time), provider(time)];
    two.state.down = false;
    const model: ChatModel = { ...one.model, keys: [one.model, two.model] };
    const waiting = rows(300, model);
    await time.pass(10_000);
    const late = Promise.all([...rows(64, model), ask(model)]);
    await time.pass(500);
    expect(await Promise.race([late, "waiting"])).toEqual(Array(65).fill("sim/model"));
    await time.run();
    await Promise.all(waiting);
    expect(one.state.sent).toBeLessThan(150);
  });

  test("wait for the last that is left", async () => {
    const { time, rows, openWith } = outage();
    const [one, two] = [provider(time), provider(time, "other/model")];
    await Promise.all([openWith(one.model), openWith(two.model)]);
    const [row] = rows(1, one.model, [two.model]);
    await time.pass(1_000);
    expect(await Promise.race([row, "waiting"])).toBe("waiting");
    two.state.down = false;
    await time.run();
    expect(await row).toBe("other/model");
  });
});
