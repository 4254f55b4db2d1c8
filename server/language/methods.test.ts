import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault, value } from "./__fixtures__/evaluated.ts";

function all(cases: readonly (readonly [string, unknown])[]): void {
  for (const [source, expected] of cases) expect(value(source), source).toEqual(expected);
}

describe("methods of texts", () => {
  test("change and ask for case", () => {
    all([
      ["'aB'.upper()", "AB"],
      ["'aB'.lower()", "ab"],
      ["'aB c'.title()", "Ab C"],
      ['"foo/bar they\'re a1b".title()', "Foo/Bar They'Re A1B"],
      ["'中a éÉ'.title()", "中A Éé"],
      ["'aB'.capitalize()", "Ab"],
      ["'aB1'.swapcase()", "Ab1"],
      ["'AB'.isupper()", true],
      ["'Ab'.isupper()", false],
      ["'1'.isupper()", false],
      ["'ab'.islower()", true],
      ["'Ab'.islower()", false],
      ["'1'.islower()", false],
      ["'aé'.isalpha()", true],
      ["'a1'.isalpha()", false],
      ["''.isalpha()", false],
      ["'a1'.isalnum()", true],
      ["'a-'.isalnum()", false],
      ["'12'.isdigit()", true],
      ["'1.2'.isdigit()", false],
      ["' \\n'.isspace()", true],
      ["''.isspace()", false],
      ["' a'.isspace()", false],
    ]);
  });

  test("strip, pad and cut", () => {
    all([
      ["'  a '.strip()", "a"],
      ["'  a '.lstrip()", "a "],
      ["'  a '.rstrip()", "  a"],
      ["'xyaxy'.strip('xy')", "a"],
      ["'xyaxy'.lstrip('xy')", "axy"],
      ["'xyaxy'.rstrip('xy')", "xya"],
      ["'ab'.strip(none)", "ab"],
      ["'😁x😀'.strip('😀')", "😁x"],
      ["'😀x😁'.strip('😀')", "x😁"],
      ["'😀'.strip('😀')", ""],
      ["'😀😀'.lstrip('😁')", "😀😀"],
      ["'x😀'.rstrip('😀x')", ""],
      ["'ab'.center(5)", "  ab "],
      ["'ab'.center(5, '*')", "**ab*"],
      ["'ab'.ljust(4)", "ab  "],
      ["'ab'.rjust(4, '.')", "..ab"],
      ["'42'.zfill(5)", "00042"],
      ["'-42'.zfill(5)", "-0042"],
      ["'abc'.zfill(2)", "abc"],
      ["'abc'.removeprefix('a')", "bc"],
      ["'abc'.removeprefix('b')", "abc"],
      ["'abc'.removesuffix('bc')", "a"],
      ["'abc'.removesuffix('')", "abc"],
      ["'abc'.removesuffix('b')", "abc"],
    ]);
    expect(fault("'a'.center(3, 'xy')")).toBe("value 1:5+15 `fillchar` is one character");
  });

  test("split, join and replace", () => {
    all([
      ["'a b  c'.split()", ["a", "b", "c"]],
      ["'a,b,c'.split(',')", ["a", "b", "c"]],
      ["'a,b,c'.split(',', 1)", ["a", "b,c"]],
      ["'a,b,c'.rsplit(',', 1)", ["a,b", "c"]],
      ["'a,b'.rsplit(',', 5)", ["a", "b"]],
      ["' a b  c '.rsplit(none, 1)", [" a b", "c"]],
      ["' a b  c '.split(none, 1)", ["a", "b  c "]],
      ["' a b '.split(none, 0)", ["a b "]],
      ["' a b '.rsplit(none, 0)", [" a b"]],
      ["'  '.split(none, 1)", []],
      ["'a b '.split(none, 1)", ["a", "b "]],
      ["' a b '.split(none, 2)", ["a", "b"]],
      ["' a b '.rsplit(none, 1)", [" a", "b"]],
      ["' a b '.rsplit(none, 2)", ["a", "b"]],
      ["'a b c'.rsplit(maxsplit=0)", ["a b c"]],
      ["'a\\nb\\n'.splitlines()", ["a", "b"]],
      ["'a=b=c'.partition('=')", ["a", "=", "b=c"]],
      ["'abc'.partition('=')", ["abc", "", ""]],
      ["'a=b=c'.rpartition('=')", ["a=b", "=", "c"]],
      ["'abc'.rpartition('=')", ["", "", "abc"]],
      ["', '.join(['a', 1, none])", "a, 1, "],
      ["'banana'.replace('a', 'o')", "bonono"],
      ["'banana'.replace('a', 'o', 1)", "bonana"],
    ]);
    expect(fault("'a'.split('')")).toBe("value 1:5+9 a text cannot be split at an empty one");
    expect(fault("'a'.partition('')")).toBe("value 1:5+13 a text cannot be split at an empty one");
    expect(fault("'a'.replace('a')")).toBe("type 1:5+12 `replace` needs its argument `new`");
    expect(fault("'a'.replace(1, 'a')")).toBe("type 1:5+15 `old` must be a text, not a number");
  });

  test("find, counted in characters", () => {
    all([
      ["'a😀b😀'.find('b')", 2],
      ["'abc'.find('x')", -1],
      ["'abc'.find('a')", 0],
      ["'a😀b😀'.rfind('😀')", 3],
      ["'a😀b'.index('b')", 2],
      ["'banana'.count('an')", 2],
      ["'aaa'.count('aa')", 1],
      ["'a😀'.count('')", 3],
      ["'abc'.startswith('ab')", true],
      ["'abc'.startswith(['x', 'a'])", true],
      ["'abc'.startswith(('x', 'b'))", false],
      ["'abc'.endswith('c')", true],
      ["'abc'.endswith(['b'])", false],
    ]);
    expect(fault("'abc'.index('x')")).toBe("value 1:7+10 the text does not have this part → Ask with `in` first.");
    expect(fault("'abc'.startswith(1)")).toBe("type 1:7+13 `prefix` must be a text, not a number");
  });
});

