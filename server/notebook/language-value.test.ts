import { describe, expect, test } from "vitest";
import { evaluate, hostValue, parseExpression, scopeOf, type LanguageValue } from "#server/language/index.ts";
import { rowObjects, toDatum, toLanguageValue } from "./language-value.ts";
import type { Table, Value } from "./value.ts";

const table: Table = {
  columns: [
    { name: "id", type: "number", sql: "BIGINT" },
    { name: "text", type: "string", sql: "VARCHAR" },
  ],
  rowCount: 3,
  hash: "t",
  rows: [[1, "a"], [2, "b"], [3]] as never,
};
const file = { hash: "f", name: "a.pdf", mediaType: "application/pdf", bytes: 3 };

const see = (source: string, value: Value): unknown =>
  evaluate(parseExpression(source), scopeOf({ it: toLanguageValue(value) }));

describe("an expression sees", () => {
  test("plain values and JSON as they are", () => {
    const values: readonly Value[] = [
      { type: "null" },
      { type: "string", value: "a" },
      { type: "number", value: 2n },
      { type: "boolean", value: false },
      { type: "json", value: { a: [1] } },
    ];
    expect(values.map(toLanguageValue)).toEqual([null, "a", 2n, false, { a: [1] }]);
  });

  test("scores, tests, messages and errors by their fields", () => {
    expect(see("it.score", { type: "score", value: { score: 0.5, pass: null, reason: "r" } })).toBe(0.5);
    expect(see("it.verdict", { type: "test", value: { verdict: "open", lines: [] } })).toBe("open");
    expect(see("it[0].content", { type: "messages", value: [{ role: "user", content: "Hi" }] })).toBe("Hi");
    expect(see("it.code", { type: "error", value: { code: "a.b", message: "m" } })).toBe("a.b");
  });

  test("that is a file, and is only passed on, stays the file", () => {
    const seen = toLanguageValue({ type: "image", value: file });
    expect(toDatum([seen])).toEqual([file]);
    expect(toDatum({ ...(seen as object) } as never)).toEqual({
      name: "a.pdf",
      mediaType: "application/pdf",
      bytes: 3,
    });
  });

  test("of files and pictures what they are, and not where", () => {
    expect(toLanguageValue({ type: "file", value: file })).toEqual({
      name: "a.pdf",
      mediaType: "application/pdf",
      bytes: 3,
    });
    expect(toLanguageValue({ type: "image", value: file })).toEqual(toLanguageValue({ type: "file", value: file }));
    expect(toLanguageValue({ type: "chart", value: { kind: "bar", table, x: "id", y: ["text"] } })).toEqual({
      kind: "bar",
      x: "id",
      y: ["text"],
    });
  });

  test("tables as lists of rows", () => {
    const value: Value = { type: "table", value: table };
    expect(see("it | length", value)).toBe(3);
    expect(see("it[1].text", value)).toBe("b");
    expect(see("it[-1].id", value)).toBe(3);
    expect(see("it[2].text", value)).toBeNull();
    expect(see("it[1:] | map(attribute='id') | list", value)).toEqual([2, 3]);
    expect(see("it | map(attribute='id') | sum", value)).toBe(6);
    expect(see("it.columns", value)).toEqual(["id", "text"]);
    expect(see("it.rows is defined", value)).toBe(false);
    expect(see("1 if it else 0", value)).toBe(1);
    expect(see("1 if it else 0", { type: "table", value: { ...table, rowCount: 0, rows: [] } })).toBe(0);
  });
});

test("a table that has come without its rows has a length, and is an error where they are read, unless it is empty", () => {
  const { rows: _, ...handle } = table;
  expect(see("it | length", { type: "table", value: handle })).toBe(3);
  expect(() => see("it[0]", { type: "table", value: { ...handle, rowCount: 12_000 } })).toThrow(
    expect.objectContaining({ code: "cell.too-many-rows", message: expect.stringContaining("12,000 rows") }),
  );
  expect(see("it | list", { type: "table", value: { ...handle, rowCount: 0 } })).toEqual([]);
});

test("rows are objects by column, null where a row is short; a table without its rows has none", () => {
  expect(rowObjects(table)).toEqual([
    { id: 1, text: "a" },
    { id: 2, text: "b" },
    { id: 3, text: null },
  ]);
  const { rows: _, ...handle } = table;
  expect(rowObjects(handle)).toEqual([]);
});

describe("a computed field", () => {
  test("is plain data; of a table, the list of its rows", () => {
    for (const datum of [null, "a", 1, true, 2n, [1, ["a"]], { a: { b: [null] } }])
      expect(toDatum(datum)).toEqual(datum);
    expect(toDatum([toLanguageValue({ type: "table", value: table })])).toEqual([rowObjects(table)]);
  });

  test("is an error where it is no data", () => {
    const results = { [hostValue]: true as const, kind: "results" };
    expect(() => toDatum(results)).toThrow(new TypeError("results is no value of a field"));
    expect(() => toDatum({ a: results })).toThrow(new TypeError("results is no value of a field"));
    for (const value of [undefined, () => 1, Symbol("a")])
      expect(() => toDatum(value as unknown as LanguageValue)).toThrow(
        new TypeError(`${typeof value} is no value of a field`),
      );
    expect(() => toDatum(new Map() as unknown as LanguageValue)).toThrow("object is no value of a field");
  });
});
