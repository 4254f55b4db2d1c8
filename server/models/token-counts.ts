import type { Usage } from "#server/notebook/services.ts";

/** What each kind of tokens is part of. */
const partOf: { readonly [Kind in keyof Usage]?: "input" | "output" } = {
  cachedInput: "input",
  cacheWrite: "input",
  hourCacheWrite: "input",
  audio: "input",
  image: "input",
  reasoning: "output",
  outputAudio: "output",
  outputImage: "output",
};

/**
 * The counts that are counts: whole numbers from 0. What a provider says besides is no count, nor is then what it is part of, and the
 * call is unpriced.
 */
export function tokenCounts(said: { readonly [Kind in keyof Usage]: unknown }): Usage {
  const counts: { [Kind in keyof Usage]: unknown } = { ...said };
  for (const [kind, count] of Object.entries(said) as [keyof Usage, unknown][]) {
    if (isCount(count)) continue;
    delete counts[kind];
    const whole = partOf[kind];
    if (count != null && whole !== undefined) delete counts[whole];
  }
  const { output, reasoning, ...others } = counts as Usage;
  // More was not thought than was written in all: one of the two is no count.
  return output !== undefined && reasoning !== undefined && reasoning > output ? others : (counts as Usage);
}

/**
 * Tokens of sound or pictures for `tokenCounts`, by what a provider says of the request and of the answer: all of them as `kind`, the answer's
 * under their own name. Nothing where there are none, as in most calls.
 */
export function mediaCounts(
  kind: "audio" | "image",
  input: unknown,
  output: unknown,
): { readonly [Kind in keyof Usage]: unknown } {
  const [sent, answered] = [input ?? 0, output ?? 0];
  if (sent === 0 && answered === 0) return {};
  return {
    [kind]: isCount(sent) && isCount(answered) ? sent + answered : Number.NaN,
    ...(answered === 0 ? {} : { [kind === "audio" ? "outputAudio" : "outputImage"]: answered }),
  };
}

/** Whether a value is a whole number from 0. */
export function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0;
}
