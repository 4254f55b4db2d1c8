import { describe, expect, test } from "vitest";
import { goodEnd, heldSend, ignore, live, outgoing, turn } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { bounded, type SpendingBounds } from "./bounded.ts";
import type { ExpectedCost } from "./expected-cost.ts";
import type { ChatModel } from "./model.ts";
import type { OutgoingCall, Send } from "./sender.ts";
import { WaitingError } from "./waiting-error.ts";

const paid = (name = "a/one"): ChatModel => scriptedModel([], { name, effect: "paid" });
const free = (name: string): ChatModel => scriptedModel([], { name, effect: "model" });
const spentAll = new WaitingError({ reason: "budget", subject: "$1", message: "the budget is spent" });

/** Budgets that write down what they are asked; `entered` is when they let a call in. */
function writtenBudgets({ isBound = true, entered = Promise.resolve(), mayLeave = (): boolean => true } = {}) {
  const log: unknown[] = [];
  const budgets: SpendingBounds = {
    async bounds({ notebook, run }) {
      log.push(`bounds ${notebook} ${run}`);
      return isBound;
    },
    async enter(_, { expect }, signal) {
      log.push(signal.aborted ? "enter, aborted" : "enter", await expect());
      await entered;
      return { mayLeave, leave: (cost) => void log.push(cost === null ? "leave" : `leave, ${cost}`) };
    },
    async spent(_, { id, sentAt, end }) {
      log.push(`spent ${end.cost} on ${id} of ${sentAt}`);
    },
  };
  return { log, budgets };
}
const cheap: ExpectedCost = { cost: 1, by: "its like" };

