import { join } from "node:path";
import { hashOf } from "#server/notebook/hash.ts";
import type { EmbedCall, Hit, NearestCall } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { EmbeddingContext } from "#server/models/embedding-caller.ts";
import type { EmbeddingModel } from "#server/models/model.ts";
import type { VectorSearch } from "#server/models/local-child.ts";
import { buildVectors, builtTexts, textsAPage } from "./build-vectors.ts";
import { cachedIndexes, type IndexFile } from "./cached-index.ts";
import { columnPlace, columnTexts, type ReadRows } from "./column-texts.ts";
import { fuse } from "./fusion.ts";
import { buildKeywordIndex, openKeywordIndex, type KeywordIndex } from "./keyword-index.ts";
import { openQueryVectors } from "./query-vectors.ts";
import { openVectorFile, type VectorFile } from "./vector-file.ts";

/** What is to be known of an embedding model: whose vectors they are, and whether they are paid for. */
type VectorModel = Pick<EmbeddingModel, "name" | "identity" | "effect">;

export interface RetrievalOptions {
  /** The embedding model of a full name, for what its vectors go by. */
  readonly embeddingModel: (name: string) => VectorModel;
  /** Vectors of texts, in their order. */
  readonly embed: (call: EmbedCall, context: EmbeddingContext) => Promise<readonly Float32Array[]>;
  /** Finds the nearest vectors outside this process. */
  readonly search: VectorSearch;
  readonly rows: ReadRows;
  /** For indexes; may be deleted at any time. */
  readonly cacheFolder: string;
}

/** Search in the rows of tables. */
export interface Retrieval {
  /**
   * For each query the nearest rows, best first, at most `k` of them; equal scores by row. Rows without text are never found, and a
   * query without text finds nothing; where `within` is given, no other rows are found, and their scores are those they have among all but
   * for `hybrid`, whose ranks are among them. The score is by mode: `semantic` the cosine of the vectors, -1 … 1; `keyword` BM25, over 0,
   * and only rows that share a word; `hybrid` reciprocal rank fusion of both, over 0 and at most 2/61. Rejects with
   * `retrieval.column` for a column the table lacks, `retrieval.k` for a `k` that is no whole number over 0. What is embedded for it is booked on the context.
   */
  nearest(call: NearestCall, context?: EmbeddingContext): Promise<Hit[][]>;
  /** What of a column's texts has no vector yet: of a table of many rows about as much as its first rows let expect, and no fewer texts than there are. */
  missingTexts(column: Pick<NearestCall, "table" | "text" | "model">): Promise<MissingTexts>;
  /** Those of some queries that have no vector yet, each once; one without text needs none. */
  missingQueries(model: string, queries: readonly string[]): Promise<readonly string[]>;
  /** Closes the files. */
  close(): void;
}

export interface MissingTexts {
  readonly texts: number;
  readonly characters: number;
  /** Whether not all of the table was looked at: there may be fewer texts. */
  readonly atMost: boolean;
}

/** Of a table that has no index yet so many rows are looked at to tell what making it would come to. */
const mostLookedAt = 16 * textsAPage;

/** Texts a model on this machine embeds between two words on how far it is. */
const textsAWord = 128;

/** Of each ranking this many times `k` rows, at least `leastFused`, are fused: a row low in one may be high in the other. */
const fusedTimes = 4;
const leastFused = 50;

const nobody: EmbeddingContext = { notebook: "", run: "" };

