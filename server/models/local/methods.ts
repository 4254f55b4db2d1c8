import type { ModelHeader } from "../files/model-header.ts";
import type { Datum, Message } from "#server/notebook/value.ts";
import type { ModelParameters, Priority } from "#server/notebook/services.ts";

/** What the models process can do: each method's argument and answer. Plain data, for it crosses a process. */
export interface ModelsMethods {
  /** Sends what was thought and the text in parts (`SplitPiece`) and answers when it is whole. */
  generate: { argument: GenerateArgument; answer: GenerateAnswer };
  /** Tokens of each prompt, in order. */
  count: { argument: CountArgument; answer: Uint32Array };
  embed: { argument: EmbedArgument; answer: Float32Array };
  /** What a GGUF file says of itself. */
  header: { argument: { readonly file: string }; answer: ModelHeader };
  search: { argument: SearchArgument; answer: SearchAnswer };
}

export type Prompt =
  | { readonly type: "messages"; readonly messages: readonly Message[] }
  | { readonly type: "completion"; readonly text: string };

export interface CountArgument {
  /** Whose tokens: those of a GGUF file, or of an encoding of OpenAI's. */
  readonly tokenizer:
    | { readonly type: "file"; readonly name: string; readonly file: string; readonly sha256: string }
    | { readonly type: "encoding"; readonly encoding: "o200k_base" | "cl100k_base" };
  readonly prompts: readonly Prompt[];
}

export interface GenerateArgument {
  /** The model's full name, for messages. */
  readonly name: string;
  /** The GGUF file's path. */
  readonly file: string;
  /** The file's SHA-256: another file in its place is another model. */
  readonly sha256: string;
  readonly prompt: Prompt;
  readonly parameters: ModelParameters;
  readonly schema?: Datum;
  readonly priority?: Priority;
}

export interface GenerateAnswer {
  readonly reason: "stop" | "length";
  /** Tokens of the prompt, and tokens the model gave, the mark of its end not counted. */
  readonly usage: { readonly input: number; readonly output: number };
}

export interface EmbedArgument {
  /** The folder that holds the model's folder, and that folder's name. */
  readonly folder: string;
  readonly model: string;
  readonly texts: readonly string[];
  readonly priority?: Priority;
}

/** Looks for the nearest of the unit vectors in a file: little-endian float32, row by row, from `offset` bytes on. */
export interface SearchArgument {
  readonly file: string;
  readonly offset: number;
  readonly rows: number;
  readonly dimensions: number;
  /** The queries' vectors, one after another. */
  readonly queries: Float32Array;
  readonly k: number;
  /** The places of the vectors that may be found, ascending; all where absent. */
  readonly within?: Uint32Array;
}

/** Best first, `min(k, rows)` a query, or `min(k, within.length)`, one query after another; equal scores by row. */
export interface SearchAnswer {
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}
