import type { Usage } from "#server/notebook/services.ts";

/** The counts that are counts: whole numbers from 0. What a provider says besides is no count, and the call is unpriced. */
export function tokenCounts(said: { readonly [Kind in keyof Usage]: unknown }): Usage {
  return Object.fromEntries(
    Object.entries(said).filter(([, count]) => typeof count === "number" && Number.isSafeInteger(count) && count >= 0),
  );
}

/**
 * Tokens of sound or pictures, by what a provider says of the request and of the answer: all of them as `kind`, the answer's
 * under their own name. Nothing where there are none, as in most calls.
 */
export function mediaCounts(kind: "audio" | "image", input: unknown, output: unknown): Usage {
  const { input: sent = 0, output: answered = 0 } = tokenCounts({ input, output });
  if (sent + answered === 0) return {};
  return {
    [kind]: sent + answered,
    ...(answered === 0 ? {} : { [kind === "audio" ? "outputAudio" : "outputImage"]: answered }),
  };
}
