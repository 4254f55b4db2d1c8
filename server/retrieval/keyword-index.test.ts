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
