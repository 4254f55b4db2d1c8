import { mkdtemp, open, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalModels } from "#server/models/__fixtures__/local-models.ts";
import { createVectorSearch } from "#server/models/local-child.ts";
import type { EmbeddingModel } from "#server/models/model.ts";
import type { NearestCall } from "#server/notebook/services.ts";
import { readRows, tableOf } from "./__fixtures__/tables.ts";
import { createRetrieval, type Retrieval } from "./retrieval.ts";

const local = startLocalModels();
afterAll(() => local.close());

const messages = tableOf([
  "My card still has not arrived",
  "What is the exchange rate for euros?",
  null,
  "Where is the card you sent me two weeks ago",
  "Somebody stole my wallet with the card in it",
  "  ",
  "What is the exchange rate for euros?",
  "Le café est fermé",
]);

let folder: string;
let embedded: string[];
let progress: [done: number, total: number][];
let retrieval: Retrieval;

/** The real model, with what it is asked written down. */
function countedModel(name: string): EmbeddingModel {
  const model = local.embeddingModel(name.slice("local/".length));
  return { ...model, embed: (texts, ...more) => (embedded.push(...texts), model.embed(texts, ...more)) };
}

function start(embeddingModel: (name: string) => EmbeddingModel = countedModel): Retrieval {
  embedded = [];
  progress = [];
  return createRetrieval({
    embeddingModel,
    embed: async ({ model, texts, signal, priority }) =>
      (await embeddingModel(model).embed(texts, signal, priority)).vectors,
    search: createVectorSearch(local.child),
    rows: readRows,
    cacheFolder: folder,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sheaf-retrieval-"));
  retrieval = start();
});
afterEach(async () => {
  retrieval.close();
  await rm(folder, { recursive: true });
});

function nearest(queries: readonly string[], more: Partial<NearestCall> = {}) {
  const call = {
    table: messages,
    text: "text",
    queries,
    k: 3,
    mode: "semantic",
    model: "local/all-minilm-l6-v2",
    onIndex: (done: number, total: number) => progress.push([done, total]),
  } as const;
  return retrieval.nearest({ ...call, ...more });
}

const rowsOf = (hits: readonly { row: number }[] | undefined) => hits?.map(({ row }) => row);

describe("semantic search", () => {
  test("finds what means the same, best first, with the cosine as score", async () => {
    const [late, rate] = await nearest(["the card I ordered is late", "how many dollars do I get for my euros"]);
    expect(rowsOf(late)!.slice(0, 2).toSorted()).toEqual([0, 3]);
    expect(rowsOf(rate)!.slice(0, 2)).toEqual([1, 6]);
    for (const hits of [late!, rate!])
      for (const [index, { score }] of hits.entries()) {
        expect(score).toBeLessThanOrEqual(index === 0 ? 1.000001 : hits[index - 1]!.score);
        expect(score).toBeGreaterThan(-1);
      }
  });

  test("scores a row's own text 1, and equal texts stand by their rows", async () => {
    const [hits] = await nearest(["What is the exchange rate for euros?"]);
    expect(rowsOf(hits)!.slice(0, 2)).toEqual([1, 6]);
    expect(hits![0]!.score).toBeCloseTo(1, 5);
    expect(hits![1]!.score).toBe(hits![0]!.score);
  });

  test("gives all rows that have text where k is larger, and never one without", async () => {
    const [hits] = await nearest(["anything"], { k: 100 });
    expect(rowsOf(hits)!.toSorted((a, b) => a - b)).toEqual([0, 1, 3, 4, 6, 7]);
  });

  test("finds nothing for a query without text, in its place among the others", async () => {
    const [none, some, blank] = await nearest(["", "card", " \n"]);
    expect([none, blank]).toEqual([[], []]);
    expect(some).toHaveLength(3);
  });

  test("of a model that was replaced under its name is an error, and no wrong order", async () => {
    let length = 3;
    const replaced = (name: string): EmbeddingModel => ({
      ...countedModel(name),
      embed: async (texts) => ({ vectors: texts.map(() => new Float32Array(length).fill(1)), usage: { input: 0 } }),
    });
    retrieval.close();
    retrieval = start(replaced);
    expect(rowsOf((await nearest(["card"]))[0])).toEqual([0, 1, 3]);
    for (length of [2, 4])
      await expect(nearest(["card", `money ${length}`])).rejects.toMatchObject({
        code: "retrieval.dimensions",
        message: `local/all-minilm-l6-v2 gave vectors of 3 numbers for the table, and of ${length} for a query`,
      });
  });

  test("has no vector to come for a query without text", async () => {
    expect(await retrieval.missingQueries("local/all-minilm-l6-v2", ["", " \n", "card", "card"])).toEqual(["card"]);
  });

  test("gives a query the same hits alone and among others", async () => {
    const queries = ["card", "money", "stolen", "is it open?"];
    const together = await nearest(queries);
    await rm(join(folder, "vectors"), { recursive: true });
    retrieval.close();
    retrieval = start();
    for (const [index, query] of queries.entries()) expect(await nearest([query])).toEqual([together[index]]);
  });

  test("of an empty table, or of one without any text, finds nothing", async () => {
    expect(await nearest(["card"], { table: tableOf([]) })).toEqual([[]]);
    expect(await nearest(["card"], { table: tableOf([null, ""]) })).toEqual([[]]);
    expect(await nearest([])).toEqual([]);
  });
});

describe("the index of a table", () => {
  test("is embedded once: a second run, also of another process, embeds nothing", async () => {
    const first = await nearest(["card", "money"]);
    expect(embedded).toHaveLength(8);
    expect(await nearest(["card", "money"])).toEqual(first);
    expect(embedded).toHaveLength(8);
    retrieval.close();
    retrieval = start();
    expect(await nearest(["money", "card"])).toEqual(first.toReversed());
    expect(embedded).toEqual([]);
  });

  test("is built by one call where several want it at once", async () => {
    const all = await Promise.all([nearest(["card"]), nearest(["card"]), nearest(["card"])]);
    expect(all[1]).toEqual(all[0]);
    expect(embedded.filter((text) => text !== "card")).toHaveLength(6);
  });

  test("is built again where it was deleted or damaged, with the same hits", async () => {
    const first = await nearest(["card"]);
    const name = (await readdir(join(folder, "vectors"))).find((file) => file.endsWith(".vectors"))!;
    const path = join(folder, "vectors", name);
    const damages = [
      () => rm(path),
      () => truncate(path, 1000),
      () => truncate(path, 0),
      async () => {
        await using file = await open(path, "r+");
        await file.write(Buffer.from([255, 255]), 0, 2, 100);
      },
      () => rm(folder, { recursive: true }),
    ];
    for (const damage of damages) {
      retrieval.close();
      await damage();
      retrieval = start();
      expect(await nearest(["card"])).toEqual(first);
      expect(embedded.length).toBeGreaterThanOrEqual(6);
    }
  });

  test("tells how far it has come, and goes on after an interruption where it was", async () => {
    const texts = Array.from({ length: 3_000 }, (_, index) => `message ${index}`);
    const table = tableOf(texts);
    let failAfter = 1_100;
    const brittle: EmbeddingModel = {
      name: "test/brittle",
      identity: { provider: "test" },
      effect: "model",
      dimensions: 2,
      embed: async (asked) => {
        if (embedded.length + asked.length > failAfter) throw new Error("the light went out");
        embedded.push(...asked);
        const vectors = asked.map((text) => {
          const angle = Number(text.split(" ")[1] ?? 0) / 1_000;
          return Float32Array.of(Math.cos(angle), Math.sin(angle));
        });
        return { vectors, usage: {} };
      },
    };
    retrieval.close();
    retrieval = start(() => brittle);
    const call = { table, k: 1, model: "test/brittle" };
    await expect(nearest(["message 2500"], call)).rejects.toThrow("the light went out");
    expect(embedded).toHaveLength(1_024);
    expect(progress.slice(0, 3)).toEqual([0, 128, 256].map((done) => [done, 3_000]));
    expect(progress.at(-1)).toEqual([1_024, 3_000]);
    retrieval.close();
    retrieval = start(() => brittle);
    failAfter = 10_000;
    expect(rowsOf((await nearest(["message 2500"], call))[0])).toEqual([2_500]);
    expect(embedded).toEqual([...texts.slice(1_024), "message 2500"]);
    expect(progress.at(-1)).toEqual([3_000, 3_000]);
  });

  test("is left by who aborts", async () => {
    const reason = new Error("enough");
    await expect(nearest(["card"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const table = tableOf(Array.from({ length: 5_000 }, (_, index) => `message ${index}`));
    const running = nearest(["card"], { table, signal: abort.signal });
    setTimeout(() => abort.abort(reason), 30);
    await expect(running).rejects.toBe(reason);
    expect(await nearest(["card"])).toHaveLength(1);
  });
});

describe("keyword search", () => {
  const mode = "keyword";

  test("finds rows that share a word, the rarer the word the better, with BM25 as score", async () => {
    const [hits] = await nearest(["WALLET card!"], { mode, k: 10 });
    expect(rowsOf(hits)).toEqual([4, 0, 3]);
    expect(hits!.every(({ score }, index) => score > 0 && (index === 0 || score <= hits![index - 1]!.score))).toBe(
      true,
    );
    expect((await nearest(["zebra"], { mode }))[0]).toEqual([]);
  });

  test("does not mind accents, and equal scores stand by rows", async () => {
    expect(rowsOf((await nearest(["cafe"], { mode }))[0])).toEqual([7]);
    expect(rowsOf((await nearest(["exchange"], { mode }))[0])).toEqual([1, 6]);
  });

  test("embeds nothing and is built again where it was damaged", async () => {
    const first = await nearest(["card"], { mode });
    expect(embedded).toEqual([]);
    retrieval.close();
    const [name] = await readdir(join(folder, "keyword"));
    await truncate(join(folder, "keyword", name!), 5_000);
    retrieval = start();
    expect(await nearest(["card"], { mode })).toEqual(first);
  });
});

describe("hybrid search", () => {
  test("puts first what both find", async () => {
    const [hits] = await nearest(["exchange rate of the euro"], { mode: "hybrid" });
    expect(rowsOf(hits)!.slice(0, 2)).toEqual([1, 6]);
    expect(hits![0]!.score).toBeCloseTo(2 / 61, 2);
  });

  test("finds by meaning what shares no word", async () => {
    const [hits] = await nearest(["delivery"], { mode: "hybrid", k: 2 });
    expect(rowsOf(hits)!.toSorted()).toEqual([0, 3]);
  });
});

describe("a search among some rows", () => {
  const query = ["the card I ordered is late", "exchange rate"];

  test.each(["semantic", "keyword"] as const)(
    "finds by %s what is found among all, with the same scores",
    async (mode) => {
      const all = await nearest(query, { mode, k: 8 });
      for (const within of [[0, 1, 2, 5, 6], [3], [2, 5], [0, 1, 2, 3, 4, 5, 6, 7]])
        for (const k of [1, 2, 8])
          expect(await nearest(query, { mode, k, within: Uint32Array.from(within) })).toEqual(
            all.map((hits) => hits.filter(({ row }) => within.includes(row)).slice(0, k)),
          );
    },
  );

  test("by both ranks them among each other", async () => {
    const [hits] = await nearest(["card two weeks"], { mode: "hybrid", within: Uint32Array.of(1, 4, 7) });
    const [near] = await nearest(["card two weeks"], { mode: "semantic", within: Uint32Array.of(1, 4, 7) });
    expect(hits![0]).toEqual({ row: 4, score: 2 / 61 });
    expect(rowsOf(hits)!.slice(1)).toEqual(rowsOf(near)!.filter((row) => row !== 4));
  });

  test("of which there are none embeds nothing", async () => {
    expect(await nearest(["a query nobody asked"], { within: new Uint32Array() })).toEqual([[]]);
    expect(embedded).toEqual([]);
  });
});

describe("a bad call", () => {
  test("names the columns there are", async () => {
    await expect(nearest(["card"], { text: "message" })).rejects.toMatchObject({
      code: "retrieval.column",
      cure: expect.stringContaining("id, text"),
    });
  });

  test("with a k that is no whole number over 0 is refused", async () => {
    for (const k of [0, -1, 1.5, Number.NaN])
      await expect(nearest(["card"], { k })).rejects.toMatchObject({ code: "retrieval.k" });
  });

  test("with an unknown model says which there are", async () => {
    await expect(nearest(["card"], { model: "local/other" })).rejects.toMatchObject({ code: "model.unknown" });
  });
});
