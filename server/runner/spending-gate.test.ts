import { describe, expect, test } from "vitest";
import { createSpendingGate } from "./spending-gate.ts";

const never = new AbortController().signal;
const model = "openai/gpt";
const call = { model, expect: async () => null };

/** Sends `count` calls of one price through a gate, `atOnce` of them together, and gives what became of each. */
async function send(
  gate: ReturnType<typeof createSpendingGate>,
  count: number,
  price: number | null | ((index: number) => number | null | "failed"),
  expected: number | null = null,
): Promise<string[]> {
  let out = 0;
  let most = 0;
  const outcomes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const asked = { model, expect: async () => expected };
      const outcome = await gate.enter(never, asked);
      if (outcome !== "open") return outcome;
      most = Math.max(most, (out += 1));
      await new Promise(setImmediate);
      out -= 1;
      const cost = typeof price === "function" ? price(index) : price;
      gate.leave(asked, cost === "failed" ? 0 : cost, cost !== "failed");
      return outcome;
    }),
  );
  return [...outcomes, `at most ${most} at once`];
}

const counts = (outcomes: readonly string[]): { readonly [outcome: string]: number } =>
  Object.fromEntries([...Map.groupBy(outcomes, (outcome) => outcome)].map(([outcome, all]) => [outcome, all.length]));

