import type { ProviderLimit, ProviderLimits } from "./model.ts";

/**
 * What the headers of an answer say of a provider's bounds a minute; empty where they say nothing. Compatible servers use
 * OpenAI's names. Sources: OpenAI's guide "Rate limits" › "Rate limits in headers" (`x-ratelimit-limit-requests`), Anthropic's
 * "Rate limits" › "Response headers" (`anthropic-ratelimit-requests-limit`).
 */
export function providerLimits(headers: Headers): ProviderLimits {
  const openai = (kind: string): ProviderLimit => ({
    ...count("limit", headers.get(`x-ratelimit-limit-${kind}`)),
    ...count("remaining", headers.get(`x-ratelimit-remaining-${kind}`)),
  });
  const anthropic = (kind: string): ProviderLimit => ({
    ...count("limit", headers.get(`anthropic-ratelimit-${kind}-limit`)),
    ...count("remaining", headers.get(`anthropic-ratelimit-${kind}-remaining`)),
  });
  return Object.fromEntries(
    Object.entries({
      requests: { ...openai("requests"), ...anthropic("requests") },
      tokens: { ...openai("tokens"), ...anthropic("tokens") },
      inputTokens: anthropic("input-tokens"),
      outputTokens: anthropic("output-tokens"),
    }).filter(([, said]) => Object.keys(said).length > 0),
  );
}

function count(name: keyof ProviderLimit, text: string | null): ProviderLimit {
  return text !== null && /^\d+$/.test(text) ? { [name]: Number(text) } : {};
}
