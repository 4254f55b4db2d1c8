import type { ModelParameters } from "#server/notebook/services.ts";
import type { Message } from "#server/notebook/value.ts";
import { ModelError } from "../model-error.ts";
import type { Capabilities } from "../model.ts";
import { fewestTokens, textsOf } from "./fewest-tokens.ts";

/** What of a request a model may be unable to do. */
export interface AskedOfModel {
  readonly messages: readonly Message[];
  readonly completion?: string;
  readonly images?: readonly unknown[];
  readonly parameters: ModelParameters;
}

/** How many tokens a text has for the model of a name; undefined where no tokenizer of it is at hand. */
export type CountTokens = (model: string, text: string) => number | undefined;

/**
 * Why a model cannot answer a request, with what to do: an error of a call that nothing was sent for. Null where it can, or where nobody
 * knows that it cannot.
 */
export function refusalOf(
  request: AskedOfModel,
  { name, capabilities: can = {} }: { readonly name: string; readonly capabilities?: Capabilities },
  countTokens?: CountTokens,
): ModelError | null {
  const refuse = (code: `model.${string}`, message: string, cure: string): ModelError =>
    new ModelError(code, message, { unbilled: true, cure });
  const images = request.images?.length ?? 0;
  if (request.completion !== undefined && can.completion === false)
    return refuse(
      "model.chat-only",
      `${name} ${can.chat === false ? whatElse(can) : "answers messages and does not continue text"}`,
      "Remove `completion: true` and write messages, or use a base model.",
    );
  if (request.completion === undefined && can.chat === false)
    return can.completion === true
      ? refuse(
          "model.no-chat-template",
          `${name} is a base model: it continues text and cannot answer messages`,
          "Set `completion: true` on the prompt and end its text where the model should go on, or choose an instruct model.",
        )
      : refuse("model.no-chat", `${name} ${whatElse(can)}`, "Use a model that answers messages.");
  if (images > 0 && can.images === false)
    return refuse(
      "model.no-images",
      `${name} reads text alone, and the request has ${images === 1 ? "an image" : `${images} images`}`,
      `Remove \`images\`, or use a model that reads them. ${otherwise}`,
    );
  if (request.parameters.reasoning_effort !== undefined && can.reasoning === false)
    return refuse(
      "model.no-reasoning",
      `${name} does not think before it answers, and the request sets reasoning_effort`,
      `Remove \`reasoning_effort\`, or use a model that reasons. ${otherwise}`,
    );
  const { contextLength } = can;
  if (contextLength === undefined) return null;
  const { tokens, exact } = tokensOf(request, name, contextLength, countTokens);
  if (tokens <= contextLength) return null;
  return refuse(
    "model.context-length",
    `the request has ${exact ? "" : "at least "}${tokens} tokens and ${name} reads at most ${contextLength}`,
    `Shorten the prompt, give fewer examples, or choose a model with a longer context. ${otherwise}`,
  );
}

const otherwise = "If it is otherwise, say so of the model on the page Models.";

function whatElse({ embeddings }: Capabilities): string {
  return embeddings === true ? "embeds texts and cannot be talked to" : "is no model of language";
}

/** Counts only what may be too long: reading every word of every call takes its time. */
function tokensOf(
  request: AskedOfModel,
  name: string,
  most: number,
  countTokens?: CountTokens,
): { readonly tokens: number; readonly exact: boolean } {
  const texts = textsOf(request);
  const length = texts.reduce((sum, text) => sum + text.length + 1, 0);
  // A token has a byte at least, and a sign three at most.
  if (3 * length <= most) return { tokens: 0, exact: false };
  const counts = texts.map((text) => countTokens?.(name, text));
  if (counts.every((count) => count !== undefined))
    return { tokens: counts.reduce((sum, count) => sum + count, 0), exact: true };
  // A word and the space behind it are two signs.
  return { tokens: length <= 2 * most ? 0 : fewestTokens(request), exact: false };
}
