import { describe, expect, test } from "vitest";
import { filterToSql, parseExpression, scopeOf, skipped, type LanguageRecord } from "./index.ts";

const columns = [
  { name: "n", sql: "INTEGER" },
  { name: "big", sql: "BIGINT" },
  { name: "x", sql: "DOUBLE" },
  { name: "short", sql: "DECIMAL(10,2)" },
  { name: "wide", sql: "DECIMAL(18,3)" },
  { name: "s", sql: "VARCHAR" },
  { name: "flag", sql: "BOOLEAN" },
  { name: "day", sql: "DATE" },
  { name: "json", sql: "JSON" },
  { name: "list", sql: "INTEGER[]" },
  { name: 'a "b"', sql: "VARCHAR" },
  { name: "Same", sql: "VARCHAR" },
  { name: "same", sql: "VARCHAR" },
];
const given: LanguageRecord = { topic: "it's", row: { n: 1 }, tags: ["a", "b"], was: skipped };

function plan(source: string, scope: LanguageRecord = given) {
  const filter = parseExpression(source);
  const made = filterToSql(filter, "item", columns)(scopeOf(scope));
  if (made === null) return null;
  const { rest, ...sql } = made;
  return { ...sql, rest: rest === null ? null : source.slice(rest.root.start, rest.root.end) };
}

