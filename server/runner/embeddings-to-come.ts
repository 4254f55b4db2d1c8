import type { PlannedEmbedding } from "#server/notebook/cell-kind.ts";
import type { EmbeddingsToCome } from "#server/models/estimate-embeddings.ts";
import type { Retrieval } from "#server/retrieval/retrieval.ts";

/** What an address would have embedded, and for how many it stands where it is one of a sample. */
export type EmbeddingAhead = PlannedEmbedding & { readonly times: number };

/**
 * How much of what is planned has no vectors yet: an index counts once however many ask for it. What cannot be looked up counts nothing: its
 * error is shown when it runs.
 */
export async function embeddingsToCome(
  planned: readonly EmbeddingAhead[],
  retrieval: Pick<Retrieval, "missingTexts" | "missingQueries">,
): Promise<readonly EmbeddingsToCome[]> {
  const toCome: EmbeddingsToCome[] = [];
  const columns = new Set<string>();
  const queries = new Map<string, { readonly model: string; readonly times: number; readonly texts: string[] }>();
  for (const one of planned) {
    const { model, times } = one;
    switch (one.type) {
      case "texts":
        // Each address has its own embedded by themselves.
        toCome.push({ ...sizeOf(one.texts, one), requests: Math.round(times) });
        break;
      case "queries": {
        const name = JSON.stringify([model, times]);
        const asked = queries.get(name) ?? { model, times, texts: [] };
        queries.set(name, asked);
        asked.texts.push(...one.texts);
        break;
      }
      case "column": {
        const name = JSON.stringify([model, one.table.hash, one.column]);
        if (columns.has(name)) break;
        columns.add(name);
        const missing = await unlessItFails(() =>
          retrieval.missingTexts({ table: one.table, text: one.column, model }),
        );
        if (missing !== null) toCome.push({ model, ...missing });
      }
    }
  }
  for (const { model, times, texts } of queries.values()) {
    const missing = await unlessItFails(() => retrieval.missingQueries(model, texts));
    if (missing !== null) toCome.push(sizeOf(missing, { model, times }));
  }
  return toCome;
}

async function unlessItFails<Found>(look: () => Promise<Found>): Promise<Found | null> {
  try {
    return await look();
  } catch {
    return null;
  }
}

function sizeOf(
  texts: readonly string[],
  { model, times, atMost = false }: { readonly model: string; readonly times: number; readonly atMost?: boolean },
): EmbeddingsToCome {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return {
    model,
    texts: Math.round(texts.length * times),
    characters: Math.round(characters * times),
    atMost: atMost || times !== 1,
  };
}