describe("a budget", () => {
  test("is not passed however many calls are made at once: what is out counts with what is spent", async () => {
    const outcomes = await send(createSpendingGate(1), 100, 0.125);
    expect(counts(outcomes)).toEqual({ open: 8, budget: 92, "at most 4 at once": 1 });
  });

  test("lets no more of a place out than of it were answered, whose costs may be another's", async () => {
    // The first are short, and what they cost says nothing of the others.
    const price = (short: number) => (index: number) => (index < short ? 0.0001 : 0.5);
    for (const [short, goOut] of [
      [1, 3],
      [4, 8],
    ] as const)
      expect(counts(await send(createSpendingGate(1), 100, price(short)))).toMatchObject({ open: goOut });
  });

  test("holds calls beside others to the dearest of their place, and one alone to the mean", async () => {
    const gate = createSpendingGate(1);
    const pay = async (cost: number): Promise<void> => {
      expect(await gate.enter(never, call)).toBe("open");
      gate.leave(call, cost, true);
    };
    for (const cost of [0.05, 0.05, 0.35]) await pay(cost);
    const [one, other] = [{ ...call }, { ...call }];
    expect(await gate.enter(never, one)).toBe("open");
    expect(await gate.enter(AbortSignal.timeout(20), other).catch(() => "waits")).toBe("waits");
    gate.leave(one, 0.45, true);
    expect(await gate.enter(never, other)).toBe("budget");
  });

  test("has a call that was let out leave only where there is still money for it beside those that left", async () => {
    const gate = createSpendingGate(1);
    const calls = Array.from({ length: 4 }, () => ({ ...call }));
    for (const one of calls) {
      expect(await gate.enter(never, one)).toBe("open");
      gate.leave(one, 0.01, true);
    }
    for (const one of calls) expect(await gate.enter(never, one)).toBe("open");
    expect(calls.slice(0, 2).map((one) => gate.mayLeave(one))).toEqual([true, true]);
    gate.leave(calls[0]!, 0.6, true);
    expect([gate.mayLeave(calls[2]!), gate.spent().cost]).toEqual([false, 0.64]);
  });

  test("lets the first call out alone, and none where it is nothing", async () => {
    expect(counts(await send(createSpendingGate(0.001), 3, 5))).toEqual({
      open: 1,
      budget: 2,
      "at most 1 at once": 1,
    });
    expect(counts(await send(createSpendingGate(0), 2, 1))).toEqual({ budget: 2, "at most 0 at once": 1 });
  });

  test("lets no first call out that is expected to cost more", async () => {
    const gate = createSpendingGate(0.5);
    const first = (cost: number) => gate.enter(never, { ...call, first: cost });
    expect([await first(0.6), await first(0.5)]).toEqual(["budget", "open"]);
  });

  test("is not spent by rounding: as many calls go out as it is worth", async () => {
    const gate = createSpendingGate(0.3);
    const outcomes: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const outcome = await gate.enter(never, { ...call, first: 0.1 });
      outcomes.push(outcome);
      if (outcome === "open") gate.leave(call, 0.1, true);
    }
    expect(outcomes).toEqual(["open", "open", "open", "budget"]);
  });

  test("holds nothing up where calls cost nothing or their price is not known", async () => {
    for (const price of [0, null])
      expect(counts(await send(createSpendingGate(1), 50, price))).toEqual({
        open: 50,
        "at most 49 at once": 1,
      });
  });

  test("is not opened by a call that failed, an answer without a cost, or a model that costs nothing: those say nothing of the others", async () => {
    for (const [said, goOut] of [
      ["failed", 9],
      [null, 8],
    ] as const) {
      const price = (index: number) => (index === 0 ? said : 0.125);
      const { open, budget } = counts(await send(createSpendingGate(1), 101, price, 0.125));
      expect([open, budget]).toEqual([goOut, 101 - goOut]);
    }
    const gate = createSpendingGate(1);
    expect(await gate.enter(never, { model: "free/one", expect: async () => null })).toBe("open");
    gate.leave({ ...call, model: "free/one" }, 0, true);
    expect(counts(await send(gate, 100, 0.125))).toMatchObject({ open: 8, budget: 92 });
  });

  test("counts a call that ended without a cost, answered or not, at what one is expected to cost, and says how many", async () => {
    const gate = createSpendingGate(1);
    for (let index = 0; index < 20; index += 1)
      if ((await gate.enter(never, { model, expect: async () => 0.125 })) === "open")
        gate.leave(call, null, index % 2 === 0);
    expect(gate.spent()).toEqual({ cost: 1, estimated: 8 });
    // Another model's calls have no money left either.
    expect(await gate.enter(never, { model: "openai/other", first: 0.01, expect: async () => null })).toBe("budget");
  });

  test("counts it at the mean of what its model's answers cost, once there are any", async () => {
    const gate = createSpendingGate(1);
    for (const cost of [0.25, null, null]) {
      expect(await gate.enter(never, { model, expect: async () => 9 })).toBe("open");
      gate.leave(call, cost, cost !== null);
    }
    expect(gate.spent()).toEqual({ cost: 0.75, estimated: 2 });
    expect([
      await gate.enter(never, call),
      await gate.enter(AbortSignal.timeout(20), call).catch(() => "waits"),
    ]).toEqual(["open", "waits"]);
  });

  test("counts nothing for calls of a model whose price is not known", async () => {
    const gate = createSpendingGate(1);
    await send(gate, 50, null);
    expect(gate.spent()).toEqual({ cost: 0, estimated: 0 });
  });

  test("holds a long request to more than short ones cost: to what it is expected to, and at most by its length", async () => {
    const gate = createSpendingGate(1);
    const ask = (place: string, size: number, expected: number | null) => ({
      ...{ model, place, size },
      expect: async () => expected,
    });
    const pay = async (asked: ReturnType<typeof ask>, cost: number): Promise<string> => {
      const state = await gate.enter(never, asked);
      if (state === "open") gate.leave(asked, cost, true);
      return state;
    };
    expect(await pay(ask("a", 100, 9), 0.125)).toBe("open");
    // Of its length alone it would be eight times as much.
    expect(await pay(ask("a", 800, null), 1)).toBe("budget");
    expect(await pay(ask("a", 800, 0.5), 0.5)).toBe("open");
    expect(await pay(ask("b", 800, 0.5), 0.5)).toBe("budget");
    expect(await pay(ask("b", 100, 9), 0.125)).toBe("open");
    expect(gate.spent().cost).toBe(0.75);
  });

  test("lets calls of one cell out by what that cell's cost, and not by a cheaper one's of the same model", async () => {
    const gate = createSpendingGate(1);
    const sendAll = (place: string, price: number): Promise<readonly string[]> =>
      Promise.all(
        Array.from({ length: 20 }, async () => {
          const asked = { ...call, place };
          const state = await gate.enter(never, asked);
          await new Promise(setImmediate);
          if (state === "open") gate.leave(asked, price, true);
          return state;
        }),
      );
    const [cheap, dear] = await Promise.all([sendAll("cheap", 0.0078125), sendAll("dear", 0.25)]);
    expect([counts(cheap)["open"], gate.spent().cost <= 1]).toEqual([20, true]);
    expect(counts(dear)["open"]).toBe(3);
  });

  test("leaves nobody waiting when the run is cancelled", async () => {
    const controller = new AbortController();
    const gate = createSpendingGate(1);
    expect(await gate.enter(controller.signal, call)).toBe("open");
    const second = gate.enter(controller.signal, call);
    const reason = new Error("stop");
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
  });
});

describe("a confirmed sum", () => {
  test("lets the first calls of several places of a model out together, and one of each", async () => {
    const entering = async (gate: ReturnType<typeof createSpendingGate>): Promise<readonly string[]> => {
      const open: string[] = [];
      const stop = new AbortController();
      const all = ["a", "b", "c", "a"].map(async (place) => {
        if ((await gate.enter(stop.signal, { ...call, place })) === "open") open.push(place);
      });
      await new Promise(setImmediate);
      stop.abort();
      await Promise.allSettled(all);
      return open;
    };
    const agreed = createSpendingGate(null);
    agreed.confirmBeyond(0.5, async () => false);
    expect(await entering(agreed)).toEqual(["a", "b", "c"]);
    // Nothing was estimated of what a budget bounds.
    expect(await entering(createSpendingGate(0.5))).toEqual(["a"]);
  });

  test("is asked about again when the truth exceeds it, once for all calls, and a no stops the rest", async () => {
    const gate = createSpendingGate(null);
    let asked = 0;
    gate.confirmBeyond(0.5, async () => (asked += 1) < 2);
    const outcomes = await send(gate, 20, 0.125);
    expect([counts(outcomes)["open"], counts(outcomes)["not-confirmed"], asked]).toEqual([8, 12, 2]);
  });
});