describe("a filter in SQL", () => {
  test("has its values as parameters and its names in quotes", () => {
    expect(plan(`item['a "b"'] == topic`)).toEqual({
      sql: `("a ""b""" is not null and "a ""b""" = cast($p0 as VARCHAR))`,
      parameters: { p0: "it's" },
      doubt: null,
      rest: null,
    });
    expect(plan("item.n in [1, row.n + 1, none]")).toEqual({
      sql: `(("n" is null) or ("n" is not null and "n" in (select unnest(cast($p0 as INTEGER[])))))`,
      parameters: { p0: ["1", "2"] },
      doubt: null,
      rest: null,
    });
  });

  test.each([
    "item.n == 1",
    "item.n != none",
    "1 < item.n <= 2.5",
    "item.big == 9007199254740993",
    "item.s in tags and item.s not in ['a']",
    "item.s in 'abc' and 'b' in item.s",
    "item.s | lower == 'a' and 'k' in (item.s | lower)",
    "item.s.startswith('a') or item.s.endswith(tags)",
    "not item.flag and item.s and not (item.n or item.x)",
    "item.flag is true and item.flag is not false",
    "item.n is eq 1 and item.list is not none",
    "item.day >= '2026-01-31'",
    "item.short > 0.1 and item.wide < 2",
    "item.n == item.big and item.x <= item.short",
    "row.n == 1 and item.n == row.n",
    "item.n == topic",
  ])("is all of it: %s", (source) => {
    expect(plan(source)).toMatchObject({ rest: null });
  });

  test.each([
    // What may end with an error at a row.
    "item.n < 'a'",
    "item.s > 1",
    "1 in item.s",
    "item.n in 'a'",
    "'a' in item.n",
    "item.nothing == 1",
    "1 / 0 == item.n",
    "was == item.s",
    "missing == item.s",
    // What SQL sees otherwise.
    "item.json is none",
    "item.s < item.s",
    "item.s < '😀'",
    "item.s == '\\ud800'",
    "item.s | lower == 'é'",
    "item.s | upper == 'A'",
    "item.x == item.n",
    "item.list",
    "(item.n < 2) == false",
    "item.same == 'a'",
    "item['Same'] == 'a'",
    // What it is not asked.
    "item.n + 1 == 2",
    "item.n < [item.big]",
    "item[0] == 1",
    "other.n == 1",
    "item.n is divisibleby 2",
    "item.s.startswith('a', 1)",
    "item.s.strip('a')",
    "item.s.startswith(item.s)",
    "item.n.startswith('a')",
    "row.n.startswith('a')",
    "startswith('a')",
    "item.s.lower(1) == 'a'",
    "item.n | lower == 'a'",
    "row == item.n",
    "item.s | length > 3",
    "item == row",
    "item.n > 1 if item.flag else false",
  ])("is none of it: %s", (source) => {
    expect(plan(source)).toBeNull();
  });

  const finite = `("x" is not null and not isfinite("x"))`;
  const readable = `("s" is not null and strlen("s") > 100000)`;
  const aboutNull = `("s" is null) or ${readable}`;
  test.each([
    ["true and item.flag", `(true and ("flag" is not null and "flag"))`],
    ["row.n == 2 and item.flag", `(false and ("flag" is not null and "flag"))`],
    ["'x' in tags and item.flag", `(false and ("flag" is not null and "flag"))`],
    ["item['n'] == 1", `("n" is not null and "n" = cast($p0 as INTEGER))`],
    ["1 == item.n", `("n" is not null and "n" = cast($p0 as INTEGER))`],
    ["item.n is in [1]", `("n" is not null and "n" = cast($p0 as INTEGER))`],
    [
      "item.n in [item.big, 2]",
      `((cast("n" as HUGEINT) is not distinct from cast("big" as HUGEINT)) or ("n" is not null and "n" = cast($p0 as INTEGER)))`,
    ],
    ["item.n not in [item.big]", `(not (cast("n" as HUGEINT) is not distinct from cast("big" as HUGEINT)))`],
    ["item.list is none", `("list" is null)`],
    ["item.list == none", `("list" is null)`],
    ["item.n == 2 ** 70", "false"],
    ["item.n != 3000000000", "(not false)"],
    ["item.n > 3000000000", "false"],
    ["item.n < 3000000000", `("n" is not null)`],
    ["item.n >= -3000000000", `("n" is not null)`],
    ["item.n < none", "false"],
    ["none < item.n", "false"],
    ["item.big > 1.5", `("big" is not null and "big" > cast($p0 as BIGINT))`],
    ["item.big <= 1.5", `("big" is not null and "big" <= cast($p0 as BIGINT))`],
    ["item.big < 1e30", `("big" is not null)`],
    ["item.x == 0.1", `(${finite} or ("x" is not null and "x" = cast($p0 as DOUBLE)))`],
    ["item.x == 9007199254740993", `(${finite} or false)`],
    [
      "item.x <= item.short",
      `(${finite} or ("x" is not null and cast("short" as DOUBLE) is not null and "x" <= cast("short" as DOUBLE)))`,
    ],
    [
      "item.s == item.day",
      `(${readable} or (cast("day" as VARCHAR) is not null and strlen(cast("day" as VARCHAR)) > 100000) or ("s" is not distinct from cast("day" as VARCHAR)))`,
    ],
    ["item.day == 'x'", `(cast("day" as VARCHAR) is not null and cast("day" as VARCHAR) = cast($p0 as VARCHAR))`],
    ["item.s < 'b'", `("s" is not null and "s" < cast($p0 as VARCHAR))`],
    ["item.s in ['a', none]", `(("s" is null) or ("s" is not null and "s" = cast($p0 as VARCHAR)))`],
    ["item.s in []", "false"],
    ["item.s in item.s", `(${readable} or ("s" is not null and "s" is not null and contains("s", "s")))`],
    ["item.flag == 1", "false"],
    ["item.flag < true", `("flag" is not null and "flag" < cast($p0 as BOOLEAN))`],
    ["item.s.endswith(tags)", `(${aboutNull} or ("s" is not null and (ends_with("s", $p0) or ends_with("s", $p1))))`],
    ["item.s.startswith([])", `(${aboutNull} or ("s" is not null and false))`],
    ["item.s.startswith('')", `(${aboutNull} or ("s" is not null and starts_with("s", $p0)))`],
  ])("is in full, of %s", (source, sql) => {
    expect(plan(source)).toMatchObject({ sql, rest: null });
  });

  test.each([
    ["item.n > 1 and item.n / 2 > 1 and item.n < 9", "item.n / 2 > 1 and item.n < 9"],
    ["item.n > 1 and (item.flag and item.s < 1)", "item.s < 1"],
    ["item.n > 1 and (item.n == 2 or item.s < 1)", "(item.n == 2 or item.s < 1)"],
    ["item.n > 1 and 1 / 0 > 1 and item.n < 9", "1 / 0 > 1 and item.n < 9"],
  ])("is a beginning of %s", (source, rest) => {
    const { sql, ...pushed } = plan(source)!;
    expect(pushed.rest!.replace(/^\(|\)$/g, "")).toBe(rest.replace(/^\(|\)$/g, ""));
    expect(Object.keys(pushed.parameters).every((name) => sql.includes(`$${name}`))).toBe(true);
  });

  test("leaves in the rows of which it does not know what the evaluator says, whatever comes after", () => {
    const { sql, doubt } = plan("item.flag and item.x > 1 and item.n == 2")!;
    expect(doubt).toBe(`("x" is not null and not isfinite("x"))`);
    expect(sql).toBe(
      `(("flag" is not null and "flag") and (${doubt} or (("x" is not null and "x" > cast($p0 as DOUBLE)) and ("n" is not null and "n" = cast($p1 as INTEGER)))))`,
    );
    expect(plan("item.wide == 1")!.doubt).toBe(`("wide" is not null and abs("wide") >= 1000000000000)`);
    expect(plan("'a' in item.s")!.doubt).toBe(`("s" is not null and strlen("s") > 100000)`);
    expect(plan("item.s.startswith('a')")!.doubt).toContain(`("s" is null)`);
    expect(plan("item.s.lower() == none")!.doubt).toContain(`("s" is null)`);
  });

  test("takes no more of the evaluator's steps than are left for what follows", () => {
    const long = Array.from({ length: 300 }, (_, index) => `item.n == ${index}`);
    expect(plan(long.join(" or "))).toBeNull();
    expect(plan(long.slice(0, 90).join(" or "))).toMatchObject({ rest: null });
    expect(plan("item.n in numbers", { numbers: Array.from({ length: 10_001 }, (_, index) => index) })).toBeNull();
    expect(plan("item.s == text", { text: "a".repeat(10_001) })).toBeNull();
    expect(plan("item.n in range(900) | list")).toMatchObject({ rest: null });
    expect(plan("item.n in range(900000) | list")).toBeNull();
    const reading = Array.from({ length: 40 }, () => "'a' in item.s").join(" and ");
    expect(plan(reading)!.rest).not.toBeNull();
  });
});

test("no character but the Kelvin sign has an ASCII lower case, and none but the dotted I has ASCII in it", () => {
  const found: string[] = [];
  for (let code = 0x80; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (/[\0-\x7f]/.test(character.toLowerCase())) found.push(character);
    // The one rule that looks at what stands around a letter is about the sigma.
    else if (/[\0-\x7f]/.test(`a${character}`.toLowerCase().slice(1))) found.push(character);
  }
  expect(found).toEqual(["\u0130", "\u212a"]);
});
