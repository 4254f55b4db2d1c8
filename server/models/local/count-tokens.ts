import type { Llama } from "node-llama-cpp";
import type { CountArgument, Prompt } from "./methods.ts";
import { createPromptTokens } from "./prompt-tokens.ts";

type CountOne = (prompt: Prompt) => number;

/** What stands between the parts of a request to OpenAI: for each message, and before the answer. */
const tokensPerMessage = 4;
const tokensBeforeAnswer = 3;

/** So long prompts are counted before the process looks after what else it does, in milliseconds. */
const slice = 10;

/** Counts tokens. Of a GGUF file it reads the vocabulary alone, and keeps it. */
export function createTokenCounts(start: () => Promise<Llama>) {
  const counters = new Map<string, Promise<CountOne>>();

  function counterOf(tokenizer: CountArgument["tokenizer"]): Promise<CountOne> {
    const key = tokenizer.type === "file" ? tokenizer.sha256 : tokenizer.encoding;
    const counter = counters.get(key) ?? (tokenizer.type === "file" ? ofFile(tokenizer) : ofEncoding(tokenizer));
    counters.set(key, counter);
    // Who asks next tries anew.
    counter.catch(() => counters.delete(key));
    return counter;
  }

  async function ofFile({ name, file }: CountArgument["tokenizer"] & { type: "file" }): Promise<CountOne> {
    const model = await (await start()).loadModel({ modelPath: file, vocabOnly: true });
    const tokensOf = await createPromptTokens(model);
    return (prompt) => tokensOf({ name, prompt }).tokens.length;
  }

  return async ({ tokenizer, prompts }: CountArgument, signal: AbortSignal): Promise<Uint32Array> => {
    const count = await counterOf(tokenizer);
    const counts = new Uint32Array(prompts.length);
    let since = performance.now();
    for (const [index, prompt] of prompts.entries()) {
      counts[index] = count(prompt);
      if (performance.now() - since < slice) continue;
      await new Promise(setImmediate);
      signal.throwIfAborted();
      since = performance.now();
    }
    return counts;
  };
}

async function ofEncoding({ encoding }: CountArgument["tokenizer"] & { type: "encoding" }): Promise<CountOne> {
  const { countTokens } = await (encoding === "o200k_base"
    ? import("gpt-tokenizer/encoding/o200k_base")
    : import("gpt-tokenizer/encoding/cl100k_base"));
  // Text that looks like a special token is text.
  const plain = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  const count = (text: string): number => countTokens(text, plain);
  return (prompt) =>
    prompt.type === "completion"
      ? count(prompt.text)
      : prompt.messages.reduce((sum, { content }) => sum + tokensPerMessage + count(content), tokensBeforeAnswer);
}
