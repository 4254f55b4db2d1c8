import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildKeywordIndex, openKeywordIndex, type KeywordIndex } from "./keyword-index.ts";

let folder: string;
let index: KeywordIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sheaf-keyword-"));
  const texts = ["The quick brown fox", "東京は日本の首都です", "don't panic", "NEAR AND OR NOT", "a".repeat(10_000)];
  await buildKeywordIndex(
    join(folder, "index"),
    (async function* () {
      yield texts.map((text, row) => ({ row, text }));
    })(),
    new AbortController().signal,
  );
  index = openKeywordIndex(join(folder, "index"));
});
afterAll(async () => {
  index.close();
  await rm(folder, { recursive: true });
});

const rows = async (query: string): Promise<number[]> => (await index.search([query], 10))[0]!.map(({ row }) => row);

test("a search among some rows gives those of all that are among them, with the same scores", async () => {
  const word = fc.constantFrom("card", "rate", "euro", "lost", "late");
  const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
  let files = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 60 }),
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 70 }),
      fc.func(fc.boolean()),
      async (texts, queries, k, isAmong) => {
        const file = join(folder, `among ${files++}`);
        const pages = async function* () {
          yield texts.map((text, row) => ({ row, text }));
        };
        await buildKeywordIndex(file, pages(), new AbortController().signal);
        const index = openKeywordIndex(file);
        const within = Uint32Array.from(texts.keys()).filter((row) => isAmong(row));
        const all = await index.search(queries, texts.length);
        const found = await index.search(queries, k, { within });
        expect(found).toEqual(all.map((hits) => hits.filter(({ row }) => within.includes(row)).slice(0, k)));
        // What was searched before is of no matter.
        expect(await index.search(queries, texts.length)).toEqual(all);
        index.close();
      },
    ),
    { numRuns: 40 },
  );
});

describe("a keyword query", () => {
  test("is never a query language: any text is only words", async () => {
    expect(await rows("NEAR(")).toEqual([3]);
    expect(await rows('"quick" AND -brown* {col}: ^')).toEqual(expect.arrayContaining([0, 3]));
    expect(await rows("don't")).toEqual([2]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (query) => {
        expect(Array.isArray(await rows(query))).toBe(true);
      }),
    );
  });

  test("finds single characters of scripts without spaces", async () => {
    expect(await rows("首都")).toEqual([1]);
    expect(await rows("大阪")).toEqual([]);
  });

  test("of a hundred thousand words is cut, not refused", async () => {
    expect(await rows(`fox ${Array.from({ length: 100_000 }, (_, each) => `w${each}`).join(" ")}`)).toEqual([0]);
    expect(await rows("\u0000 \uD800 ' \" ;--")).toEqual([]);
  });
});
