import type { Child } from "#server/process/child.ts";
import type { ModelFiles } from "./files/model-files.ts";
import type { Countable } from "./capabilities/sent-schema.ts";
import { callModels } from "./local-child.ts";
import type { CountArgument } from "./local/methods.ts";
import { promptOf } from "./local/prompt-of.ts";
import type { ChatModel } from "./model.ts";

/** Tokens of requests in all, and how far, as a share of them, that may be off. */
export interface CountedTokens {
  readonly tokens: number;
  readonly error: number;
}

/** Counts the tokens of the texts of requests as their model does; null where no tokenizer of it is at hand. */
export type CountTokens = (model: ChatModel, calls: readonly Countable[]) => Promise<CountedTokens | null>;

export interface TokenCounterOptions {
  /** The models process: nothing is counted in the server. */
  readonly child: Child;
  readonly files: Pick<ModelFiles, "path">;
}

/** Prompts that go to the process in one message. */
const batchSize = 500;

/** Counts that are kept, some 10 MB: the oldest go first. */
const mostKept = 100_000;

/** OpenAI's own frame around messages is not published for every model. */
const frameError = 0.02;

/**
 * Counts tokens in the models process: of models on this machine exactly, once their file is there; of OpenAI's by the encoding of
 * the model. A request is counted once, however often it is asked about.
 */
export function createTokenCounter({ child, files }: TokenCounterOptions): CountTokens {
  const kept = new Map<string, number>();

  async function tokenizerOf({ name, identity }: ChatModel): Promise<CountArgument["tokenizer"] | null> {
    switch (identity["provider"]) {
      case "local": {
        const file = await files.path(name);
        return file === null ? null : { type: "file", name, file, sha256: identity["file"] ?? "" };
      }
      case "openai":
        return { type: "encoding", encoding: encodingOf(name.slice(name.indexOf("/") + 1)) };
      default:
        return null;
    }
  }

  return async (model, calls) => {
    const tokenizer = await tokenizerOf(model);
    if (tokenizer === null) return null;
    // One schema goes with the calls of all rows.
    const missing = [...new Map(calls.map((one) => [one.key, one])).values()].filter(({ key }) => !kept.has(key));
    try {
      for (let from = 0; from < missing.length; from += batchSize) {
        const batch = missing.slice(from, from + batchSize);
        const counts = await callModels(
          child,
          "count",
          { tokenizer, prompts: batch.map(({ call }) => promptOf(call)) },
          {},
        );
        for (const [index, { key }] of batch.entries()) kept.set(key, counts[index]!);
      }
    } catch {
      // A prompt that has no tokens, as a base model's messages, has an error of its own when it runs.
      return null;
    }
    const tokens = calls.reduce((sum, { key }) => sum + kept.get(key)!, 0);
    for (const key of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(key);
    }
    return { tokens, error: tokenizer.type === "file" ? 0 : frameError };
  };
}

/** The encoding of a model of OpenAI's; those from GPT-4o on have the newer one. */
function encodingOf(model: string): "o200k_base" | "cl100k_base" {
  return /^(gpt-4(?![.o\d])|gpt-3\.5)/.test(model) ? "cl100k_base" : "o200k_base";
}
