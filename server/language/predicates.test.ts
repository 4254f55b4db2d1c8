import { describe, expect, test } from "vitest";
import { fault, value } from "./__fixtures__/evaluated.ts";
import { predicates } from "./predicates.ts";

const samples = {
  nothing: null,
  yes: true,
  no: false,
  one: 1,
  half: 0.5,
  big: 2n ** 64n,
  text: "ab",
  empty: "",
  list: [1],
  map: { a: 1 },
};

/** The names of the samples for which a test holds. */
function holding(test: string): string {
  return Object.keys(samples)
    .filter((name) => value(`${name} is ${test}`, samples) === true)
    .join(" ");
}

describe("tests of types", () => {
  test("hold for values of their type alone", () => {
    expect(holding("none")).toBe("nothing");
    expect(holding("boolean")).toBe("yes no");
    expect(holding("true")).toBe("yes");
    expect(holding("false")).toBe("no");
    expect(holding("number")).toBe("one half big");
    expect(holding("integer")).toBe("one big");
    expect(holding("float")).toBe("half");
    expect(holding("string")).toBe("text empty");
    expect(holding("mapping")).toBe("map");
    expect(holding("sequence")).toBe("text empty list map");
    expect(holding("iterable")).toBe("text empty list map");
    expect(holding("callable")).toBe("");
    expect(holding("defined")).toBe(Object.keys(samples).join(" "));
    expect(holding("undefined")).toBe("");
    expect(holding("skipped")).toBe("");
    expect(holding("not none")).toBe(Object.keys(samples).slice(1).join(" "));
    expect(value("nothing is None and nothing is null and yes is True", samples)).toBe(true);
  });
});

describe("tests of values", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["4 is even", true],
    ["3 is even", false],
    ["3 is odd", true],
    ["-3 is odd", true],
    ["4 is odd", false],
    ["2.5 is odd", false],
    ["9 is divisibleby 3", true],
    ["9 is divisibleby(4)", false],
    ["'ab' is lower", true],
    ["'aB' is lower", false],
    ["'1' is lower", false],
    ["1 is lower", false],
    ["'A1' is upper", true],
    ["'aB' is upper", false],
    ["1 is in [1]", true],
    ["'a' is in 'abc'", true],
    ["1 is not in [1]", false],
    ["1 is eq 1.0", true],
    ["1 is equalto 2", false],
    ["[1] is sameas [1]", true],
    ["1 is ne 2", true],
    ["1 is ne 1", false],
    ["1 is lt 2", true],
    ["2 is lt 2", false],
    ["1 is lessthan 2", true],
    ["2 is le 2", true],
    ["3 is le 2", false],
    ["2 is gt 1", true],
    ["1 is gt 1", false],
    ["2 is greaterthan 1", true],
    ["2 is ge 2", true],
    ["1 is ge 2", false],
    ["none is lt 1", false],
    ["none is ge 1", false],
    ["none is le none", false],
    ["none is gt none", false],
    ["1 is eq(1) and 2 is odd", false],
    ["not 1 is even", true],
    ["1 is odd is true", true],
    ["-1 is odd", true],
  ];
  test.each(cases)("%s: %s", (source, expected) => {
    expect(value(source)).toBe(expected);
  });

  test("bind tighter than operators", () => {
    expect(fault("1 + 2 is odd")).toBe("type 1:1+12 `+` does not go with a number and a boolean");
    expect(value("(2 ** 70) is even")).toBe(true);
    expect(value("9 is divisibleby(num=3)")).toBe(true);
  });

  test("say what they need", () => {
    expect(fault("'a' is odd")).toBe("type 1:1+10 `odd` needs numbers and got a text");
    expect(fault("1 is divisibleby 'a'")).toBe("type 1:1+20 `divisibleby` needs numbers and got a text");
    expect(fault("1 is divisibleby 0")).toBe("value 1:1+18 this divides by zero → Guard it: `a / b if b else 0`.");
    expect(fault("1 is lt 'a'")).toContain("have no order");
    expect(fault("missing is odd")).toBe("undefined 1:1+7 `missing` is not defined");
  });
});

test("every test says in a line what it holds for", () => {
  for (const { name, summary } of predicates.values()) expect(summary, name).toMatch(/\S/);
});
