import { isMapping } from "#server/notebook/is-mapping.ts";

/** What responses say of how a request was processed, and the words for what list prices are of: at OpenAI, at Anthropic and at Groq. */
const listed: { readonly [member: string]: readonly unknown[] } = {
  service_tier: ["auto", "default", "standard", "on_demand"],
  inference_geo: ["global", "not_available"],
  speed: ["standard"],
};

/**
 * What a response says of its processing that has another price than the list's, such as `service_tier: priority`; null where there is nothing. `usual` are words
 * that are no news of it. Sources: OpenAI API reference, `service_tier`; Anthropic's "Service tiers", "Data residency" and "Fast mode".
 */
export function otherRate(response: unknown, usual: readonly string[] = []): string | null {
  if (!isMapping(response)) return null;
  const { usage } = response;
  for (const said of [response, isMapping(usage) ? usage : {}])
    for (const [member, words] of Object.entries(listed)) {
      const word = said[member];
      if (word == null || word === "" || words.includes(word) || usual.includes(String(word))) continue;
      return `${member}: ${(typeof word === "string" ? word : JSON.stringify(word)).slice(0, 100)}`;
    }
  return null;
}
