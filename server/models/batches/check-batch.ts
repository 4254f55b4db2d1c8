import { ModelError } from "../model-error.ts";
import type { BatchRequest, ModelBatches } from "./model-batches.ts";

/** Throws where requests cannot be one batch: nothing is sent then. */
export function checkBatch(requests: readonly BatchRequest[], { requests: most }: ModelBatches["most"]): void {
  const wrong = requests.find(({ id }) => !/^[\w-]{1,64}$/.test(id));
  if (wrong !== undefined) throw refusal(`${JSON.stringify(wrong.id)} cannot be the id of a request in a batch`);
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    throw refusal("two requests of a batch have one id");
  // Their bytes are read when a request is sent, and a batch of them would soon be too large.
  if (requests.some(({ request }) => (request.images ?? []).length > 0))
    throw refusal("pictures cannot be sent in a batch");
  if (requests.length === 0) throw refusal("a batch has at least one request");
  if (requests.length > most)
    throw tooLarge(`${requests.length.toLocaleString("en")} requests`, `${most.toLocaleString("en")}`);
}

/** Throws where a batch's text is longer than the provider takes. */
export function checkBytes(text: string, { bytes: most }: ModelBatches["most"]): void {
  const bytes = Buffer.byteLength(text);
  const megabytes = (count: number): string => `${Math.ceil(count / 1_000_000)} MB`;
  if (bytes > most) throw tooLarge(megabytes(bytes), megabytes(most));
}

function refusal(message: string): ModelError {
  return new ModelError("model.bad-request", message, { unbilled: true });
}

function tooLarge(size: string, most: string): ModelError {
  return new ModelError(
    "model.batch-too-large",
    `a batch of ${size} is too large: the provider takes at most ${most}`,
    {
      unbilled: true,
      cure: "Run fewer rows at once.",
    },
  );
}
