import type { ChatModel, ChatRequest, StreamPart } from "../model.ts";

/** What a scripted model does next: give a part, throw, wait for something, or wait for its abort. */
export type Step = StreamPart | Error | Promise<void> | "hang";

export interface ScriptedModel extends ChatModel {
  /** The requests it was sent, each with the signal it was sent with. */
  readonly sent: { readonly request: ChatRequest; readonly signal: AbortSignal }[];
}

/** A model that plays the same steps for each request. */
export function scriptedModel(steps: readonly Step[], facts: Partial<Pick<ChatModel, "name" | "identity" | "effect" | "concurrency" | "ready">> = {}): ScriptedModel {
  const sent: ScriptedModel["sent"] = [];
  return {
    name: "test/scripted",
    identity: { provider: "test" },
    effect: "model",
    ...facts,
    sent,
    async *stream(request, signal) {
      sent.push({ request, signal });
      for (const step of steps) {
        signal.throwIfAborted();
        if (step === "hang") await aborted(signal);
        else if (step instanceof Promise) await step;
        else if (step instanceof Error) throw step;
        else yield step;
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

export const text = (words: string): StreamPart => ({ type: "text", text: words });

export const head: StreamPart = { type: "head", requestId: "r1" };

export const finish: StreamPart = { type: "finish", reason: "stop", usage: { input: 10, output: 5 }, model: "test/answered" };
