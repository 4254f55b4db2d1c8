import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { foldName, isName, isReservedName, isWordingLabel, nameProblem, toName } from "./names.ts";
import { quotedSqlWords, reservedSqlWords } from "./sql-keywords.ts";

test("the words that SQL keeps are those of DuckDB", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = (
    await connection.runAndReadAll("select keyword_category, keyword_name from duckdb_keywords()")
  ).getRows();
  const words = (...categories: readonly string[]): string[] =>
    rows.flatMap(([category, name]) => (categories.includes(String(category)) ? [String(name)] : [])).sort();
  connection.closeSync();
  instance.closeSync();
  expect([...reservedSqlWords].sort()).toEqual(words("reserved"));
  expect([...quotedSqlWords].sort()).toEqual(words("type_function", "column_name"));
});

test("a name is letters, digits and `_`, no digit first", () => {
  expect(["a", "_", "A1_b", "", "1a", "a-b", "a.b", "é", "a b", "a\n"].map(isName)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(["a", "1", "a-b", "", "-a", "a.b", "é"].map(isWordingLabel)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("a reserved word is one whatever its case", () => {
  for (const word of "row vary item index prior meta messages secrets loop set range namespace true false none if is".split(
    " ",
  ))
    expect({ word, reserved: [isReservedName(word), isReservedName(word.toUpperCase())] }).toEqual({
      word,
      reserved: [true, true],
    });
  expect(["Select", "FROM", "limit", "rows", "topic", "value"].map(isReservedName)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(foldName("ToPic")).toBe("topic");
});

test("`__proto__` names nothing, for in code it is no member of its own", () => {
  expect(nameProblem("__proto__", "an input")).toMatchObject({
    code: "notebook.reserved-name",
    message: "`__proto__` is a reserved word and cannot be the name of an input",
  });
  expect(nameProblem("__proto", "an input")).toBeNull();
});

test("a text that is no name has a nearest one", () => {
  expect(["my-cell", "1st", "a  b", "", "été", "!"].map(toName)).toEqual(["my_cell", "_1st", "a_b", "_", "_t_", "_"]);
  expect(nameProblem("topic", "a cell")).toBeNull();
  expect(nameProblem("", "an input")).toEqual({
    code: "notebook.name",
    message: "`` cannot be the name of an input",
    cure: "Use letters, digits and `_`, and no digit first: `_`.",
  });
});
