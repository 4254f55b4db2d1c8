import type { ChatModel } from "../model.ts";
import type { ModelError } from "../model-error.ts";
import type { CountTokens } from "../token-counter.ts";
import { certainOf, type Asked } from "./sent-schema.ts";
import { mayBeTooLong, tooLongError } from "./too-long.ts";

/**
 * Why a request is too long for a model, by its own tokenizer; null where it is not, where nobody knows how much the model reads, and
 * where no tokenizer of it is at hand. Pictures count as nothing, nor does a schema that is not in its words, so that nothing is said too much.
 */
export async function countedRefusal(
  { key, request }: { readonly key: string; readonly request: Asked },
  model: ChatModel,
  countTokens: CountTokens,
): Promise<ModelError | null> {
  const most = model.capabilities?.contextLength;
  if (most === undefined) return null;
  const sent = certainOf({ key, call: request }, model.capabilities);
  if (!mayBeTooLong(sent.call, most)) return null;
  const counted = await countTokens(model, [sent]);
  if (counted === null) return null;
  const { tokens, error } = counted;
  const fewest = Math.floor(tokens * (1 - error));
  return fewest > most ? tooLongError(model.name, fewest, most, error === 0) : null;
}
