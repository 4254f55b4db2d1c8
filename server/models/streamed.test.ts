import { describe, expect, test } from "vitest";
import type { CallEnd } from "#server/store/journal.ts";
import { ignore, live, outgoing, ticking } from "./__fixtures__/held-send.ts";
import { finish, head, scriptedModel, text } from "./__fixtures__/scripted-model.ts";
import { ModelError } from "./model-error.ts";
import type { ChatModel, StreamPart } from "./model.ts";
import { streamed } from "./streamed.ts";

describe("streamed", () => {
  test("gives the text so far as it comes, and the whole with usage and times at the end", async () => {
    const seen: string[] = [];
    const model = scriptedModel([head, { type: "reasoning", text: "hm" }, text("Hel"), text("lo"), finish]);
    const sent = await streamed(ticking())(outgoing(model), live(), (so) => seen.push(so));
    expect(seen).toEqual(["Hel", "Hello"]);
    expect(sent).toMatchObject({
      sentAt: 1_000,
      cached: false,
      end: {
        state: "done",
        text: "Hello",
        finish: "stop",
        usage: { input: 10, output: 5 },
        firstTextAt: 1_001,
        endedAt: 1_002,
        answeredBy: "test/answered",
        requestId: "r1",
      },
    });
  });

  test.each<[string, readonly (StreamPart | Error)[], CallEnd["state"], string]>([
    ["a stream without a finish", [text("Hel")], "truncated", "model.truncated"],
    [
      "a stream the provider cut",
      [text("Hel"), new ModelError("model.truncated", "broke off")],
      "truncated",
      "model.truncated",
    ],
    ["an error after text", [text("Hel"), new ModelError("model.overloaded", "busy")], "failed", "model.overloaded"],
    ["anything else thrown", [text("Hel"), new Error("what")], "failed", "internal"],
    ["text after the finish", [text("Hel"), finish, text("lo")], "failed", "model.failed"],
  ])("ends %s with what came and its error", async (_, steps, state, code) => {
    const sent = await streamed(ticking())(outgoing(scriptedModel(steps)), live(), ignore);
    expect(sent.end).toMatchObject({ state, text: "Hel", error: { code } });
    expect(sent.thrown).toBeInstanceOf(Error);
  });

  test("keeps what the provider sent besides the text as the response, and the key that was used last", async () => {
    const raw = { id: "resp_1", output: [{ type: "reasoning", encrypted_content: "…" }] };
    const steps: readonly StreamPart[] = [
      { type: "key", number: 1 },
      { type: "key", number: 2 },
      { ...finish, raw } as StreamPart,
    ];
    const sent = await streamed(ticking())(outgoing(scriptedModel(steps)), live(), ignore);
    expect(sent.end).toMatchObject({ response: raw, keyNumber: 2 });
    const attempt = { endedAt: 1, code: "model.overloaded", message: "busy", waited: 0, unbilled: true, next: "b/two" };
    const other = scriptedModel([{ type: "key", number: 2 }, { type: "attempt", attempt }, finish]);
    expect((await streamed(ticking())(outgoing(other), live(), ignore)).end).not.toHaveProperty("keyNumber");
  });

  test("tells the key by the beginning of its hash: of the only one, of the last of several, of a model that took over", async () => {
    const hashOf = async (steps: readonly StreamPart[], others: readonly ChatModel[] = []): Promise<unknown> => {
      const model = { ...scriptedModel([...steps, finish]), keyHash: "3fa1b2c4d5e6f708" };
      const { end } = await streamed(ticking())(outgoing(model, { others }), live(), ignore);
      return [end.keyNumber, end.keyHash];
    };
    const key = (number: number, hash?: string): StreamPart => ({ type: "key", number, hash });
    expect(await hashOf([])).toEqual([undefined, "3fa1b2c4"]);
    expect(await hashOf([key(1, "3fa1b2c4d5e6f708"), key(2, "99ab12cd34ef")])).toEqual([2, "99ab12cd"]);
    const busy = { endedAt: 1, code: "model.overloaded", message: "busy", waited: 0, unbilled: true };
    const over: StreamPart = { type: "attempt", attempt: { ...busy, next: "b/two" } };
    const other = { ...scriptedModel([], { name: "b/two" }), keyHash: "0123456789" };
    expect(await hashOf([key(2, "99ab12cd34ef"), over], [other])).toEqual([undefined, "01234567"]);
    expect(await hashOf([over, key(1, "aabbccddeeff")], [other])).toEqual([1, "aabbccdd"]);
    expect(await hashOf([over], [scriptedModel([], { name: "b/two" })])).toEqual([undefined, undefined]);
  });

  test("knows the request of each attempt, and of the last one where that ended without saying more", async () => {
    const busy = { endedAt: 1, code: "model.overloaded", message: "busy", waited: 0, unbilled: true };
    const steps: readonly (StreamPart | Error)[] = [
      head,
      { type: "head", raw: { id: "a" } },
      { type: "attempt", attempt: busy },
      { type: "attempt", attempt: { ...busy, requestId: "r2", status: 503 } },
      new ModelError("model.timeout", "said nothing"),
    ];
    const { end } = await streamed(ticking())(outgoing(scriptedModel(steps)), live(), ignore);
    expect(end.attempts).toEqual([
      { ...busy, requestId: "r1" },
      { ...busy, requestId: "r2", status: 503 },
    ]);
    expect(end).not.toHaveProperty("requestId");
    expect(end).not.toHaveProperty("response");
    const late = [{ type: "head", requestId: "r3", raw: { id: "b" } } as const, ...steps.slice(-1)];
    const timedOut = await streamed(ticking())(outgoing(scriptedModel(late)), live(), ignore);
    expect(timedOut.end).toMatchObject({ state: "failed", requestId: "r3", response: { id: "b" } });
  });

  test("ends a cancelled call with its text and the usage known by then", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const model = scriptedModel([{ type: "usage", usage: { input: 10 } }, text("Hel"), "hang"]);
    const sent = await streamed(ticking())(outgoing(model), controller.signal, () => controller.abort(reason));
    expect(sent.end).toMatchObject({ state: "cancelled", text: "Hel", usage: { input: 10 } });
    expect(sent.thrown).toBe(reason);
  });
});
