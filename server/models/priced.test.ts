import { describe, expect, test } from "vitest";
import { goodEnd, ignore, live, outgoing } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { ModelError } from "./model-error.ts";
import type { ExpectCost } from "./expected-cost.ts";
import { priced } from "./priced.ts";
import type { Prices } from "./prices.ts";
import type { Send } from "./sender.ts";

const nobodyKnows: ExpectCost = async () => ({ cost: null, by: "nothing" });
const attempt = { endedAt: 1, code: "model.timeout", message: "slow", waited: 0 };

describe("priced", () => {
  test("asks for the price of the model that took over", async () => {
    const asked: string[] = [];
    const prices: Prices = async ({ name }) => {
      asked.push(name);
      return { cost: 1, price: {} };
    };
    const others = [scriptedModel([], { name: "b/two" }), scriptedModel([], { name: "c/three" })];
    const attempts = others.map(({ name }) => ({ ...attempt, unbilled: true, next: name }));
    const send: Send = async () => ({ sentAt: 1, end: { ...goodEnd, attempts }, cached: false });
    await priced(send, prices, nobodyKnows)(
      { ...outgoing(scriptedModel([], { name: "a/one" })), others },
      live(),
      ignore,
    );
    expect(asked).toEqual(["c/three"]);
  });

  test("does not know what an attempt cost that may have been billed", async () => {
    const thrown = new ModelError("model.unauthorized", "no", { unbilled: true });
    const end = { ...goodEnd, state: "failed" as const, usage: {}, attempts: [{ ...attempt, unbilled: false }] };
    const send: Send = async () => ({ sentAt: 1, end, cached: false, thrown });
    const unknown: Prices = async () => ({ cost: null, price: {} });
    expect((await priced(send, unknown, nobodyKnows)(outgoing(scriptedModel([])), live(), ignore)).end.cost).toBeNull();
  });

  const twoDollars: Prices = async () => ({ cost: 2, price: { source: "test" } });

  test("adds what the answer cost", async () => {
    const send: Send = async () => ({ sentAt: 1, end: goodEnd, cached: false });
    const sent = await priced(send, twoDollars, nobodyKnows)(outgoing(scriptedModel([])), live(), ignore);
    expect(sent.end).toMatchObject({ cost: 2, price: { source: "test" } });
  });

  describe("of an answer after attempts that may have been billed", () => {
    const end = {
      ...goodEnd,
      attempts: [
        { ...attempt, unbilled: false },
        { ...attempt, unbilled: true },
        { ...attempt, unbilled: false },
      ],
    };
    const send: Send = async () => ({ sentAt: 1, end, cached: false });

    test("books the answer, and says how many attempts are not in it", async () => {
      const model = { ...scriptedModel([]), effect: "paid" as const };
      const sent = await priced(send, twoDollars, nobodyKnows)(outgoing(model), live(), ignore);
      expect(sent.end).toMatchObject({ cost: 2, price: { source: "test", uncertainAttempts: 2 } });
    });

    test("says nothing where the model costs only time", async () => {
      const sent = await priced(send, twoDollars, nobodyKnows)(outgoing(scriptedModel([])), live(), ignore);
      expect(sent.end.price).toEqual({ source: "test" });
    });
  });

  test("leaves a call without a count unpriced, and says what is expected of the model that answered, where that is known", async () => {
    const end = { ...goodEnd, attempts: [{ ...attempt, unbilled: true, next: "b/two" }] };
    const send: Send = async () => ({ sentAt: 1, end, cached: false });
    const unknown: Prices = async () => ({ cost: null, price: {} });
    const others = [scriptedModel([], { name: "b/two" })];
    const ofTwo: ExpectCost = async (_, { name }) => ({ cost: name === "b/two" ? 0.5 : 9, by: "its model" });
    const expected = async (expect: ExpectCost) =>
      (await priced(send, unknown, expect)({ ...outgoing(scriptedModel([])), others }, live(), ignore)).end;
    expect(await expected(ofTwo)).toMatchObject({ cost: null, expected: 0.5 });
    for (const nobody of [nobodyKnows, () => Promise.reject(new Error("no list"))])
      expect(await expected(nobody)).not.toHaveProperty("expected");
    expect((await priced(send, twoDollars, ofTwo)(outgoing(scriptedModel([])), live(), ignore)).end).not.toHaveProperty(
      "expected",
    );
  });

  test("knows that a refused call cost nothing", async () => {
    const thrown = new ModelError("model.unauthorized", "no", { status: 401, unbilled: true });
    const send: Send = async () => ({
      sentAt: 1,
      end: { ...goodEnd, state: "failed", usage: {} },
      cached: false,
      thrown,
    });
    const sent = await priced(send, twoDollars, nobodyKnows)(outgoing(scriptedModel([])), live(), ignore);
    expect(sent.end).toMatchObject({ cost: 0, price: { source: "refused" } });
  });
});
