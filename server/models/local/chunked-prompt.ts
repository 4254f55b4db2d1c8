import type { LlamaContextSequence, Token } from "node-llama-cpp";

/** Tokens that are evaluated together. Also the batch size, which bounds the memory for the vocabulary's scores. */
export const chunkTokens = 128;

/**
 * A context that remembers the beginning of the last prompt. A prompt is always evaluated in chunks that begin at multiples of
 * `chunkTokens`, and only whole equal chunks are used again: every token is computed in the same company whatever ran before,
 * so that an answer does not depend on it in its last bits either.
 */
export function createChunkedPrompt(sequence: LlamaContextSequence) {
  let remembered: Token[] = [];
  return {
    sequence,
    /** Brings the context to `tokens` except its last 1 … `chunkTokens`, which are returned for the generation to begin with. */
    async prepare(tokens: readonly Token[], signal: AbortSignal): Promise<Token[]> {
      const whole = Math.floor((tokens.length - 1) / chunkTokens) * chunkTokens;
      let same = 0;
      while (same < Math.min(whole, remembered.length) && tokens[same] === remembered[same]) same += 1;
      let done = Math.floor(same / chunkTokens) * chunkTokens;
      remembered = remembered.slice(0, done);
      if (done === 0) await sequence.clearHistory();
      else if (sequence.nextTokenIndex > done)
        await sequence.eraseContextTokenRanges([{ start: done, end: sequence.nextTokenIndex }]);
      for (; done < whole; done += chunkTokens) {
        signal.throwIfAborted();
        const chunk = tokens.slice(done, done + chunkTokens);
        await sequence.evaluateWithoutGeneratingNewTokens(chunk);
        remembered.push(...chunk);
      }
      signal.throwIfAborted();
      return tokens.slice(whole);
    },
  };
}