export function createRetrieval(options: RetrievalOptions): Retrieval {
  const vectorFiles = cachedIndexes<VectorFile>();
  const keywordIndexes = cachedIndexes<KeywordIndex>();
  const queryVectors = openQueryVectors(join(options.cacheFolder, "vectors", "queries.sqlite"));

  function vectorIndex(call: NearestCall, model: VectorModel, context: EmbeddingContext): IndexFile<VectorFile> {
    const { table, text: column } = call;
    // An index is made for all who will search in it.
    const { onCall: _, ...ofNoQuery } = context;
    return {
      path: vectorPath(call, model),
      open: openVectorFile,
      close: () => {},
      async build(path, signal, report) {
        const atOnce = model.effect === "paid" ? textsAPage : textsAWord;
        let there = 0;
        report(there);
        await buildVectors({
          path,
          pages: columnTexts(options.rows, table, column, textsAPage),
          async embed(texts, signal) {
            const vectors: Float32Array[] = [];
            for (let start = 0; start < texts.length; start += atOnce) {
              const part = texts.slice(start, start + atOnce);
              const embedding = {
                model: model.name,
                texts: part,
                priority: "batch",
                signal,
                ...placeOf(call.indexFor === undefined ? call : { address: call.indexFor }),
              } as const;
              vectors.push(...(await options.embed(embedding, ofNoQuery)));
              report(there + vectors.length);
            }
            return vectors;
          },
          signal,
          onDone(rows) {
            there = rows;
            report(rows);
          },
        });
      },
    };
  }

  function vectorPath({ table, text: column }: Pick<NearestCall, "table" | "text">, model: VectorModel): string {
    const key = hashOf({ format: 1, model: model.identity, name: model.name, table: table.hash, column });
    return join(options.cacheFolder, "vectors", `${key}.vectors`);
  }

  async function semantic(call: NearestCall, k: number, context: EmbeddingContext): Promise<Hit[][]> {
    const { within } = call;
    const model = options.embeddingModel(call.model);
    const asked = call.queries.map((query) => query.trim() !== "");
    const texts = call.queries.filter((_, index) => asked[index]);
    if (texts.length === 0) return call.queries.map(() => []);
    const search = async ({ path, dimensions, rows }: VectorFile): Promise<Hit[][]> => {
      if (rows.length === 0) return call.queries.map(() => []);
      const there = new Set(texts);
      const vectors = await queryVectors.embed(
        { ...model.identity, name: model.name },
        texts,
        (missing, signal) => {
          const { priority = "interactive" } = call;
          for (const text of missing) there.delete(text);
          const stop = signal === undefined ? {} : { signal };
          return options.embed({ model: model.name, texts: missing, priority, ...stop, ...placeOf(call) }, context);
        },
        call.signal,
      );
      if (there.size > 0) context.onCall?.([...there], null);
      const other = vectors.find(({ length }) => length !== dimensions);
      if (other !== undefined)
        throw new SheafError(
          "retrieval.dimensions",
          `${model.name} gave vectors of ${dimensions} numbers for the table, and of ${other.length} for a query`,
          { cure: "It is another model under the same name: delete `.sheaf/cache/vectors`, and all are made again." },
        );
      const queries = new Float32Array(vectors.length * dimensions);
      vectors.forEach((vector, index) => queries.set(vector, index * dimensions));
      const request = { file: path, offset: 0, rows: rows.length, dimensions, queries, k };
      const places = within === undefined ? undefined : placesOf(rows, within);
      const found = await options.search(places === undefined ? request : { ...request, within: places }, call.signal);
      const width = Math.min(k, places?.length ?? rows.length);
      let next = 0;
      return asked.map((isAsked) => {
        if (!isAsked) return [];
        const start = width * next++;
        return Array.from(found.rows.subarray(start, start + width), (place, index) => ({
          row: rows[place]!,
          score: found.scores[start + index]!,
        }));
      });
    };
    const { table, signal, onIndex } = call;
    return vectorFiles.use(vectorIndex(call, model, context), signal, search, (done) =>
      onIndex?.(done, table.rowCount),
    );
  }

  function keyword({ table, text: column, queries, within, signal }: NearestCall, k: number): Promise<Hit[][]> {
    const file: IndexFile<KeywordIndex> = {
      path: join(options.cacheFolder, "keyword", `${hashOf({ format: 1, table: table.hash, column })}.sqlite`),
      open: openKeywordIndex,
      close: (index) => index.close(),
      build: (path, shared) => buildKeywordIndex(path, columnTexts(options.rows, table, column, textsAPage), shared),
    };
    return keywordIndexes.use(file, signal, (index) => index.search(queries, k, { within, signal }));
  }

  return {
    async nearest(call, context = nobody) {
      const { table, text, queries, k, mode, signal } = call;
      signal?.throwIfAborted();
      columnPlace(table, text);
      if (!Number.isSafeInteger(k) || k < 1)
        throw new SheafError("retrieval.k", `k is ${k}`, { cure: "Set k to a whole number of at least 1." });
      if (queries.length === 0 || table.rowCount === 0 || call.within?.length === 0) return queries.map(() => []);
      switch (mode) {
        case "semantic":
          return semantic(call, k, context);
        case "keyword":
          return keyword(call, k);
        case "hybrid": {
          const depth = Math.max(leastFused, k * fusedTimes);
          const [near, alike] = await Promise.all([semantic(call, depth, context), keyword(call, depth)]);
          return queries.map((_, index) => fuse([near[index]!, alike[index]!], k));
        }
      }
    },
    async missingTexts({ table, text: column, model: name }) {
      const built = await builtTexts(vectorPath({ table, text: column }, options.embeddingModel(name)));
      if (built === null) return { texts: 0, characters: 0, atMost: false };
      let [looked, texts, characters] = [0, 0, 0];
      for await (const page of columnTexts(options.rows, table, column, textsAPage)) {
        looked = Math.min(looked + textsAPage, table.rowCount);
        texts += page.length;
        characters += page.reduce((sum, { text }) => sum + text.length, 0);
        if (looked >= mostLookedAt) break;
      }
      const others = table.rowCount - looked;
      const all = texts + others;
      const share = all === 0 ? 0 : Math.max(0, all - built) / all;
      const expected = characters + (looked === 0 ? 0 : (characters / looked) * others);
      return { texts: Math.round(all * share), characters: Math.round(expected * share), atMost: others > 0 };
    },
    async missingQueries(name, queries) {
      const model = options.embeddingModel(name);
      const asked = queries.filter((query) => query.trim() !== "");
      return queryVectors.missing({ ...model.identity, name: model.name }, asked);
    },
    close() {
      vectorFiles.close();
      keywordIndexes.close();
      queryVectors.close();
    },
  };
}

/** Where in a file of vectors those rows stand that have one; both are ascending. */
function placesOf(rows: Uint32Array, within: Uint32Array): Uint32Array {
  const places = new Uint32Array(Math.min(rows.length, within.length));
  let [place, count] = [0, 0];
  for (const row of within) {
    while (place < rows.length && rows[place]! < row) place += 1;
    if (rows[place] === row) places[count++] = place;
  }
  return places.slice(0, count);
}

function placeOf({ address }: Pick<NearestCall, "address">): Pick<EmbedCall, "address"> {
  return address === undefined ? {} : { address };
}
