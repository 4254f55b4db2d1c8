import { describe, expect, test } from "vitest";
import { heldSend, ignore, live, outgoing, turn } from "./__fixtures__/held-send.ts";
import { scriptedModel } from "./__fixtures__/scripted-model.ts";
import { limited } from "./limited.ts";
import type { ChatModel } from "./model.ts";

describe("limited", () => {
  test("holds the calls in flight to the bound and lets the others in, in their order", async () => {
    const { send, sent } = heldSend();
    const door = limited(send);
    const model = scriptedModel([], { concurrency: 2 });
    const all = ["a", "b", "c", "d"].map((key) => door(outgoing(model, { key }), live(), ignore));
    expect(sent.map(({ call }) => call.key)).toEqual(["a", "b"]);
    sent[1]!.end();
    await turn();
    expect(sent.map(({ call }) => call.key)).toEqual(["a", "b", "c"]);
    sent[0]!.fail(new Error("one failed"));
    await expect(all[0]).rejects.toThrow("one failed");
    expect(sent.map(({ call }) => call.key)).toEqual(["a", "b", "c", "d"]);
    for (const { end } of sent.slice(2)) end();
    await Promise.all(all.slice(1));
  });

  test("lets the runs take turns, so that one answer does not wait behind a sheet", async () => {
    const { send, sent } = heldSend();
    const door = limited(send, () => 1);
    const model = scriptedModel([]);
    const of = (run: string, key: string) =>
      door(outgoing(model, { key, context: { notebook: "n.md", run } }), live(), ignore);
    const all = [of("sheet", "s1"), of("sheet", "s2"), of("sheet", "s3"), of("sheet", "s4"), of("one", "o1")];
    all.push(of("two", "t1"), of("two", "t2"));
    for (let index = 0; index < all.length; index += 1) {
      sent[index]!.end();
      await turn();
    }
    await Promise.all(all);
    expect(sent.map(({ call }) => call.key)).toEqual(["s1", "s2", "o1", "t1", "s3", "t2", "s4"]);
  });

  test("counts each provider and base URL for itself, all models of one together", async () => {
    const { send, sent } = heldSend();
    const door = limited(send, () => 1);
    const at = (name: string, baseUrl?: string): ChatModel =>
      scriptedModel([], { name, identity: { provider: "p", ...(baseUrl ? { baseUrl } : {}) } });
    for (const model of [at("local/a"), at("local/b"), at("openai/a", "x"), at("openai/a", "y")])
      void door(outgoing(model), live(), ignore);
    expect(sent.map(({ call }) => call.model.name)).toEqual(["local/a", "openai/a", "openai/a"]);
  });

  test("lets a waiting call leave the line when it is aborted", async () => {
    const { send, sent } = heldSend();
    const door = limited(send, () => 1);
    const model = scriptedModel([]);
    const first = door(outgoing(model), live(), ignore);
    const controller = new AbortController();
    const leaving = door(outgoing(model, { key: "leaving" }), controller.signal, ignore);
    const last = door(outgoing(model, { key: "last" }), live(), ignore);
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    sent[0]!.end();
    await first;
    expect(sent.map(({ call }) => call.key)).toEqual(["k", "last"]);
    sent[1]!.end();
    await last;
  });
});
