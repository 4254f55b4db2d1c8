import type { Capabilities } from "#server/models/model.ts";

/** Whether a model embeds texts rather than answering messages. */
export function embedsOnly({ capabilities }: { readonly capabilities: Capabilities }): boolean {
  return capabilities.embeddings === true && capabilities.chat !== true;
}
