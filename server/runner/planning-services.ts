import type { NearestCall, Services } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The services for finding out what cells would send: they send nothing. A search is made where its index is there and its query is
 * embedded for nothing; it rejects with `retrieval.to-come` otherwise.
 */
export function planningServices({
  services,
  retrieval,
  models,
}: Pick<Runtime, "models" | "retrieval" | "services">): Services {
  async function isReady({ mode, model, table, text, queries }: NearestCall): Promise<boolean> {
    if (mode === "keyword") return true;
    if ((await retrieval.missingTexts({ table, text, model })).texts > 0) return false;
    const isHere = models.embeddingModel(model).identity["baseUrl"] === undefined;
    return isHere || (await retrieval.missingQueries(model, queries)).length === 0;
  }
  return {
    ...services,
    chat: refuse,
    embed: refuse,
    async nearest(call) {
      if (await isReady(call)) return services.nearest(call);
      throw new SheafError("retrieval.to-come", "what the search finds is known when it has embedded its texts");
    },
  };
}

async function refuse(): Promise<never> {
  throw new SheafError("run.planning", "nothing is sent to find out what would be");
}
