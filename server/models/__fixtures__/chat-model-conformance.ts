import { describe, expect, test } from "vitest";
import type { ChatModel, ChatRequest, StreamPart } from "../model.ts";

export interface ChatCase {
  readonly model: ChatModel;
  readonly request: ChatRequest;
}

/** How a provider is brought into the situations that all providers must handle alike. */
export interface ChatHarness {
  /** Answers in several parts; `text` is the whole, where it is known beforehand. */
  readonly answering: () => Promise<ChatCase & { readonly text?: string }>;
  /** Begins to answer and does not end within seconds. `stopped` resolves when the provider saw the end of the call. */
  readonly endless: () => Promise<
    ChatCase & {
      readonly stopped?: Promise<void>;
      /** Resolves when the call has begun; for one that gives no text before it has all. */
      readonly begun?: Promise<void>;
    }
  >;
  /** Fails with an error of this code. */
  readonly failing: () => Promise<ChatCase & { readonly code: string }>;
  /** Breaks off after some text; left out where that cannot be brought about. */
  readonly cut?: () => Promise<ChatCase>;
  /** Whether its answers come part by part; true where absent. Of one that does not no text is left that broke off. */
  readonly streams?: boolean;
}

/** What every `ChatModel` must do, as tests of one provider. */
export function testChatModel(name: string, harness: ChatHarness): void {
  describe(`${name} is a chat model`, () => {
    test("whose name begins with its provider and whose identity is text", async () => {
      const { model } = await harness.answering();
      expect(model.name).toMatch(/^[a-z0-9-]+\/.+/);
      expect(Object.values(model.identity).every((part) => typeof part === "string" && part !== "")).toBe(true);
    });

    test("that gives its text in order and exactly one finish, at the end", async () => {
      const { model, request, text } = await harness.answering();
      await model.ready?.();
      const parts = await collect(model.stream(request, new AbortController().signal));
      const written = textOf(parts);
      expect(written).not.toBe("");
      if (text !== undefined) expect(written).toBe(text);
      expect(parts.filter(({ type }) => type === "finish")).toHaveLength(1);
      const last = parts.at(-1);
      expect(last).toMatchObject({ type: "finish", reason: "stop" });
      if (last?.type === "finish") {
        expect(last.usage.input).toBeGreaterThan(0);
        expect(last.usage.output).toBeGreaterThan(0);
      }
    });

    test("that stops within a second of an abort and rejects with its reason", async () => {
      const reason = new Error("enough");
      const { reading, stopped, abortedAt } = abortInside(await harness.endless(), reason);
      await expect(reading).rejects.toBe(reason);
      expect(performance.now() - abortedAt()).toBeLessThan(1_000);
      await stopped;
    });

    test("that closes its connection within a tenth of a second of an abort", async ({ skip }) => {
      const waits: number[] = [];
      for (let times = 0; times < 20; times += 1) {
        const endless = await harness.endless();
        if (endless.stopped === undefined) return skip("it has no connection");
        const { reading, stopped, abortedAt } = abortInside(endless, new Error("enough"));
        await expect(reading).rejects.toThrow("enough");
        await stopped;
        waits.push(performance.now() - abortedAt());
      }
      // A busy machine may be slow at two of them.
      waits.sort((one, other) => one - other);
      expect(waits[17]).toBeLessThan(100);
      expect(waits[19]).toBeLessThan(1_000);
    });

    test("that sends nothing once aborted", async () => {
      const { model, request } = await harness.answering();
      await model.ready?.();
      const reason = new Error("too late");
      await expect(collect(model.stream(request, AbortSignal.abort(reason)))).rejects.toBe(reason);
    });

    test("whose errors have a code and a cure", async () => {
      const { model, request, code } = await harness.failing();
      const call = async (): Promise<unknown> => {
        await model.ready?.();
        return collect(model.stream(request, new AbortController().signal));
      };
      await expect(call()).rejects.toMatchObject({ code, cure: expect.stringMatching(/\w/) });
    });

    test.skipIf(harness.cut === undefined)("whose answer without its end mark is truncated, after its text", async () => {
      const { model, request } = await harness.cut!();
      const parts: StreamPart[] = [];
      await expect(collect(model.stream(request, new AbortController().signal), parts)).rejects.toMatchObject({
        code: "model.truncated",
      });
      expect(textOf(parts) !== "").toBe(harness.streams ?? true);
      expect(parts.some(({ type }) => type === "finish")).toBe(false);
    });
  });
}

type Endless = Awaited<ReturnType<ChatHarness["endless"]>>;

/** Reads an answer that does not end, and aborts it with its first text, or once it has begun. */
function abortInside({ model, request, stopped, begun }: Endless, reason: Error) {
  const controller = new AbortController();
  let abortedAt = 0;
  const abort = (): void => {
    if (controller.signal.aborted) return;
    abortedAt = performance.now();
    controller.abort(reason);
  };
  const reading = (async () => {
    await model.ready?.();
    for await (const part of model.stream(request, controller.signal)) if (part.type === "text") abort();
  })();
  void begun?.then(abort);
  return { reading, stopped, abortedAt: () => abortedAt };
}

/** All parts of a stream; into `parts`, so that those before an error are there too. */
export async function collect(stream: AsyncIterable<StreamPart>, parts: StreamPart[] = []): Promise<StreamPart[]> {
  for await (const part of stream) parts.push(part);
  return parts;
}

export function textOf(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