describe("bounded", () => {
  test("sends a paid call once it is let in, and books what it came to before it leaves", async () => {
    const entered = Promise.withResolvers<void>();
    const { log, budgets } = writtenBudgets({ entered: entered.promise });
    const { send, sent } = heldSend();
    const answer = bounded(send, budgets, async () => cheap)(outgoing(paid()), live(), ignore);
    await turn();
    expect([log, sent.length]).toEqual([["bounds a.md run-1", "enter", cheap], 0]);
    entered.resolve();
    await turn();
    sent[0]!.end({ id: 7, sentAt: 100, end: { ...goodEnd, cost: 2 } });
    expect(await answer).toMatchObject({ id: 7, end: { cost: 2 } });
    expect(log.slice(3)).toEqual(["spent 2 on 7 of 100", "leave, 2"]);
  });

  test("says with a call what it may cost, where that was worked out, and that a free one costs nothing", async () => {
    const { send, sent } = heldSend();
    const [{ budgets }, { budgets: unbound }] = [writtenBudgets(), writtenBudgets({ isBound: false })];
    const other: ExpectedCost = { cost: 3, by: "its like" };
    const unknown: ExpectedCost = { cost: null, by: "nothing" };
    const expected = async ({ key }: OutgoingCall, { name }: ChatModel): Promise<ExpectedCost> =>
      key === "unknown" ? unknown : name === "a/one" ? cheap : other;
    void bounded(send, budgets, expected)(outgoing(paid(), { others: [paid("b/two")] }), live(), ignore);
    void bounded(send, budgets, expected)(outgoing(paid(), { key: "unknown" }), live(), ignore);
    void bounded(send, unbound, expected)(outgoing(paid()), live(), ignore);
    void bounded(send, budgets, expected)(outgoing(free("c/three")), live(), ignore);
    await turn();
    expect(sent.map(({ call }) => call.expected).toSorted()).toEqual([0, 3, undefined, undefined]);
  });

  test("lets a call out anew that has no money left by the time it has its turn, and sends it once", async () => {
    const may = [false, true];
    const { log, budgets } = writtenBudgets({ mayLeave: () => may.shift()! });
    let told = 0;
    const send: Send = async ({ context }) => {
      context.onSend!();
      return { id: 7, sentAt: 100, end: { ...goodEnd, cost: 2 }, cached: false };
    };
    const call = outgoing(paid(), { context: { notebook: "a.md", run: "run-1", onSend: () => void (told += 1) } });
    expect(await bounded(send, budgets, async () => cheap)(call, live(), ignore)).toMatchObject({ id: 7 });
    const entered = ["bounds a.md run-1", "enter", cheap];
    expect([log, told]).toEqual([[...entered, "leave", ...entered, "spent 2 on 7 of 100", "leave, 2"], 1]);
  });

  test("books what failed on its way as well: its provider may have charged for it", async () => {
    const { log, budgets } = writtenBudgets();
    const { send, sent } = heldSend();
    const answer = bounded(send, budgets, async () => cheap)(outgoing(paid()), live(), ignore);
    await turn();
    sent[0]!.end({ id: 7, sentAt: 100, end: { ...goodEnd, state: "failed", cost: null } });
    await answer;
    expect(log.slice(3)).toEqual(["spent null on 7 of 100", "leave"]);
  });

  test("leaves where nothing was sent, and books nothing", async () => {
    const { log, budgets } = writtenBudgets();
    const { send, sent } = heldSend();
    const answer = bounded(send, budgets, async () => cheap)(outgoing(paid()), live(), ignore);
    await turn();
    sent[0]!.fail(new Error("disk full"));
    await expect(answer).rejects.toThrow("disk full");
    expect(log.slice(3)).toEqual(["leave"]);
  });

  test("sends nothing where a budget has no money left", async () => {
    const { log, budgets } = writtenBudgets({ entered: Promise.reject(spentAll) });
    const { send, sent } = heldSend();
    await expect(bounded(send, budgets, async () => cheap)(outgoing(paid()), live(), ignore)).rejects.toBe(spentAll);
    expect([sent, log.slice(3)]).toEqual([[], []]);
  });

  test("where nothing bounds the payer, works out nothing, and books all the same", async () => {
    const { log, budgets } = writtenBudgets({ isBound: false });
    const { send, sent } = heldSend();
    const answer = bounded(send, budgets, () => expect.unreachable())(outgoing(paid()), live(), ignore);
    await turn();
    sent[0]!.end({ id: 7 });
    await answer;
    expect(log).toEqual(["bounds a.md run-1", "spent 0 on 7 of 1"]);
  });

  test("asks nothing of calls that cost nothing, whoever answers them", async () => {
    const { log, budgets } = writtenBudgets();
    const { send, sent } = heldSend();
    const call = outgoing(free("local/one"), { others: [free("local/two")] });
    const answer = bounded(send, budgets, async () => cheap)(call, live(), ignore);
    await turn();
    sent[0]!.end();
    await answer;
    expect(log).toEqual([]);
  });

  test.each<[string, readonly ExpectedCost[], ExpectedCost]>([
    ["the most that any may cost", [cheap, { cost: 3, by: "its like" }], { cost: 3, by: "its like" }],
    ["as sure as the least sure", [{ cost: 3, by: "its model" }, cheap], { cost: 3, by: "its model" }],
    ["of none sure, nothing is", [cheap, { cost: 0.5, by: "nothing" }], { cost: 1, by: "nothing" }],
    ["one without a price is held to nothing", [{ cost: null, by: "its model" }], { cost: 0, by: "its model" }],
  ])("expects of the paid models that may answer %s", async (_, costs, expected) => {
    const { log, budgets } = writtenBudgets();
    const { send, sent } = heldSend();
    const others = costs.map((_, index) => paid(`b/${index}`));
    const call = outgoing(free("local/one"), { others });
    const answer = bounded(send, budgets, async (_, { name }) => costs[Number(name.slice(2))]!)(call, live(), ignore);
    await turn();
    sent[0]!.end();
    await answer;
    expect(log[2]).toEqual(expected);
  });

  test("goes in under the signal of its call", async () => {
    const { log, budgets } = writtenBudgets();
    const abort = new AbortController();
    abort.abort();
    void bounded(heldSend().send, budgets, async () => cheap)(outgoing(paid()), abort.signal, ignore);
    await turn();
    expect(log[1]).toBe("enter, aborted");
  });
});
