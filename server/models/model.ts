import type { CellError, Datum, Message } from "#server/notebook/value.ts";
import type { ModelParameters, Priority, Usage } from "#server/notebook/services.ts";
import type { CallAttempt } from "#server/store/journal.ts";
import type { ModelBatches } from "./batches/model-batches.ts";
import type { ModelFileProgress } from "./files/model-file.ts";
import type { KeyFilter } from "./key-filter.ts";
import type { Members } from "./provider-facts.ts";

/**
 * A model one can talk to. It maps messages in and parts of a stream out, and nothing else: retries, limits, journal,
 * cost and cache are wrappers `(model) => model` that every model gets.
 */
export interface ChatModel {
  /** `provider/model`, as it stands in a notebook. */
  readonly name: string;
  /** What the call key has of the model besides its name: the provider, its base URL, or a local file's hash. */
  readonly identity: { readonly [part: string]: string };
  /** `paid` calls cost money, `model` ones only time. */
  readonly effect: "model" | "paid";
  /** How many calls may be in flight at once over all models of this provider and base URL; 64 where absent. */
  readonly concurrency?: number;
  /** How many more interactive requests may be in flight at once: where the model itself lets them go before the batch ones it has; 0 where absent. */
  readonly interactiveConcurrency?: number;
  /** The same model with each key of its account, where there are several: they take turns. */
  readonly keys?: readonly ChatModel[];
  /** SHA-256 in hex of the key it is asked with; absent where it has none. */
  readonly keyHash?: string;
  /** Takes the keys of its account out of what its provider says; absent where it has none. */
  readonly withoutKeys?: KeyFilter;
  /** Resolves when the model can answer, after telling how far its file is where that is fetched first; rejects with a `WaitingError` or a `SheafError` that says what to do. */
  readonly ready?: (signal?: AbortSignal, onFile?: (progress: ModelFileProgress) => void) => Promise<void>;
  /** How the model is called by others than Sheaf; absent for one that has no address. */
  readonly http?: HttpModel;
  /** What the provider says of the model beforehand; unknown where absent. */
  readonly capabilities?: Capabilities;
  /** Many requests at once, answered within a day at half the price; absent where the provider has no such way. */
  readonly batches?: ModelBatches;
  /**
   * Whether it makes a request ready while its leaving is being written, and sends nothing of it before `sending.leaves` resolves. One that does not
   * is asked only then.
   */
  readonly preparesFirst?: true;
  /**
   * Sends the request. Exactly one `finish` ends a good stream; a stream without one was cut off and throws
   * `model.truncated`. Abort rejects with the signal's reason and closes the provider's socket.
   */
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<StreamPart>;
}

/** What a model can do. What is absent is not known: it is neither offered as certain nor refused. */
export interface Capabilities {
  /** Answers messages. */
  readonly chat?: boolean;
  /** Continues a text. */
  readonly completion?: boolean;
  /** Takes images in messages. */
  readonly images?: boolean;
  readonly tools?: boolean;
  /** Keeps an answer to a JSON Schema by itself. */
  readonly jsonSchema?: boolean;
  /** Keeps an answer to some JSON object, as OpenAI's `response_format` of type `json_object` asks for. */
  readonly jsonObject?: boolean;
  /** Thinks before it answers, and how much can be said. */
  readonly reasoning?: boolean;
  /** Sends its answer part by part; of one that does not it is asked for as a whole. */
  readonly streaming?: boolean;
  readonly embeddings?: boolean;
  /** Tokens of a request and its answer together. */
  readonly contextLength?: number;
  /** Tokens of an answer. */
  readonly maxOutput?: number;
}

/** A model as any program calls it over HTTP. */
export interface HttpModel {
  readonly protocol: "openai" | "anthropic";
  /** What the protocol's paths stand behind. */
  readonly baseUrl: string;
  readonly keyVariable?: string;
  /** A request for one whole answer, not streamed. The bytes of its images are read where that is said; their places stand in it otherwise. */
  post(request: ChatRequest, images?: "read"): Promise<HttpPost>;
}

export interface HttpPost {
  readonly path: "/chat/completions" | "/completions" | "/responses" | "/v1/messages";
  readonly body: { readonly [member: string]: unknown };
}

export interface ChatRequest {
  readonly messages: readonly Message[];
  /** Text to be continued in place of messages, for base models. */
  readonly completion?: string;
  readonly parameters: ModelParameters;
  /** JSON Schema of the answer. Where it describes a string, the answer is the bare string, otherwise JSON text. */
  readonly schema?: Datum;
  /** Whether the answer is to be some JSON object: for a schema that stands in the messages, and is not sent. */
  readonly jsonObject?: boolean;
  /** Whether the answer is asked for as a whole, of a model that does not stream; no call key has it. */
  readonly whole?: boolean;
  /** Images that stand before the text of a message of the user. */
  readonly images?: readonly ImageInput[];
  /** The number of that message, from 0; the user's last where absent. */
  readonly imageMessage?: number;
  /** How it is to be sent, which no provider sees and no call key has. */
  readonly sending?: Sending;
}

/** An image of a request. Its bytes are read when it is sent. */
export interface ImageInput {
  /** SHA-256 in hex of the bytes: what the call key has of it. */
  readonly hash: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: () => Promise<Uint8Array>;
}

