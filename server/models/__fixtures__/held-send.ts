import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel } from "../model.ts";
import type { OutgoingCall, Send, SentCall } from "../sender.ts";

export const ignore = (): void => {};

/** A signal nobody aborts. */
export const live = (): AbortSignal => new AbortController().signal;

/** Resolves after what is waiting in the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that is one millisecond later each time it is read. */
export function ticking(from = 1_000): () => number {
  let now = from;
  return () => now++;
}

export function outgoing(model: ChatModel, more: Partial<OutgoingCall> = {}): OutgoingCall {
  return {
    key: "k",
    model,
    request: { messages: [{ role: "user", content: "Hello" }], parameters: { temperature: 0 } },
    context: { notebook: "a.md", run: "run-1" },
    address: { cell: "topic", at: { model: "small" } },
    step: 0,
    ...more,
  };
}

export const goodEnd: CallEnd = {
  state: "done",
  endedAt: 2,
  text: "hi",
  finish: "stop",
  usage: { input: 10, output: 5 },
  cost: 0,
  price: { source: "test" },
};

/** A call a `heldSend` was given, and how to end it. */
export interface HeldCall {
  readonly call: OutgoingCall;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  readonly end: (sent?: Partial<SentCall>) => void;
  readonly fail: (thrown: unknown) => void;
}

/** A `Send` whose calls end when they are told to. */
export function heldSend(): { readonly send: Send; readonly sent: HeldCall[] } {
  const sent: HeldCall[] = [];
  const send: Send = (call, signal, onText) =>
    new Promise((resolve, reject) => {
      const end = (more?: Partial<SentCall>): void => resolve({ sentAt: 1, end: goodEnd, cached: false, ...more });
      sent.push({ call, signal, onText, end, fail: reject });
    });
  return { send, sent };
}
