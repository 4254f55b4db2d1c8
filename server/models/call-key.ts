import { hash } from "node:crypto";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { ChatModel } from "./model.ts";

/**
 * The key of a call: SHA-256 of the canonical JSON of everything that goes to the model, and of `repeat`. What is not set is
 * left out, so that a member added later changes no old key: no completion, an empty list of stops, `repeat` 0. Where text is
 * continued there are no messages. **A release never changes a key**, or people pay twice: golden keys hold it.
 */
export function callKey(call: PlannedCall, model: Pick<ChatModel, "name" | "identity">): string {
  const { temperature, top_p, max_tokens, stop, seed, reasoning_effort, api } = call.parameters;
  const parameters: { [name: string]: CanonicalInput } = {
    temperature,
    top_p,
    max_tokens,
    stop: stop?.length ? stop : undefined,
    seed,
    reasoning_effort,
    api,
  };
  const request = canonicalJson({
    model: model.name,
    identity: model.identity,
    messages: call.completion === undefined ? call.messages.map(({ role, content }) => ({ role, content })) : undefined,
    completion: call.completion,
    parameters: Object.values(parameters).some((value) => value !== undefined) ? parameters : undefined,
    schema: call.schema,
    attachments: call.images?.length ? call.images.map((image) => image.hash) : undefined,
    attachedTo: call.images?.length ? call.imageMessage : undefined,
    repeat: call.repeat === 0 ? undefined : call.repeat,
  });
  // Node's own: a sheet has tens of thousands of keys, and the portable one takes ten times as long.
  return hash("sha256", request);
}