/** What the way to a provider has to know of a request. */
export interface Sending {
  /** Interactive requests pass batch ones in every line. */
  readonly priority?: Priority;
  /** Whose request it is: the members of one group, a run, take turns with those of others. */
  readonly group?: string;
  /** Whether another key or model is asked where this one cannot answer: such a request waits for no outage to end. */
  readonly hasOther?: boolean;
  /** Called when nothing is left to be waited for; the request leaves when it resolves. A repeated attempt calls it again. */
  readonly onSend?: () => Promise<void>;
  /** What `onSend` gave, for a model that `preparesFirst`. */
  readonly leaves?: Promise<void>;
}

/** What a provider says of its limits in an answer: how much is left until when (milliseconds since 1970). */
export interface ProviderLimits {
  readonly requests?: ProviderLimit;
  readonly tokens?: ProviderLimit;
  readonly inputTokens?: ProviderLimit;
  readonly outputTokens?: ProviderLimit;
}

export interface ProviderLimit {
  /** How many a minute. */
  readonly limit?: number;
  readonly remaining?: number;
}

/** Something every model may get: a model that does more. */
export type ModelWrapper = (model: ChatModel) => ChatModel;

export type StreamPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  /** A piece of an answer that is read only when it is whole: the text of it all comes before the finish, and where that does not come this is what is kept. */
  | { readonly type: "held"; readonly text: string }
  /** An attempt failed before any text came, and another is made. */
  | { readonly type: "attempt"; readonly attempt: CallAttempt }
  /** Which key of several the request goes out with, from 1, and its `keyHash`. */
  | { readonly type: "key"; readonly number: number; readonly hash?: string | undefined }
  /**
   * What the provider says before its answer, of which no part has come yet: its id of the request and its limits, then what else it says first.
   * It is kept of an answer that has no end.
   */
  | { readonly type: "head"; readonly requestId?: string; readonly limits?: ProviderLimits; readonly raw?: Members }
  /** What was counted so far, where the provider says it before the end: a cancelled call books it. */
  | { readonly type: "usage"; readonly usage: Usage }
  | {
      readonly type: "finish";
      readonly reason: "stop" | "length" | "content-filter" | "other";
      readonly usage: Usage;
      /** The model that really answered, where the provider says. */
      readonly model?: string;
      /** What the provider sent, as it sent it, of a stream but for what its texts were pieced together of: what is asked for when its answer is in doubt. */
      readonly raw?: Members;
    };

/** Gives vectors of unit length for texts. */
export interface EmbeddingModel {
  readonly name: string;
  readonly identity: { readonly [part: string]: string };
  readonly effect: "model" | "paid";
  /** Length of the vectors; 0 before the first answer of a model whose provider does not publish it. */
  readonly dimensions: number;
  /** The same model with each key of its account, where there are several: they take turns. */
  readonly keys?: readonly EmbeddingModel[];
  /** SHA-256 in hex of the key it is asked with; absent where it has none. */
  readonly keyHash?: string;
  /** Takes the keys of its account out of what its provider says; absent where it has none. */
  readonly withoutKeys?: KeyFilter;
  /** The most texts one request takes; any number where absent. */
  readonly textsAtOnce?: number;
  /** Rejects where the model cannot be asked: its key is missing. */
  readonly ready?: () => Promise<void>;
  /** Sends one request, and nothing else: whoever is to pay for it goes through the embedding caller. */
  embed(texts: readonly string[], signal?: AbortSignal, priority?: Priority): Promise<EmbeddedTexts>;
}

/** Vectors in the texts' order, and what the provider says with them; its count of tokens is absent where it says none. */
export interface EmbeddedTexts {
  readonly vectors: readonly Float32Array[];
  readonly usage: Pick<Usage, "input">;
  readonly model?: string;
  readonly requestId?: string;
  readonly limits?: ProviderLimits;
  /** What the provider sent, as it sent it, but for the vectors. */
  readonly raw?: Members;
}

/** What a provider is made with: effects come in from outside. */
export interface ProviderSettings {
  readonly environment: { readonly [name: string]: string | undefined };
  readonly fetch: typeof fetch;
  /** Named OpenAI-compatible servers of the workspace: `groq` → base URL and the variable that has the key. */
  readonly endpoints: { readonly [name: string]: { readonly baseUrl: string; readonly keyVariable?: string } };
  /** Why it is not known which there are: no endpoint can be named then, for it may be another server than is meant. */
  readonly endpointsProblem?: CellError | null;
  /** Why what is written of them now is not read, while those of before stand: a name that is not found may be meant there. */
  readonly endpointsFault?: CellError | null;
  /** Whether it is a server that makes the calls, also for commands, whose environment is not the server's. */
  readonly served?: boolean | undefined;
}

/**
 * A family of models under one first name. Adding one is one file and one line in `server/models/index.ts`. A model is made
 * without asking whether it can be used: its identity is needed for cached answers, which need no key; `ready` asks.
 */
export interface ModelProvider {
  readonly name: string;
  readonly title: string;
  /** The environment variable that has the key, for `sheaf models`; absent where none is needed. */
  readonly keyVariable?: string;
  chatModel?(model: string, settings: ProviderSettings): ChatModel;
  embeddingModel?(model: string, settings: ProviderSettings): EmbeddingModel;
  /** The models its server says it has, with what it says of them, where it can be asked; `name` is its own, or that of the endpoint. */
  listModels?(settings: ProviderSettings, signal: AbortSignal, name: string): Promise<readonly ModelListing[]>;
}

/** A model as its provider lists it. */
export interface ModelListing {
  /** Its name at the provider: what follows the provider's in its full name. */
  readonly model: string;
  readonly capabilities: Capabilities;
}

export function defineProvider(provider: ModelProvider): ModelProvider {
  return provider;
}
