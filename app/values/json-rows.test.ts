import { describe, expect, test } from "vitest";
import { firstOpen, jsonRows, openable, shownMembers } from "./json-rows.ts";

const value = {
  vendor: "Acme",
  lines: [
    { item: "bolt", price: 1.5 },
    { item: "nut", price: 0.5 },
  ],
  note: null,
};

function lines(open: readonly string[], shown = {}): string[] {
  return jsonRows(value, { open: new Set(open), shown }).map(({ depth, key, text }) =>
    `${"  ".repeat(depth)}${key ?? "·"} ${text}`.trimEnd(),
  );
}

describe("a tree of JSON", () => {
  test("is one line where it is closed", () => {
    expect(lines([])).toEqual(["· { vendor, lines, note }"]);
  });

  test("has a line for each member of what is open", () => {
    expect(lines(["", "/lines", "/lines/1"])).toEqual([
      "· {3}",
      '  vendor "Acme"',
      "  lines [2]",
      "    0 { item, price }",
      "    1 {2}",
      '      item "nut"',
      "      price 0.5",
      "  note null",
    ]);
  });

  test("shows a hundred members of a long list, and that there are more", () => {
    const long = Array.from({ length: 250 }, (_, index) => index);
    const rows = jsonRows(long, { open: new Set([""]), shown: {} });
    expect(rows).toHaveLength(1 + shownMembers + 1);
    expect(rows.at(-1)).toMatchObject({ type: "more", path: "/*", text: "150 more" });
    expect(jsonRows(long, { open: new Set([""]), shown: { "": 300 } })).toHaveLength(251);
  });

  test("tells keys with a slash apart from those below", () => {
    const rows = jsonRows({ "a/b": 1, a: { b: 2 } }, { open: new Set(["", "/a"]), shown: {} });
    expect(rows.map(({ path }) => path)).toEqual(["", "/a~1b", "/a", "/a/b"]);
  });

  test("is open at first as far as it is small", () => {
    expect([...firstOpen(value)]).toEqual(["", "/lines", "/lines/0", "/lines/1"]);
    expect([...firstOpen({ long: Array.from({ length: 50 }, () => 1), short: [1] })]).toEqual(["", "/short"]);
  });

  test("can be opened all below a place", () => {
    expect(openable(value, "/lines")).toEqual(["/lines", "/lines/0", "/lines/1"]);
  });
});
