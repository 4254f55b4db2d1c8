import { describe, expect, test } from "vitest";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { goodEnd, heldSend, ignore, live, outgoing, turn } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { batchFind, cached } from "./cached.ts";

describe("cached", () => {
  const answer = { ...goodEnd, id: 1, key: "k", model: "test/scripted", sentAt: 100, endedAt: 200 };

  test("answers from the journal and sends nothing", async () => {
    const { send, sent } = heldSend();
    const found = await cached(
      send,
      async () => answer,
      () => 1_000,
    )(outgoing(scriptedModel([])), live(), ignore);
    expect(found).toEqual({ sentAt: 100, end: answer, cached: true });
    expect(sent).toHaveLength(0);
  });

  test.each([
    ["older than asked", 799],
    ["not wanted", 0],
  ])("sends where the answer is %s", async (_, maximumAge) => {
    const { send, sent } = heldSend();
    void cached(
      send,
      async () => answer,
      () => 1_000,
    )(outgoing(scriptedModel([]), { context: { notebook: "a.md", run: "r", maximumAge } }), live(), ignore);
    await turn();
    expect(sent).toHaveLength(1);
  });

  test("takes what a fallback answered only where the call names that model as one", async () => {
    const { send, sent } = heldSend();
    const attempt = { code: "model.overloaded", message: "busy", endedAt: 1, waited: 0, unbilled: true, next: "b/two" };
    const ofFallback = { ...answer, attempts: [attempt] };
    const door = cached(
      send,
      async () => ofFallback,
      () => 1_000,
    );
    const bare = outgoing(scriptedModel([]));
    const naming = (name: string) => ({ ...bare, others: [scriptedModel([], { name })] });
    expect(await door(naming("b/two"), live(), ignore)).toMatchObject({ cached: true, end: ofFallback });
    expect(sent).toHaveLength(0);
    void door(naming("b/three"), live(), ignore);
    void door(bare, live(), ignore);
    await turn();
    expect(sent).toHaveLength(2);
  });

  test("takes an answer of just the age asked for", async () => {
    const { send, sent } = heldSend();
    await cached(
      send,
      async () => answer,
      () => 1_000,
    )(outgoing(scriptedModel([]), { context: { notebook: "a.md", run: "r", maximumAge: 800 } }), live(), ignore);
    expect(sent).toHaveLength(0);
  });

  test("joins the look-ups of one turn, and those that come while the journal answers", async () => {
    const journal = memoryJournal();
    const find = batchFind(journal);
    const first = [find("a"), find("b"), find("a")];
    await Promise.resolve();
    const later = [find("c"), find("d")];
    expect(await Promise.all([...first, ...later])).toEqual([null, null, null, null, null]);
    expect(journal.lookUps).toEqual([2, 2]);
  });

  test("fails the look-ups of a batch alone where the journal fails", async () => {
    const journal = memoryJournal();
    let broken = true;
    const find = batchFind({ find: (keys) => (broken ? Promise.reject(new Error("corrupt")) : journal.find(keys)) });
    await expect(Promise.all([find("a"), find("b")])).rejects.toThrow("corrupt");
    broken = false;
    expect(await find("a")).toBeNull();
  });
});
