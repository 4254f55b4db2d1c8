import type { ChatRequest } from "./model.ts";

/** OpenAI's two ways of asking a model for an answer. */
export type OpenAIProtocol = "chat" | "responses";

/** Whether a model is asked through Responses: where it answers nowhere else, where it says more there, or where a notebook says so. */
export type ResponsesUse = "only" | "preferred" | "asked";

/** Names of models that OpenAI offers through Responses alone. */
const onlyThere = /(?:^|-)(?:pro|codex|deep-research|computer-use)(?:-|$)/;
/** Models that think, whose summaries of it Chat Completions does not give; those named like them that answer only there are left out. */
const thinking = /^(?:o\d|gpt-[5-9])(?!.*-(?:chat|search|audio|realtime))/;
const chatAlone = /^o1-(?:mini|preview)/;

/**
 * How OpenAI's own server is asked for a model, by its name; a fine-tuned one as what it is made of.
 * Source: OpenAI's pages of its models, "Endpoints", and its guide "Reasoning models" › "Reasoning summaries".
 */
export function responsesUse(model: string): ResponsesUse {
  const [base = ""] = model.replace(/^ft:/, "").split(":");
  if (onlyThere.test(base)) return "only";
  return isThinking(base) ? "preferred" : "asked";
}

function isThinking(base: string): boolean {
  return thinking.test(base) && !chatAlone.test(base);
}

/** The fewest tokens an answer of Responses may be bounded to. */
const fewestTokens = 16;

/**
 * The protocol of one request. What a notebook says holds. Where both would do, a request goes where all that is set can be
 * said: stop strings, a seed and a bound of a few tokens are known to Chat Completions alone, and so is text to be continued.
 */
export function protocolOf(use: ResponsesUse, { completion, parameters }: ChatRequest): OpenAIProtocol {
  const { api, stop, seed, max_tokens = fewestTokens } = parameters;
  if (api !== undefined) return api;
  if (use === "asked" || completion !== undefined) return "chat";
  const onlyInChat = stop !== undefined || seed !== undefined || max_tokens < fewestTokens;
  return use === "preferred" && onlyInChat ? "chat" : "responses";
}
