/** What a GGUF file says of itself. */
export interface ModelHeader {
  /** The kind of model, `llama`, `gemma3`. */
  readonly architecture: string;
  /** The name its makers gave it; absent where it has none. */
  readonly title?: string;
  readonly licence?: string;
  /** Tokens; absent for what reads no text by itself. */
  readonly contextLength?: number;
  /** Whether it has a template for messages, and so answers them. */
  readonly instruct: boolean;
}

export function isModelHeader(value: unknown): value is ModelHeader {
  const { architecture, instruct } = (value ?? {}) as Partial<ModelHeader>;
  return typeof architecture === "string" && typeof instruct === "boolean";
}
