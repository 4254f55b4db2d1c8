import type { Capabilities } from "../model.ts";

/** What is documented of models whose names are alike. */
export interface ModelFamily {
  /** Whose they are: a provider's or an endpoint's first name, or the host of its address. */
  readonly at: readonly string[];
  /** What their names at the provider match. */
  readonly names: RegExp;
  readonly says: Capabilities;
  /** Where that is documented, and when it was read. */
  readonly source: string;
  readonly read: string;
}

const openai = ["openai"];
const openaiModels = { source: "https://platform.openai.com/docs/models", read: "2025-12" };
const openaiFormats = { source: "https://platform.openai.com/docs/guides/structured-outputs", read: "2025-12" };
const openaiReasoning = { source: "https://platform.openai.com/docs/guides/reasoning", read: "2025-12" };
const anthropic = ["anthropic"];
const anthropicModels = { source: "https://platform.claude.com/docs/en/about-claude/models/overview", read: "2026-02" };
const anthropicFormats = {
  source: "https://platform.claude.com/docs/en/build-with-claude/structured-outputs",
  read: "2026-02",
};
const groqFormats = { source: "https://console.groq.com/docs/structured-outputs", read: "2026-07" };

/** What ends the name of a version: nothing, or its date. */
const dated = String.raw`(?:-\d{4}-?\d{2}-?\d{2})?$`;

/**
 * What Sheaf knows of models by their names, where neither the workspace nor their provider says it. Of several that match, later
 * ones go before earlier ones. What is not documented does not stand here: what is only likely would be a wrong refusal one day.
 */
export const modelFamilies: readonly ModelFamily[] = [
  // Their text models are asked through Chat Completions and Responses, which continue no text.
  { at: openai, names: /./, says: { completion: false }, ...openaiModels },
  {
    at: openai,
    names: /^text-embedding-/,
    says: { chat: false, completion: false, embeddings: true, images: false },
    ...openaiModels,
  },
  {
    at: openai,
    names:
      /^(?:whisper|tts|dall-e|gpt-image|chatgpt-image|sora|omni-moderation|text-moderation)-|-(?:transcribe|tts)(?:-|$)/,
    says: { chat: false, completion: false, embeddings: false },
    ...openaiModels,
  },
  {
    at: openai,
    names: /^gpt-(?:3\.5-turbo|4(?:-0613|-32k)?$)/,
    says: { images: false, jsonSchema: false, reasoning: false },
    ...openaiFormats,
  },
  { at: openai, names: /^gpt-3\.5-turbo(?:-1106|-0125)?$/, says: { jsonObject: true }, ...openaiFormats },
  {
    at: openai,
    names: new RegExp(String.raw`^gpt-4-turbo${dated}`),
    says: { images: true, jsonSchema: false, jsonObject: true, reasoning: false },
    ...openaiFormats,
  },
  {
    at: openai,
    names: new RegExp(String.raw`^gpt-4(?:o|o-mini|\.1|\.1-mini|\.1-nano)${dated}`),
    says: { chat: true, images: true, tools: true, jsonSchema: true, reasoning: false, streaming: true },
    ...openaiFormats,
  },
  {
    at: openai,
    names: /^gpt-4o-2024-05-13$/,
    says: { jsonSchema: false, jsonObject: true },
    ...openaiFormats,
  },
  {
    at: openai,
    names: new RegExp(String.raw`^(?:gpt-5(?:-mini|-nano|\.1|\.2)?|o1|o3|o4-mini)${dated}`),
    says: { chat: true, images: true, tools: true, jsonSchema: true, reasoning: true, streaming: true },
    ...openaiReasoning,
  },
  {
    at: openai,
    names: new RegExp(String.raw`^o3-mini${dated}`),
    says: { chat: true, images: false, tools: true, jsonSchema: true, reasoning: true, streaming: true },
    ...openaiReasoning,
  },

  { at: anthropic, names: /./, says: { completion: false, embeddings: false, streaming: true }, ...anthropicModels },
  {
    at: anthropic,
    names: /^claude-3-/,
    says: { chat: true, images: true, tools: true, jsonSchema: false },
    ...anthropicModels,
  },
  { at: anthropic, names: /^claude-3-(?:haiku|sonnet|opus|5)-/, says: { reasoning: false }, ...anthropicModels },
  {
    at: anthropic,
    names: /^claude-(?:3-7-sonnet-|(?:opus|sonnet)-4(?:-0)?(?:-\d{8})?$)/,
    says: { chat: true, images: true, tools: true, jsonSchema: false, reasoning: true },
    ...anthropicModels,
  },
  {
    at: anthropic,
    names: /^claude-(?:(?:haiku|sonnet|opus)-4-5|(?:sonnet|opus)-4-6)(?:-\d{8})?$/,
    says: { chat: true, images: true, tools: true, jsonSchema: true, reasoning: true },
    ...anthropicFormats,
  },

  {
    at: ["deepseek", "api.deepseek.com"],
    names: /^deepseek-/,
    says: { chat: true, jsonSchema: false, jsonObject: true, streaming: true, embeddings: false },
    source: "https://api-docs.deepseek.com/guides/json_mode",
    read: "2026-06",
  },
  {
    at: ["deepseek", "api.deepseek.com"],
    names: /^deepseek-(?:chat|reasoner)$/,
    says: { images: false },
    source: "https://api-docs.deepseek.com/api/create-chat-completion",
    read: "2025-12",
  },
  // A schema goes with no stream there, and which words of JSON Schema it may have is not known here: `minItems` is refused.
  { at: ["groq", "api.groq.com"], names: /./, says: { jsonSchema: false }, ...groqFormats },
  {
    at: ["mistral", "api.mistral.ai"],
    names: /^(?:mistral|ministral|magistral|codestral-(?!mamba|embed)|pixtral|open-mistral)/,
    says: { jsonSchema: true },
    source: "https://docs.mistral.ai/capabilities/structured-output/custom_structured_output",
    read: "2025-12",
  },
  {
    at: ["mistral", "api.mistral.ai"],
    names: /^(?:mistral|codestral)-embed/,
    says: { chat: false, completion: false, embeddings: true },
    source: "https://docs.mistral.ai/capabilities/embeddings/overview",
    read: "2025-12",
  },
  {
    at: ["gemini", "generativelanguage.googleapis.com"],
    names: /^gemini-(?:2\.\d|1\.5)-(?:pro|flash|flash-lite)(?:-\d{3})?$/,
    says: { chat: true, images: true, tools: true, jsonSchema: true, streaming: true },
    source: "https://ai.google.dev/gemini-api/docs/openai",
    read: "2025-12",
  },
  {
    at: ["gemini", "generativelanguage.googleapis.com"],
    names: /^(?:gemini-embedding|text-embedding)-/,
    says: { chat: false, completion: false, embeddings: true },
    source: "https://ai.google.dev/gemini-api/docs/embeddings",
    read: "2025-12",
  },
  {
    at: ["ollama"],
    names: /./,
    says: { jsonSchema: true, streaming: true },
    source: "https://docs.ollama.com/capabilities/structured-outputs",
    read: "2026-02",
  },
  {
    at: ["vllm"],
    names: /./,
    says: { jsonSchema: true, streaming: true },
    source: "https://docs.vllm.ai/en/latest/features/structured_outputs.html",
    read: "2025-12",
  },
];
