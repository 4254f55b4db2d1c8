import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { choicesOf, type JsonSchema } from "#server/notebook/schema.ts";
import type { ChatAnswer } from "#server/notebook/services.ts";
import { stayingImages } from "#server/notebook/staying-images.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { unfitCodes } from "#server/notebook/unfit-answer.ts";

/**
 * The call that asks a model once more for an answer that its schema allows, with what it said and what is wrong with it; null where
 * that helps nothing: the answer was cut off or refused, it continues a text, or something else went wrong.
 */
export function repairCall(call: PlannedCall, { text, finish }: ChatAnswer, thrown: unknown): PlannedCall | null {
  if (!(thrown instanceof SheafError) || !unfitCodes.has(thrown.code)) return null;
  if (call.completion !== undefined || finish === "length" || finish === "content-filter") return null;
  const choices = choicesOf(call.schema as JsonSchema);
  const wanted =
    choices === null
      ? `JSON alone that fits this JSON Schema: ${JSON.stringify(call.schema)}`
      : `one of these alone: ${choices.join(", ")}`;
  return {
    ...call,
    ...stayingImages(call),
    messages: [
      ...call.messages,
      { role: "assistant", content: text },
      { role: "user", content: `That cannot be used: ${thrown.message}.\nAnswer again, with ${wanted}` },
    ],
  };
}
