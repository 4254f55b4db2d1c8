import { expect, test } from "vitest";
import { providerLimits } from "./provider-limits.ts";

test("OpenAI's and compatible servers' headers say requests and tokens", () => {
  const headers = new Headers({
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "199950",
  });
  expect(providerLimits(headers)).toEqual({
    requests: { limit: 500, remaining: 499 },
    tokens: { limit: 200_000, remaining: 199_950 },
  });
});

test("Anthropic's say tokens in and out of their own", () => {
  const headers = new Headers({
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:10Z",
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-output-tokens-remaining": "7000",
  });
  expect(providerLimits(headers)).toEqual({
    requests: { limit: 50, remaining: 0 },
    inputTokens: { limit: 30_000 },
    outputTokens: { remaining: 7_000 },
  });
});

test("nonsense and nothing say nothing", () => {
  expect(
    providerLimits(new Headers({ "x-ratelimit-limit-requests": "many", "x-ratelimit-remaining-tokens": "-3" })),
  ).toEqual({});
});
