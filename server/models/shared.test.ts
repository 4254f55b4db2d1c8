import { describe, expect, test } from "vitest";
import { goodEnd, heldSend, ignore, live, outgoing, turn } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
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

  test("does not share calls that want a fresh answer", () => {
    const { send, sent } = heldSend();
    const door = shared(send);
    const call = outgoing(scriptedModel([]), { context: { notebook: "a.md", run: "r", maximumAge: 0 } });
    void door(call, live(), ignore);
    void door(call, live(), ignore);
    expect(sent).toHaveLength(2);
  });
});
