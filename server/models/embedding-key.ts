import { hash } from "node:crypto";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { EmbeddingModel } from "./model.ts";

/**
 * The key of one request for vectors: SHA-256 of the canonical JSON of the model and the texts, in their order. It is of another form than
 * a chat's, so that neither is ever taken for the other. **A release never changes a key**: golden keys hold it.
 */
export function embeddingKey(
  { name, identity }: Pick<EmbeddingModel, "name" | "identity">,
  texts: readonly string[],
): string {
  return hash("sha256", canonicalJson({ embedding: name, identity, texts }));
}
