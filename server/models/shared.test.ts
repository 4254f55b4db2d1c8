import { describe, expect, test } from "vitest";
import { goodEnd, heldSend, ignore, live, outgoing, turn } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { ModelError } from "./model-error.ts";
import type { OutgoingCall, SentCall } from "./sender.ts";
import { shared } from "./shared.ts";

describe("shared", () => {
  test("sends equal calls in flight once, and gives each reader the text so far and the answer", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const seen: string[][] = [[], []];
    const call = outgoing(scriptedModel([]));
    const first = door(call, live(), (so) => seen[0]!.push(so));
    sent[0]!.onText("He");
    const second = door(call, live(), (so) => seen[1]!.push(so));
    sent[0]!.onText("Hello");
    sent[0]!.end();
    expect(await first).toMatchObject({ cached: false, end: goodEnd });
    expect(await second).toMatchObject({ cached: true, end: goodEnd });
    expect(sent).toHaveLength(1);
    expect(seen).toEqual([
      ["He", "Hello"],
      ["He", "Hello"],
    ]);
  });

  test("sends again once the first has ended, and other keys beside it", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const first = door(call, live(), ignore);
    void door({ ...call, key: "other" }, live(), ignore);
    sent[0]!.end();
    await first;
    void door(call, live(), ignore);
    expect(sent.map((item) => item.call.key)).toEqual(["k", "other", "k"]);
  });

  test("lets a reader leave without ending the call of the others, who then count it", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const controller = new AbortController();
    const seen: string[] = [];
    const leaving = door(call, controller.signal, (so) => seen.push(so));
    const staying = door(call, live(), ignore);
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    expect(sent[0]!.signal.aborted).toBe(false);
    sent[0]!.onText("Hello");
    sent[0]!.end();
    expect(await staying).toMatchObject({ end: goodEnd, cached: false });
    expect(seen).toEqual([]);
  });

  test("aborts the call when the last reader leaves, who waits until its end is written", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const [one, two] = [new AbortController(), new AbortController()];
    const first = door(call, one.signal, ignore);
    const second = door(call, two.signal, ignore);
    one.abort(new Error("first gone"));
    await expect(first).rejects.toThrow("first gone");
    let settled = false;
    const last = second.catch((thrown: unknown) => thrown).finally(() => (settled = true));
    two.abort(new Error("second gone"));
    await turn();
    expect(sent[0]!.signal.reason).toEqual(new Error("second gone"));
    expect(settled).toBe(false);
    sent[0]!.end({ end: { ...goodEnd, state: "cancelled" } });
    expect(await last).toEqual(new Error("second gone"));
  });

  test("does not let anyone join a call that is being aborted", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const controller = new AbortController();
    const leaving = door(call, controller.signal, ignore);
    controller.abort(new Error("gone"));
    const fresh = door(call, live(), ignore);
    expect(sent).toHaveLength(2);
    sent[0]!.end({ end: { ...goodEnd, state: "cancelled" } });
    await expect(leaving).rejects.toThrow("gone");
    const joining = door(call, live(), ignore);
    expect(sent).toHaveLength(2);
    sent[1]!.end();
    expect(await fresh).toMatchObject({ cached: false });
    expect(await joining).toMatchObject({ cached: true });
  });

  test("lets a reader whose own code throws leave, and the others read on", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const broken = door(call, live(), () => {
      throw new Error("reader broke");
    });
    const seen: string[] = [];
    const whole = door(call, live(), (so) => seen.push(so));
    sent[0]!.onText("Hello");
    await expect(broken).rejects.toThrow("reader broke");
    sent[0]!.end();
    expect(await whole).toMatchObject({ end: goodEnd });
    expect(seen).toEqual(["Hello"]);
  });

  test("gives every reader a failure", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]));
    const both = [door(call, live(), ignore), door(call, live(), ignore)];
    sent[0]!.fail(new Error("disk full"));
    for (const one of both) await expect(one).rejects.toThrow("disk full");
  });

  const of = (run: string, onSend?: () => void): Partial<OutgoingCall> => ({
    context: { notebook: "a.md", run, ...(onSend === undefined ? {} : { onSend }) },
  });

  test("lets each run go its own way until one is sent, whose answer the others get, and no other is sent", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const model = scriptedModel([]);
    const seen: string[] = [];
    const first = door(outgoing(model, of("r1")), live(), (so) => seen.push(so));
    const beside = door(outgoing(model, of("r1")), live(), ignore);
    const second = door(outgoing(model, of("r2")), live(), ignore);
    expect(sent.map(({ call }) => call.context.run)).toEqual(["r1", "r2"]);
    sent[1]!.call.context.onSend!();
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(() => sent[0]!.call.context.onSend!()).toThrow("aborted");
    sent[0]!.fail(new Error("left the line"));
    const third = door(outgoing(model, of("r3")), live(), ignore);
    sent[1]!.onText("Hello");
    sent[1]!.end();
    const ends = await Promise.all([first, beside, second, third]);
    expect(ends.map(({ cached }) => cached)).toEqual([true, true, false, true]);
    expect([sent.length, seen]).toEqual([2, ["Hello"]]);
  });

  test("fails those of one run alone where nothing was sent, and one that may not leave now is not sent", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const model = scriptedModel([]);
    let leaves = 0;
    const first = door(
      outgoing(
        model,
        of("r1", () => {
          throw new Error("no money");
        }),
      ),
      live(),
      ignore,
    );
    const second = door(
      outgoing(
        model,
        of("r2", () => (leaves += 1)),
      ),
      live(),
      ignore,
    );
    expect(() => sent[0]!.call.context.onSend!()).toThrow("no money");
    expect(sent[1]!.signal.aborted).toBe(false);
    sent[0]!.fail(new Error("no money"));
    await expect(first).rejects.toThrow("no money");
    sent[1]!.call.context.onSend!();
    sent[1]!.end();
    expect([await second, leaves]).toMatchObject([{ cached: false }, 1]);
  });

  test("ends the call that was sent when the last of all its readers leaves", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const model = scriptedModel([]);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = door(outgoing(model, of("r1")), one.signal, ignore);
    const second = door(outgoing(model, of("r2")), two.signal, ignore);
    sent[0]!.call.context.onSend!();
    one.abort(new Error("first gone"));
    await expect(first).rejects.toThrow("first gone");
    expect(sent[0]!.signal.aborted).toBe(false);
    two.abort(new Error("second gone"));
    expect(sent[0]!.signal.aborted).toBe(true);
    sent[0]!.end({ end: { ...goodEnd, state: "cancelled" } });
    await expect(second).rejects.toThrow("second gone");
  });

  test("sends it by itself where the shared one failed, and its own fallbacks may answer", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const bare = outgoing(scriptedModel([]));
    const safe = { ...bare, others: [scriptedModel([], { name: "b/two" })] };
    const failed = (code: `model.${string}`): Partial<SentCall> => {
      const thrown = new ModelError(code, "no");
      return { end: { ...goodEnd, state: "failed", text: "", error: { code, message: "no" } }, thrown };
    };
    for (const [code, times] of [
      ["model.overloaded", 2],
      ["model.bad-request", 1],
    ] as const) {
      const before = sent.length;
      const first = door(bare, live(), ignore);
      sent[before]!.call.context.onSend!();
      const both = [first, door(safe, live(), ignore)];
      sent[before]!.end(failed(code));
      expect(await both[0]).toMatchObject({ cached: false, end: { state: "failed" } });
      await turn();
      expect(sent.length - before).toBe(times);
      if (times === 2) sent[before + 1]!.end();
      expect(await both[1]).toMatchObject({ end: { state: times === 2 ? "done" : "failed" } });
    }
  });

  test("sends it by itself where a fallback answered that it does not name", async () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const bare = outgoing(scriptedModel([]));
    const safe = { ...bare, others: [scriptedModel([], { name: "b/two" })] };
    const first = door(safe, live(), ignore);
    sent[0]!.call.context.onSend!();
    const readers = [door(safe, live(), ignore), door(bare, live(), ignore)] as const;
    const attempt = { code: "model.overloaded", message: "busy", endedAt: 1, waited: 0, unbilled: true, next: "b/two" };
    sent[0]!.end({ end: { ...goodEnd, text: "of two", attempts: [attempt] } });
    expect(await first).toMatchObject({ end: { text: "of two" } });
    expect(await readers[0]).toMatchObject({ cached: true, end: { text: "of two" } });
    await turn();
    expect(sent).toHaveLength(2);
    sent[1]!.end();
    expect(await readers[1]).toMatchObject({ cached: false, end: goodEnd });
  });

  test("does not share calls that want a fresh answer", () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]), { context: { notebook: "a.md", run: "r", maximumAge: 0 } });
    void door(call, live(), ignore);
    void door(call, live(), ignore);
    expect(sent).toHaveLength(2);
  });
});
