import type { Cell } from "#server/notebook/notebook.ts";
import { defaultEmbedding } from "./default-embedding.ts";

/** What a cell's `embedding`, or models it names besides, make of it: those of this machine cost only time, all others are taken to be paid for. */
export function embeddingEffect({ values }: Cell["configuration"], others: readonly unknown[] = []): "local" | "paid" {
  const models = [values["embedding"] ?? defaultEmbedding, ...others];
  return models.every((model) => String(model).startsWith("local/")) ? "local" : "paid";
}
