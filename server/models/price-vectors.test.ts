import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Usage } from "#server/notebook/services.ts";
import { createModels } from "./index.ts";
import { anthropicEvent, openaiChunk, responsesDelta, responsesEnd } from "./__fixtures__/protocols.ts";
import { createPrices } from "./prices.ts";

interface Vector {
  readonly provider: string;
  readonly model: string;
  /** The usage of a real answer, as the provider said it. */
  readonly usage: { readonly [count: string]: unknown };
  /** US dollars, by genai-prices. */
  readonly cost: number;
}

const file = new URL("__fixtures__/price-vectors.json", import.meta.url);
const { at, vectors } = JSON.parse(await readFile(file, "utf8")) as {
  readonly at: string;
  readonly vectors: readonly Vector[];
};
const providers = [...new Set(vectors.map(({ provider }) => provider))];

/** An answer of the provider's protocol with a usage, of the model that is named. */
function answerOf({ provider, model, usage }: Vector, path: string): string {
  if (path.endsWith("/responses"))
    return responsesDelta("Hello") + responsesEnd("completed", { model, usage: responsesUsageOf(usage) });
  if (provider !== "anthropic")
    return `${openaiChunk({ model, choices: [{ index: 0, delta: { content: "Hello" }, finish_reason: "stop" }] })}${openaiChunk({ model, choices: [], usage })}data: [DONE]\n\n`;
  return [
    anthropicEvent("message_start", { message: { model, usage: { ...usage, output_tokens: 1 } } }),
    anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" }, usage }),
    anthropicEvent("message_stop"),
  ].join("");
}

/** The same counts by the names of Responses: all vectors of OpenAI were read from Chat Completions. */
function responsesUsageOf(usage: Vector["usage"]): object {
  return {
    input_tokens: usage["prompt_tokens"],
    input_tokens_details: usage["prompt_tokens_details"],
    output_tokens: usage["completion_tokens"],
    output_tokens_details: usage["completion_tokens_details"],
    total_tokens: usage["total_tokens"],
  };
}

describe.each(providers)("what calls of %s cost", (provider) => {
  const own = vectors.filter((vector) => vector.provider === provider);
  let next: Vector | undefined;
  const models = createModels({
    environment: Object.fromEntries(providers.map((name) => [`${name.toUpperCase()}_API_KEY`, "test"])),
    fetch: async (input) =>
      new Response(answerOf(next!, String(input)), { headers: { "content-type": "text/event-stream" } }),
    endpoints: {},
  });
  const prices = createPrices();

  test(`equals genai-prices' own figures for ${own.length} real answers, cached and reasoning tokens included`, async () => {
    const wrong: unknown[] = [];
    for (const vector of own) {
      next = vector;
      const model = models.chatModel(`${provider}/${vector.model}`);
      const request = { messages: [{ role: "user", content: "Hello" }], parameters: {} } as const;
      let usage: Usage = {};
      for await (const part of model.stream(request, new AbortController().signal))
        if (part.type === "finish") usage = part.usage;
      const { cost } = await prices(model, usage, Date.parse(at), vector.model);
      if (cost === null || Math.abs(cost - vector.cost) > 1e-9 + vector.cost * 1e-9)
        wrong.push({ ...vector, ours: cost, read: usage });
    }
    expect(wrong).toEqual([]);
  });
});
