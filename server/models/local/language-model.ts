import type { Llama, LlamaContext } from "node-llama-cpp";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { createThoughtSplit, type SplitPiece } from "../create-thought-split.ts";
import { chunkTokens, createChunkedPrompt } from "./chunked-prompt.ts";
import { generate } from "./generate.ts";
import { grammarFor } from "./grammar-for.ts";
import type { GenerateAnswer, GenerateArgument } from "./methods.ts";
import { createPromptTokens } from "./prompt-tokens.ts";

/** The smallest context that is made; a longer prompt gets one of the next power of two. */
const smallestContext = 2048;

/** Tokens of an answer where the request sets no `max_tokens`: small models may never find an end. */
export const defaultMaxTokens = 512;

/** A GGUF model in memory, one request at a time. */
export interface LanguageModel {
  /** Bytes of the weights and of the context. */
  readonly memory: number;
  generate(
    request: GenerateArgument,
    signal: AbortSignal,
    emit: (piece: SplitPiece) => Promise<void>,
  ): Promise<GenerateAnswer>;
  dispose(): Promise<void>;
}

export async function loadLanguageModel(llama: Llama, file: string, threads: number): Promise<LanguageModel> {
  const model = await llama.loadModel({ modelPath: file });
  const tokensOf = await createPromptTokens(model);
  let current: { context: LlamaContext; prompt: ReturnType<typeof createChunkedPrompt>; size: number } | undefined;

  async function contextOf(tokens: number) {
    if (current !== undefined && current.size >= tokens) return current;
    await current?.context.dispose();
    current = undefined;
    const size = Math.min(model.trainContextSize, Math.max(smallestContext, 2 ** Math.ceil(Math.log2(tokens))));
    const context = await model.createContext({
      contextSize: size,
      batchSize: chunkTokens,
      threads,
      sequences: 1,
      // Without it a sliding-window model could not go back to an earlier chunk.
      swaFullCache: true,
    });
    const sequence = context.getSequence();
    current = { context, prompt: createChunkedPrompt(sequence), size };
    return current;
  }

  return {
    get memory() {
      return model.memoryUsage.ram + (current?.context.memoryUsage.ram ?? 0);
    },
    async generate(request, signal, emit) {
      const { tokens, ends, begun } = tokensOf(request);
      if (tokens.length === 0) throw emptyPrompt(request.name);
      const longest = model.trainContextSize;
      if (tokens.length >= longest) throw tooLong(request.name, tokens.length, longest);
      const limit = Math.min(request.parameters.max_tokens ?? defaultMaxTokens, longest - tokens.length);
      const constraint =
        request.schema === undefined
          ? null
          : await grammarFor(llama, model, request.schema, request.prompt.type === "completion");
      // What a grammar holds has no place for a thought, and text that is continued is nobody's answer.
      const split = constraint === null && begun !== null ? createThoughtSplit(begun) : null;
      const { context, prompt } = await contextOf(tokens.length + limit);
      try {
        const rest = await prompt.prepare(tokens, signal);
        const sequence = prompt.sequence;
        const { reason, output } = await generate({
          model,
          sequence,
          rest,
          ends,
          limit,
          constraint,
          parameters: request.parameters,
          signal,
          emit: (text) => emit(split?.push(text) ?? { thought: "", text }),
        });
        if (split !== null) await emit(split.rest());
        return { reason, usage: { input: tokens.length, output } };
      } catch (error) {
        // What the context holds after a failure is unknown.
        if (!signal.aborted) {
          current = undefined;
          await context.dispose();
        }
        throw error;
      }
    },
    async dispose() {
      await model.dispose();
    },
  };
}

function emptyPrompt(name: string): SheafError {
  return new SheafError("model.empty-prompt", `${name} was given an empty text to continue`, {
    cure: "Write the text that the model should continue.",
  });
}

function tooLong(name: string, tokens: number, longest: number): SheafError {
  return new SheafError(
    "model.context-length",
    `the prompt has ${tokens} tokens and ${name} reads at most ${longest}`,
    {
      cure: "Shorten the prompt, give fewer examples, or choose a model with a longer context.",
    },
  );
}
