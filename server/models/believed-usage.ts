import type { Usage } from "#server/notebook/services.ts";

/**
 * What of a good answer's tokens can be true. Nothing is asked with no tokens and no text is none: a server that says so does not count,
 * and the call is one without a count.
 */
export function believedUsage(usage: Usage, text: string): Usage {
  const { input, ...withoutInput } = usage;
  const sent = input === 0 ? withoutInput : usage;
  const { output, reasoning: _, ...withoutOutput } = sent;
  return output === 0 && text !== "" ? withoutOutput : sent;
}
