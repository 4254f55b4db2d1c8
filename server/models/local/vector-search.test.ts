import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVectorSearch } from "./vector-search.ts";

const forever = new AbortController().signal;
let folder: string;
let files = 0;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "sheaf-search-"))));
afterAll(() => rm(folder, { recursive: true }));

async function search(
  matrix: readonly number[],
  dimensions: number,
  queries: readonly number[],
  k: number,
  within?: readonly number[],
) {
  const file = join(folder, `${files++}.vectors`);
  const before = Buffer.alloc(8);
  await writeFile(file, Buffer.concat([before, Buffer.from(Float32Array.from(matrix).buffer)]));
  const rows = matrix.length / dimensions;
  return createVectorSearch()(
    {
      file,
      offset: before.length,
      rows,
      dimensions,
      queries: Float32Array.from(queries),
      k,
      ...(within === undefined ? {} : { within: Uint32Array.from(within) }),
    },
    forever,
  );
}

describe("vector search", () => {
  test("gives the rows with the highest inner products, best first, equal ones by row", async () => {
    const found = await search([1, 0, 0, 1, 1, 0, 0.6, 0.8], 2, [1, 0, 0, 1], 3);
    expect([...found.rows]).toEqual([0, 2, 3, 1, 3, 0]);
    expect([...found.scores].map((score) => Math.round(score * 10) / 10)).toEqual([1, 1, 0.6, 1, 0.8, 0]);
  });

  test("gives all rows where k is larger, and nothing where there are none", async () => {
    expect((await search([1, 0], 2, [0, 1], 99)).rows).toEqual(Uint32Array.from([0]));
    expect((await search([], 2, [0, 1], 5)).rows).toHaveLength(0);
  });

  test("agrees with sorting everything", async () => {
    const value = fc.constantFrom(-1, -0.5, 0, 0.25, 0.5, 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, value, value, value), { minLength: 1, maxLength: 60 }),
        fc.tuple(value, value, value, value, value),
        fc.integer({ min: 1, max: 70 }),
        async (rows, query, k) => {
          const found = await search(rows.flat(), 5, query, k);
          const scores = rows.map((row) => row.reduce<number>((sum, each, index) => sum + each * query[index]!, 0));
          const sorted = scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]! || a - b);
          expect([...found.rows]).toEqual(sorted.slice(0, k));
          expect([...found.scores]).toEqual(sorted.slice(0, k).map((row) => scores[row]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("among some rows gives those of all that are among them, with the same scores", async () => {
    const value = fc.constantFrom(-1, -0.5, 0, 0.25, 0.5, 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 60 }),
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 70 }),
        fc.func(fc.boolean()),
        async (rows, queries, k, isAmong) => {
          const within = rows.map((_, row) => row).filter((row) => isAmong(row));
          const all = await search(rows.flat(), 3, queries.flat(), rows.length);
          const found = await search(rows.flat(), 3, queries.flat(), k, within);
          const expected = queries.flatMap((_, query) =>
            Array.from({ length: rows.length }, (_, place) => query * rows.length + place)
              .filter((place) => within.includes(all.rows[place]!))
              .slice(0, k),
          );
          expect([...found.rows]).toEqual(expected.map((place) => all.rows[place]));
          expect([...found.scores]).toEqual(expected.map((place) => all.scores[place]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("says when the file is shorter than it should be", async () => {
    const file = join(folder, "short.vectors");
    await writeFile(file, Buffer.alloc(8));
    const request = { file, offset: 0, rows: 2, dimensions: 2, queries: Float32Array.of(1, 0), k: 1 };
    await expect(createVectorSearch()(request, forever)).rejects.toMatchObject({ code: "retrieval.index" });
  });
});
