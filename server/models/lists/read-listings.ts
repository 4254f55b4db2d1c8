import { z } from "zod";
import { ModelError } from "../model-error.ts";
import type { Capabilities, ModelListing } from "../model.ts";
import type { ErrorSource } from "../provider-error.ts";

/** A member that a server leaves out, sends as null or fills with what it never had is not said. */
export const said = <Type extends z.ZodType>(type: Type) => type.optional().catch(undefined);
/** Tokens of a context or of an answer. */
export const length = said(z.number().int().positive());
const words = said(z.array(z.string()));

/** What is read of a model in a list. OpenAI says its id alone; the rest is what others add. */
const entry = z.object({
  id: z.string().min(1),
  /** OpenRouter. */
  context_length: length,
  architecture: said(z.object({ input_modalities: words, output_modalities: words })),
  supported_parameters: words,
  top_provider: said(z.object({ max_completion_tokens: length })),
  /** Mistral, and LM Studio's own list. */
  max_context_length: length,
  /** Mistral's is an object, LM Studio's a list of words. */
  capabilities: said(
    z.object({
      completion_chat: said(z.boolean()),
      function_calling: said(z.boolean()),
      vision: said(z.boolean()),
    }),
  ),
  type: said(z.string()),
  /** vLLM. */
  max_model_len: length,
  /** Groq. */
  context_window: length,
  max_completion_tokens: length,
  active: said(z.boolean()),
  /** llama.cpp's server. */
  meta: said(z.object({ n_ctx_train: length })),
});

type Entry = z.infer<typeof entry>;

/**
 * Reads a list of models as OpenAI and the servers that speak its protocol send it. What an entry says of its model is read where a server
 * says it. Sources: OpenAI API reference, "List models"; OpenRouter, "Models"; Mistral AI, "List available models"; Groq, "Models"; vLLM,
 * `/v1/models`; LM Studio, "REST API v0". Throws a `ModelError` for what is no list.
 */
export function readListings(body: unknown, source: Pick<ErrorSource, "title" | "baseUrl">): readonly ModelListing[] {
  const list = Array.isArray(body) ? body : z.object({ data: z.array(z.unknown()) }).safeParse(body).data?.data;
  if (list === undefined) throw noList(source);
  return list.flatMap((each) => {
    const read = entry.safeParse(each);
    // A server of many models may have one that is not as the others.
    if (!read.success || read.data.active === false) return [];
    // Gemini's server names them `models/NAME`, and takes both.
    return [{ model: read.data.id.replace(/^models\//, ""), capabilities: capabilitiesIn(read.data) }];
  });
}

function capabilitiesIn(model: Entry): Capabilities {
  const { architecture, supported_parameters: parameters, capabilities, type } = model;
  const inputs = architecture?.input_modalities;
  const outputs = architecture?.output_modalities;
  const isLmStudio = type === "llm" || type === "vlm" || type === "embeddings";
  return present({
    chat: isLmStudio ? type !== "embeddings" : (capabilities?.completion_chat ?? outputs?.includes("text")),
    images: isLmStudio ? type === "vlm" : (capabilities?.vision ?? inputs?.includes("image")),
    tools: capabilities?.function_calling ?? parameters?.includes("tools"),
    jsonSchema: parameters?.includes("structured_outputs"),
    jsonObject: parameters?.includes("response_format"),
    reasoning: parameters?.includes("reasoning"),
    embeddings: isLmStudio ? type === "embeddings" : undefined,
    contextLength:
      model.context_length ??
      model.max_context_length ??
      model.max_model_len ??
      model.context_window ??
      model.meta?.n_ctx_train,
    maxOutput: model.top_provider?.max_completion_tokens ?? model.max_completion_tokens,
  });
}

/** The error of a server that answers with something else. */
export function noList({ title, baseUrl }: Pick<ErrorSource, "title" | "baseUrl">): ModelError {
  return new ModelError("model.failed", `${title} answers with what is no list of models`, {
    cure: `Check that ${baseUrl} is the address of a server of models, or name its models by hand.`,
  });
}

/** What is said of it. */
export function present(facts: {
  readonly [Fact in keyof Capabilities]: Capabilities[Fact] | undefined;
}): Capabilities {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
