import { describe, expect, test } from "vitest";
import { goodEnd, ignore, live, outgoing } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { ModelError } from "./model-error.ts";
import { priced } from "./priced.ts";
import type { Prices } from "./prices.ts";
import type { Send } from "./sender.ts";

describe("priced", () => {
  const twoDollars: Prices = async () => ({ cost: 2, price: { source: "test" } });

  test("adds what the answer cost", async () => {
    const send: Send = async () => ({ sentAt: 1, end: goodEnd, cached: false });
    const sent = await priced(send, twoDollars)(outgoing(scriptedModel([])), live(), ignore);
    expect(sent.end).toMatchObject({ cost: 2, price: { source: "test" } });
  });

  test("knows that a refused call cost nothing", async () => {
    const thrown = new ModelError("model.unauthorized", "no", { status: 401, unbilled: true });
    const send: Send = async () => ({
      sentAt: 1,
      end: { ...goodEnd, state: "failed", usage: {} },
      cached: false,
      thrown,
    });
    const sent = await priced(send, twoDollars)(outgoing(scriptedModel([])), live(), ignore);
    expect(sent.end).toMatchObject({ cost: 0, price: { source: "refused" } });
  });
});
