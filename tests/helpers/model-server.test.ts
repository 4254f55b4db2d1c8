import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "./model-server.ts";

// The server speaks OpenAI's format if OpenAI's own client understands it.
const clientOf = (server: ModelServer): OpenAI =>
  new OpenAI({ baseURL: server.baseUrl, apiKey: "none", maxRetries: 0 });
const ask = (content: string) => ({ model: "scripted", messages: [{ role: "user" as const, content }] });

async function collect<Part>(stream: AsyncIterable<Part>, onPart?: () => void): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const part of stream) {
    parts.push(part);
    onPart?.();
  }
  return parts;
}

describe("the model server", () => {
  test("answers a request at once and as a stream", async () => {
    await using server = await startModelServer(() => ({ text: ["card_", "arrival"], finish: "length" }));
    const whole = await clientOf(server).chat.completions.create(ask("a"));
    expect(whole.choices[0]).toMatchObject({ message: { content: "card_arrival" }, finish_reason: "length" });
    expect(whole.usage).toEqual({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 });
    const stream = await clientOf(server).chat.completions.create({
      ...ask("a"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const parts = await collect(stream);
    expect(parts.map((part) => part.choices[0]?.delta.content)).toEqual(["card_", "arrival", undefined, undefined]);
    expect(parts.at(-2)!.choices[0]!.finish_reason).toBe("length");
    expect(parts.at(-1)!.usage).toEqual(whole.usage);
  });

  test("counts requests by their body, and knows which are finished", async () => {
    await using server = await startModelServer(({ body }) => ({ text: String(body.messages[0]!.content) }));
    const client = clientOf(server);
    await Promise.all(["a", "b", "a"].map((content) => client.chat.completions.create(ask(content))));
    await server.until(({ finished }) => finished().length === 3);
    expect(Array.from(server.counts().values()).sort()).toEqual([1, 2]);
    expect(server.inFlight()).toEqual([]);
    expect(server.requests()[0]).toMatchObject({ number: 0, path: "/v1/chat/completions", state: "finished" });
  });

  test("holds answers until they are released", async () => {
    await using server = await startModelServer(() => ({ text: "late", hold: true }));
    const client = clientOf(server);
    const answers = ["a", "b"].map((content) => client.chat.completions.create(ask(content)));
    await server.until(({ inFlight }) => inFlight().length === 2);
    expect(server.release(({ text }) => text.includes('"a"'))).toBe(1);
    await answers[0];
    await server.until(({ finished }) => finished().length === 1);
    expect(server.inFlight().map(({ text }) => text.includes('"b"'))).toEqual([true]);
    expect(server.release()).toBe(1);
    await answers[1];
  });

  test("hangs, before an answer or within it, and sees the caller go", async () => {
    for (const hang of ["at-once", "after-part"] as const) {
      await using server = await startModelServer(() => ({ text: ["first", "never"], hang }));
      const abort = new AbortController();
      const request = { ...ask("a"), stream: true as const };
      const asked = clientOf(server)
        .chat.completions.create(request, { signal: abort.signal })
        .then((stream) => collect(stream, () => abort.abort()));
      await server.until(({ requests }) => requests().length === 1);
      if (hang === "at-once") abort.abort();
      await Promise.allSettled([asked]);
      await server.until(({ requests }) => requests()[0]!.state === "aborted");
      expect(server.finished()).toEqual([]);
    }
  });

  test("waits before it answers, and fails as it is told", async () => {
    await using server = await startModelServer(() => ({ text: "too many", status: 429, delay: 30 }));
    const begun = performance.now();
    await expect(clientOf(server).chat.completions.create(ask("a"))).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining("too many"),
    });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29);
  });

  test("says when what is awaited does not come", async () => {
    await using server = await startModelServer(() => ({ text: "" }));
    await expect(server.until(({ requests }) => requests().length === 1, 10)).rejects.toThrow("0 requests");
  });
});
