import { ModelError } from "../model-error.ts";
import type { BatchLine, ModelBatches } from "./model-batches.ts";

/** Throws where requests cannot be one batch: nothing is sent then. `text` is all that would be sent. */
export function checkBatch(lines: readonly BatchLine[], text: string, most: ModelBatches["most"]): void {
  const wrong = lines.find(({ id }) => !/^[\w-]{1,64}$/.test(id));
  if (wrong !== undefined) throw refusal(`${JSON.stringify(wrong.id)} cannot be the id of a request in a batch`);
  if (new Set(lines.map(({ id }) => id)).size < lines.length) throw refusal("two requests of a batch have one id");
  const paths = [...new Set(lines.map(({ path }) => path))];
  if (paths.length > 1) throw refusal(`requests for ${paths.join(" and ")} cannot be one batch`);
  if (lines.length === 0) throw refusal("a batch has at least one request");
  if (lines.length > most.requests)
    throw tooLarge(`${lines.length.toLocaleString("en")} requests`, most.requests.toLocaleString("en"));
  const bytes = Buffer.byteLength(text);
  const megabytes = (count: number): string => `${Math.ceil(count / 1_000_000)} MB`;
  if (bytes > most.bytes) throw tooLarge(megabytes(bytes), megabytes(most.bytes));
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
