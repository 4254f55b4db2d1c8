import { defaultEmbedding } from "./default-embedding.ts";

/** What a cell's `embedding` makes of it: those of this machine cost only time, all others are taken to be paid for. */
export function embeddingEffect({
  values,
}: {
  readonly values: { readonly [key: string]: unknown };
}): "local" | "paid" {
  return String(values["embedding"] ?? defaultEmbedding).startsWith("local/") ? "local" : "paid";
}
