import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { yamlPieces } from "./yaml-pieces.ts";

function shown(source: string): readonly string[] {
  return yamlPieces(source)
    .filter(({ kind }) => kind !== "operator")
    .map(({ kind, start, end, key }) => `${kind} ${source.slice(start, end)}${key === undefined ? "" : ` (${key})`}`);
}

describe("the pieces of a configuration", () => {
  test("are keys, words, numbers, texts and comments", () => {
    expect(shown('from: known # all\nk: 5\ntitle: "a b"\ny: [a, true]\n')).toEqual([
      "key from",
      "word known (from)",
      "comment # all",
      "key k",
      "number 5",
      "key title",
      'string "a b"',
      "key y",
      "word a (y)",
      "keyword true",
    ]);
  });

  test("of a value that begins with = are those of an expression", () => {
    expect(shown("query: =message | upper\nwith: { message: =row.text }\nfilter: '=item.year > 2020'")).toEqual([
      "key query",
      "name message",
      "filter upper",
      "key with",
      "key message",
      "name row",
      "member text",
      "key filter",
      "name item",
      "member year",
      "number 2020",
    ]);
  });

  test("of a list of checks are its scorers", () => {
    expect(shown("- equals\n- contains: =row.must")).toEqual([
      "word equals ()",
      "key contains",
      "name row",
      "member must",
    ]);
  });

  test("stand in order within any text", () => {
    const part = fc.constantFrom(
      "a: ",
      "- ",
      "=b.c",
      "\n",
      "  ",
      '"',
      "'",
      "#",
      "[",
      "}",
      "|\n",
      "---\n",
      "é",
      "\u001f",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const source = parts.join("");
        let end = 0;
        for (const piece of yamlPieces(source)) {
          expect(piece.start).toBeGreaterThanOrEqual(end);
          ({ end } = piece);
        }
        expect(end).toBeLessThanOrEqual(source.length);
      }),
    );
  });
});
