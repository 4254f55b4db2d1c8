import type { ModelParameters } from "#server/notebook/services.ts";
import type { Datum, Message } from "#server/notebook/value.ts";
import { ModelError } from "../model-error.ts";
import type { Capabilities } from "../model.ts";
import { fewestTokens } from "./fewest-tokens.ts";
import { sentTexts } from "./sent-schema.ts";
import { sayOtherwise } from "./say-otherwise.ts";
import { lengthOf, tooLongError } from "./too-long.ts";

/** What of a request a model may be unable to do. */
export interface AskedOfModel {
  readonly messages: readonly Message[];
  readonly completion?: string;
  readonly schema?: Datum;
  readonly images?: readonly unknown[];
  readonly parameters: ModelParameters;
}

/**
 * Why a model cannot answer a request, with what to do: an error of a call that nothing was sent for. Null where it can, or where nobody
 * knows that it cannot.
 */
export function refusalOf(
  request: AskedOfModel,
  { name, capabilities: can = {} }: { readonly name: string; readonly capabilities?: Capabilities },
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
      `Remove \`images\`, or use a model that reads them. ${sayOtherwise}`,
    );
  if (request.parameters.reasoning_effort !== undefined && can.reasoning === false)
    return refuse(
      "model.no-reasoning",
      `${name} does not think before it answers, and the request sets reasoning_effort`,
      `Remove \`reasoning_effort\`, or use a model that reasons. ${sayOtherwise}`,
    );
  const { contextLength } = can;
  if (contextLength === undefined) return null;
  // A word and the space behind it are two signs: only what may have too many words is read.
  const sent = sentTexts(request, can);
  const fewest = lengthOf(sent) <= 2 * contextLength ? 0 : fewestTokens(sent);
  return fewest <= contextLength ? null : tooLongError(name, fewest, contextLength, false);
}

function whatElse({ embeddings }: Capabilities): string {
  return embeddings === true ? "embeds texts and cannot be talked to" : "is no model of language";
}
