import { describe, expect, test } from "vitest";
import type { CallEnd } from "#server/store/journal.ts";
import { goodEnd, ignore, live, outgoing, ticking } from "./__fixtures__/held-send.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { journaled } from "./journaled.ts";
import type { Send, SentCall } from "./sender.ts";

/** A `Send` that says that it sends, and ends so. */
function sending(sent: SentCall): Send {
  return async ({ request }) => {
    await request.sending?.onSend?.();
    return sent;
  };
}

describe("journaled", () => {
  test("has nothing of a call that left before it was sent", async () => {
    const journal = memoryJournal();
    const reason = new Error("left the line");
    const send: Send = async () => ({
      sentAt: 1,
      end: { ...goodEnd, state: "cancelled" },
      cached: false,
      thrown: reason,
    });
    await expect(journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore)).rejects.toBe(reason);
    expect(journal.calls).toEqual([]);
  });

  test("has one entry of a call that was sent more than once", async () => {
    const journal = memoryJournal();
    const send: Send = async ({ request }) => {
      for (let attempts = 0; attempts < 3; attempts += 1) await request.sending?.onSend?.();
      return { sentAt: 1, end: goodEnd, cached: false };
    };
    await journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore);
    expect(journal.log).toEqual(["begin 0", "finish 0 done"]);
  });

  test("writes the call before it is sent, and resolves only after its end is written", async () => {
    const journal = memoryJournal();
    const log = journal.log;
    const send: Send = async ({ request }) => {
      log.push("waits for its turn");
      await request.sending?.onSend?.();
      log.push("sent");
      return { sentAt: 1, end: goodEnd, cached: false };
    };
    const sent = await journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore);
    log.push("resolved");
    expect(log).toEqual(["waits for its turn", "begin 0", "sent", "finish 0 done", "resolved"]);
    expect(sent.end).toBe(goodEnd);
    expect(journal.calls[0]!.intent).toEqual({
      key: "k",
      notebook: "a.md",
      address: "topic{model=small}",
      step: 0,
      run: "run-1",
      model: "test/scripted",
      request: { messages: [{ role: "user", content: "Hello" }], parameters: { temperature: 0 } },
      sentAt: 1_000,
    });
  });

  test.each(["failed", "cancelled", "truncated"] as const)(
    "writes a %s call with its text, which is no cache entry",
    async (state) => {
      const journal = memoryJournal();
      const end: CallEnd = { ...goodEnd, state, text: "par" };
      const send = sending({ sentAt: 1, end, cached: false, thrown: new Error(state) });
      await journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore);
      expect(journal.calls[0]!.end).toMatchObject({ state, text: "par" });
      expect((await journal.find(["k"])).size).toBe(0);
    },
  );

  test("sends nothing where the journal cannot be written", async () => {
    let isSent = false;
    const send: Send = async ({ request }) => {
      await request.sending?.onSend?.();
      isSent = true;
      return { sentAt: 1, end: goodEnd, cached: false };
    };
    const journal = { ...memoryJournal(), begin: () => Promise.reject(new Error("disk full")) };
    await expect(journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore)).rejects.toThrow(
      "disk full",
    );
    expect(isSent).toBe(false);
  });

  test("gives no answer that could not be written, but what it came to", async () => {
    const send = sending({ sentAt: 1, end: { ...goodEnd, cost: 0.5 }, cached: false });
    const journal = { ...memoryJournal(), finish: () => Promise.reject(new Error("disk full")) };
    const { end, thrown } = await journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore);
    expect(end).toMatchObject({ state: "failed", cost: 0.5, usage: goodEnd.usage });
    expect(thrown).toMatchObject({ code: "model.unwritten", message: expect.stringContaining("disk full") });
  });

  test("gives the words of a call that failed, also where they could not be written", async () => {
    const failed = new Error("busy");
    const send = sending({ sentAt: 1, end: { ...goodEnd, state: "failed" }, cached: false, thrown: failed });
    const journal = { ...memoryJournal(), finish: () => Promise.reject(new Error("disk full")) };
    const sent = await journaled(send, journal, ticking())(outgoing(scriptedModel([])), live(), ignore);
    expect(sent.thrown).toBe(failed);
  });
});