test("a long part is found where a short one would be", () => {
  const letters = fc.array(fc.constantFrom("a", "a", "a", "b"), { minLength: 65, maxLength: 90 });
  fc.assert(
    fc.property(letters, fc.array(fc.nat(2), { maxLength: 6 }), (some, order) => {
      const part = some.join("");
      const between = ["a".repeat(9_000), "b", part.slice(1)];
      const text = ["", ...order.map((one) => between[one]!), "a".repeat(9_000)].join(part);
      expect(value("text.find(part)", { text, part })).toBe(text.indexOf(part));
      expect(value("text.rfind(part)", { text, part })).toBe(text.lastIndexOf(part));
      expect(value("text.split(part)", { text, part })).toEqual(text.split(part));
      expect(value("part in text", { text, part })).toBe(text.includes(part));
    }),
    { numRuns: 60, seed: 5 },
  );
});

describe("methods of lists and mappings", () => {
  test("look up and count", () => {
    all([
      ["[1, [2], 1].count(1)", 2],
      ["[1, [2]].index([2])", 1],
      ["{'a': 1}.get('a')", 1],
      ["{'a': 1}.get('b')", null],
      ["{'a': 1}.get('b', 5)", 5],
      ["{'a': none}.get('a', 5)", null],
      ["{1: 'x'}.get(1)", "x"],
      ["{'a': 1, 'b': 2}.keys()", ["a", "b"]],
      ["{'a': 1, 'b': 2}.values()", [1, 2]],
      [
        "{'a': 1, 'b': 2}.items()",
        [
          ["a", 1],
          ["b", 2],
        ],
      ],
      ["{'items': 1}.items", 1],
      ["{'items': 1}.items()", [["items", 1]]],
    ]);
    expect(fault("[1].index(2)")).toBe("value 1:5+8 the list does not have this element → Ask with `in` first.");
  });

  test("never change a value", () => {
    const cure =
      "Values never change; make a new one: `{% set list = list + [item] %}`, in a loop with a `namespace()`.";
    for (const name of ["append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"])
      expect(fault(`[].${name}()`)).toBe(`undefined 1:4+${name.length + 2} a list has no method \`${name}\` → ${cure}`);
    expect(fault("{}.update()")).toBe(`undefined 1:4+8 a mapping has no method \`update\` → ${cure}`);
    expect(fault("{}.setdefault()")).toContain(cure);
  });
});

test("a method that does not exist is an error with the nearest name", () => {
  expect(fault("'a'.uper()")).toBe("undefined 1:5+6 a text has no method `uper`; did you mean `upper`?");
  expect(fault("(1).upper()")).toBe("undefined 1:5+7 a number has no method `upper`");
  expect(fault("none.upper()")).toBe("undefined 1:6+7 null has no method `upper`");
  expect(fault("'a'.upper(1)")).toBe("type 1:5+8 `upper` takes no argument, not 1");
  expect(fault("'a'.center(fill=1)")).toContain("`center` has no argument `fill`");
});
