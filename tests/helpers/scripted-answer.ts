import type { IncomingHttpHeaders } from "node:http";

/** What the server does with one request. */
export interface ScriptedAnswer {
  /** The parts in which the text is streamed; one for a text of its own. */
  readonly text: string | readonly string[];
  /** What it thinks before the text. */
  readonly reasoning?: string;
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Milliseconds between the parts of a stream. */
  readonly pace?: number;
  /** `true`: answers when it is released. */
  readonly hold?: boolean;
  /** Never answers, or, with `after-part`, never goes on after the first part of a stream. */
  readonly hang?: "at-once" | "after-part";
  /** Another status than 200: an error with the text as its message. */
  readonly status?: number;
  /** `stop` by default; any word of a provider's own. */
  readonly finish?: string;
  /** Tokens; by default one a word of the text, and 10 for the prompt; null: nothing is said of them. */
  readonly usage?: { readonly prompt: number; readonly completion: number } | null;
}

/** A request as it arrived. */
export interface SeenRequest {
  /** From 0, in the order of arrival. */
  readonly number: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent, and parsed. */
  readonly text: string;
  readonly body: ChatBody;
  /** `finished`: every byte of the answer has been handed to the network. `aborted`: the caller went before. */
  readonly state: "in-flight" | "finished" | "aborted";
}

/** The parts of a chat completion request that the server looks at; the rest is kept. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly [field: string]: unknown;
}
