import { describe, expect, test } from "vitest";
import { fault, text, value } from "./__fixtures__/evaluated.ts";
import { isTruthy } from "./index.ts";

/** Asserts what a list of expressions comes to. */
function all(cases: readonly (readonly [string, unknown])[], values = {}): void {
  for (const [source, expected] of cases) expect(value(source, values), source).toEqual(expected);
}

describe("literals", () => {
  test("are numbers, texts, words, lists and mappings", () => {
    all(
      [
        ["1", 1],
        ["1_000", 1000],
        ["1.5", 1.5],
        ["2e3", 2000],
        ["1.5e-3", 0.0015],
        ["0x1F", 31],
        ["0b101", 5],
        ["0o17", 15],
        ["9007199254740991", 9007199254740991],
        ["9007199254740993", 9007199254740993n],
        ["true", true],
        ["True", true],
        ["false", false],
        ["False", false],
        ["none", null],
        ["None", null],
        ["null", null],
        ["[1, 'a', [2],]", [1, "a", [2]]],
        ["(1, 2)", [1, 2]],
        ["(1,)", [1]],
        ["(1)", 1],
        ["{'a': 1, \"b\": [2],}", { a: 1, b: [2] }],
        ["{1: 'x', 2.5: 'y', k: 'z'}", { "1": "x", "2.5": "y", name: "z" }],
        ["{}", {}],
      ],
      { k: "name" },
    );
  });

  test("texts have Python's escapes, and join where they follow each other", () => {
    all([
      [String.raw`'a\'b"c'`, "a'b\"c"],
      [String.raw`"a\"b'c"`, "a\"b'c"],
      [String.raw`'\n\t\r\b\f\v\0\\\/'`, "\n\t\r\b\f\v\0\\/"],
      [String.raw`'\x41\u00e9\U0001F600'`, "Aé😀"],
      [String.raw`'\d\x4\u12\U11111111'`, String.raw`\d\x4\u12\U11111111`],
      ["'a\\\nb'", "ab"],
      ["'a\\\r\nb'", "ab"],
      ["'a\\\rb'", "a\\\rb"],
      ["'a' \"b\"\n'c'", "abc"],
    ]);
  });

  test("a key of a mapping is a text or a number", () => {
    expect(fault("{[1]: 2}")).toBe("type 1:2+3 a key is a text or a number, not a list");
    expect(fault("{none: 2}")).toBe("type 1:2+4 a key is a text or a number, not null");
  });

  test("a mapping can have any key, also those a prototype has", () => {
    all([
      ["{'__proto__': 1}['__proto__']", 1],
      ["{'constructor': 1}.constructor", 1],
      ["{'a': 1} | tojson", '{"a": 1}'],
    ]);
  });
});

describe("arithmetic", () => {
  test("has Jinja's operators and their order", () => {
    all([
      ["1 + 2 * 3", 7],
      ["(1 + 2) * 3", 9],
      ["7 - 2 - 1", 4],
      ["2 ** 3 ** 2", 64],
      ["-2 ** 2", 4],
      ["2 * 3 ** 2", 18],
      ["-3 + 1", -2],
      ["+3 - -1", 4],
      ["1 ~ 2 ~ 3", "123"],
      ["1 + 2 * 2 // 3", 2],
      ["'a' ~ 2 * 3", "a6"],
      ["10 % 4 * 2", 4],
    ]);
  });

  test("divides as Python does", () => {
    all([
      ["7 / 2", 3.5],
      ["4 / 2", 2],
      ["7 // 2", 3],
      ["-7 // 2", -4],
      ["7 // -2", -4],
      ["7.5 // 2", 3],
      ["1 // 0.1", 9],
      ["-1 // 0.1", -10],
      ["1 // -0.1", -10],
      ["6 // 0.2", 29],
      ["1e16 // 3.0", 3333333333333333],
      ["159.2 // -1.4604843794819113e-14", -10900493167648548],
      ["9051.633952220167 // -1.4374825053270045e-12", -6296865470485198],
      ["-7.5 // 2", -4],
      ["1 // 0.1 * 0.1 + 1 % 0.1", 1],
      ["7 % 3", 1],
      ["-7 % 3", 2],
      ["7 % -3", -2],
      ["-6 % 3", 0],
      ["5.5 % 2", 1.5],
      ["-5.5 % 2", 0.5],
      ["2 ** -1", 0.5],
      ["2 ** 0.5", Math.SQRT2],
      ["0 ** 0", 1],
    ]);
    for (const operator of ["/", "//", "%"])
      expect(fault(`1 ${operator} 0`)).toBe(
        `value 1:1+${4 + operator.length} this divides by zero → Guard it: \`a / b if b else 0\`.`,
      );
    expect(fault("1 / zero", { zero: 0n })).toContain("this divides by zero");
  });

  test("is exact for integers of any size, in one form each", () => {
    all(
      [
        ["9007199254740991 + 1", 9007199254740992n],
        ["9007199254740991 + 1 - 1", 9007199254740991],
        ["9007199254740992 - 9007199254740990", 2],
        ["-9007199254740991 - 1", -9007199254740992n],
        ["3 * 3002399751580331", 9007199254740993n],
        ["10 ** 20", 10n ** 20n],
        ["(10 ** 20) // 7", 14285714285714285714n],
        ["-(10 ** 20) // 7", -14285714285714285715n],
        ["(10 ** 20) % 7", 2],
        ["-(10 ** 20) % 7", 5],
        ["10 ** 20 % -7", -5],
        ["10 ** 20 / 10 ** 19", 10],
        ["10 ** 20 / 3", 1e20 / 3],
        ["10 ** 20 ** -1", 1e-20],
        ["10 ** 20 + 0.5", 1e20],
        ["-(10 ** 20)", -(10n ** 20n)],
        ["big - big", 0],
        ["(-1) ** (10 ** 6)", 1],
      ],
      { big: 2n ** 70n },
    );
  });

  test("says so where a number would not be one", () => {
    expect(fault("10.0 ** 400 * 1.5")).toBe("value 1:1+17 the result is no number that can be computed with");
    expect(fault("1e308 * 10")).toBe("value 1:1+10 the result is no number that can be computed with");
    expect(fault("0 ** -1")).toBe("value 1:1+7 the result is no number that can be computed with");
    expect(fault("1e999")).toBe("syntax 1:1+5 `1e999` is no number that can be computed with");
    expect(fault("(-8) ** 0.5")).toBe("value 1:1+11 the result is no number that can be computed with");
  });

  test("joins and repeats texts and lists", () => {
    all([
      ["'a' + 'b'", "ab"],
      ["[1] + [2, 3]", [1, 2, 3]],
      ["'ab' * 3", "ababab"],
      ["2 * 'ab'", "abab"],
      ["[1, [2]] * 2", [1, [2], 1, [2]]],
      ["3 * []", []],
      ["'a' * 0 ~ 'b' * -1", ""],
      ["'a' ~ none ~ true ~ [1] ~ 2.0", "atrue[1]2"],
    ]);
    expect(fault("'a' * 1.5")).toBe("type 1:1+9 `*` repeats a text or list a whole number of times");
  });

  test("does not guess at other types", () => {
    const cure = " → `~` joins anything as text; `| int` and `| float` make a number of a text.";
    expect(fault("1 + '2'")).toBe(`type 1:1+7 \`+\` does not go with a number and a text${cure}`);
    expect(fault("'1' + none")).toBe(`type 1:1+10 \`+\` does not go with a text and null${cure}`);
    expect(fault("1 + none")).toBe("type 1:1+8 `+` does not go with a number and null");
    expect(fault("true + 1")).toBe("type 1:1+8 `+` does not go with a boolean and a number");
    expect(fault("[1] - [1]")).toBe("type 1:1+9 `-` does not go with a list and a list");
    expect(fault("{} * 2")).toBe("type 1:1+6 `*` does not go with a mapping and a number");
    expect(fault("-'a'")).toBe("type 1:1+4 `-` needs a number and got a text");
    expect(fault("+'a'")).toBe("type 1:1+4 `+` needs a number and got a text");
    expect(value("+2")).toBe(2);
  });
});

describe("comparison", () => {
  test("compares by value, and chains", () => {
    all(
      [
        ["1 == 1.0", true],
        ["1 != 2", true],
        ["1 < 2 < 3", true],
        ["1 < 3 < 2", false],
        ["3 > 2 >= 2 <= 2", true],
        ["1 == 1 == 1", true],
        ["big == 2 ** 70", true],
        ["big > 1e21", true],
        ["2 ** 53 == 2.0 ** 53", true],
        ["big == 'a'", false],
        ["'a' < 'b'", true],
        ["'Z' < 'a'", true],
        ["'a' >= 'a'", true],
        ["false < true", true],
        ["[1, 2] < [1, 3]", true],
        ["[1] < [1, 0]", true],
        ["[2] > [1, 9]", true],
        ["[1, [2, {'a': 3}]] == [1, [2, {'a': 3}]]", true],
        ["[1, 2] == [1]", false],
        ["{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", true],
        ["{'a': 1} == {'a': 2}", false],
        ["{'a': 1} == {'b': 1}", false],
        ["{'a': 1} == {'a': 1, 'b': 2}", false],
        ["{} == []", false],
        ["[] == {}", false],
        ["'1' == 1", false],
        ["true == 1", false],
        ["'a' == none", false],
      ],
      { big: 2n ** 70n },
    );
  });

  test("is safe with null: it equals only itself and has no order", () => {
    all(
      [
        ["none == none", true],
        ["none != none", false],
        ["none == 0", false],
        ["none != 0", true],
        ["none < 1", false],
        ["none >= 1", false],
        ["1 < none", false],
        ["none <= none", false],
        ["none > none", false],
        ["nan < 1", false],
        ["nan >= 1", false],
        ["nan == nan", false],
      ],
      { nan: Number.NaN },
    );
  });

  test("has no order between types", () => {
    expect(fault("1 < 'a'")).toBe(
      "type 1:1+7 a number and a text have no order → Make the text a number with `| int` or `| float`.",
    );
    expect(fault("'a' < 1")).toBe(
      "type 1:1+7 a text and a number have no order → Make the text a number with `| int` or `| float`.",
    );
    expect(fault("{} < {}")).toBe("type 1:1+7 a mapping and a mapping have no order");
    expect(fault("true < 1")).toBe("type 1:1+8 a boolean and a number have no order");
    expect(fault("[1] < ['a']")).toBe(
      "type 1:1+11 a number and a text have no order → Make the text a number with `| int` or `| float`.",
    );
  });

  test("`in` looks for an element, a key or a part", () => {
    all([
      ["2 in [1, 2]", true],
      ["[2] in [1, [2]]", true],
      ["3 not in [1, 2]", true],
      ["'b' in 'abc'", true],
      ["'' in 'abc'", true],
      ["none in 'abc'", false],
      ["'a' in {'a': 1}", true],
      ["'b' not in {'a': 1}", true],
      ["1 in {1: 'a'}", true],
      ["1 in {'1': 1}", true],
      ["10 ** 20 in {10 ** 20: 1}", true],
      ["2.5 not in {2: 1}", true],
      ["true in {'true': 1}", false],
      ["none in {'': 1}", false],
      ["[1, 3] | select('in', {1: 'a'})", [1]],
      ["'constructor' in {}", false],
      ["1 in none", false],
      ["1 not in none", true],
      ["none in [none]", true],
    ]);
    expect(fault("1 in 'abc'")).toBe("type 1:1+10 a text cannot contain a number");
    expect(fault("1 in 2")).toBe("type 1:1+6 a number contains nothing");
    expect(fault("1 not 2")).toBe("syntax 1:3+3 `not` is too much here");
    expect(fault("1 = 2")).toBe("syntax 1:3+1 `=` is too much here → `==` compares.");
  });
});

describe("logic", () => {
  test("gives the side that decided, and reads no further", () => {
    all([
      ["0 or 'a'", "a"],
      ["'a' or missing", "a"],
      ["0 and missing", 0],
      ["1 and 2", 2],
      ["'' or [] or none", null],
      ["not 0", true],
      ["not not 'a'", true],
      ["not 1 == 2", true],
      ["not true or true", true],
      ["1 or 0 and 0", 1],
      ["true and false or 3", 3],
    ]);
  });

  test("a condition chooses a value; without else it is nothing", () => {
    all([
      ["'a' if 1 else 'b'", "a"],
      ["'a' if 0 else 'b'", "b"],
      ["'a' if 0 else 'b' if 0 else 'c'", "c"],
      ["missing if 0 else 'b'", "b"],
      ["'a' if 0", null],
      ["('a' if 0) | default('d')", "d"],
      ["('a' if 0) is defined", false],
      ["'a' if 1 if 0 else 'c'", "c"],
    ]);
    expect(text("[{{ 'a' if 0 }}]")).toBe("[]");
  });

  test("isTruthy is the truth of a condition", () => {
    expect([null, 0, "", [], {}, 0n, false].map(isTruthy)).toEqual(Array(7).fill(false));
    expect([1, "a", [0], { a: 1 }, 1n, true].map(isTruthy)).toEqual(Array(6).fill(true));
  });
});

describe("members and slices", () => {
  const values = { row: { text: "héllo", "a b": 2, tags: ["x", "y", "z"], deep: { 3: "three" }, none: null }, big: 2n };

  test("are read by name, by key and by place", () => {
    all(
      [
        ["row.text", "héllo"],
        ["row['a b']", 2],
        ["row.tags[0]", "x"],
        ["row.tags[-1]", "z"],
        ["row.tags.1", "y"],
        ["row.deep[3]", "three"],
        ["row.deep.3", "three"],
        ["row['tags'][1 + 1]", "z"],
        ["row.text[1]", "é"],
        ["row.text[-1]", "o"],
        ["'a😀b'[1]", "😀"],
        ["'a😀b'[-1]", "b"],
        ["[[1, 2]][0][1]", 2],
        ["{'a': 1}.a", 1],
        ["'abc'[0].upper()", "A"],
        ["rows.0.1", 5],
      ],
      { ...values, rows: [[4, 5]] },
    );
  });

  test("slices follow Python", () => {
    all([
      ["'abcdef'[1:3]", "bc"],
      ["'abcdef'[:2]", "ab"],
      ["'abcdef'[4:]", "ef"],
      ["'abcdef'[:]", "abcdef"],
      ["'abcdef'[-2:]", "ef"],
      ["'abcdef'[:-4]", "ab"],
      ["'abcdef'[::2]", "ace"],
      ["'abcdef'[::-1]", "fedcba"],
      ["'abcdef'[4:1:-2]", "ec"],
      ["'abcdef'[-100:2]", "ab"],
      ["'abcdef'[2:100]", "cdef"],
      ["'abcdef'[3:1]", ""],
      ["'a😀b'[:2]", "a😀"],
      ["'a😀b'[2:]", "b"],
      ["'a😀b'[::-1]", "b😀a"],
      ["[1, 2, 3][1:]", [2, 3]],
      ["'abc'[:10 ** 20]", "abc"],
      ["'abc'[-(10 ** 20):]", "abc"],
      ["'abc'[10 ** 20:]", ""],
      ["'abc'[::10 ** 20]", "a"],
      ["'abc'[::-(10 ** 20)]", "c"],
      ["[1, 2][:10 ** 400]", [1, 2]],
      ["[1, 2, 3][::-1]", [3, 2, 1]],
      ["[1, 2, 3][10:0:-1]", [3, 2]],
      ["[1, 2, 3][:none]", [1, 2, 3]],
      ["[][::-1]", []],
      ["''[0:1]", ""],
    ]);
    expect(fault("[1][::0]")).toBe("value 1:1+8 a slice cannot go in steps of 0");
    expect(fault("[1]['a':]")).toBe("type 1:1+9 a slice goes by whole numbers, not a text");
    expect(fault("[1][0.5:]")).toBe("type 1:1+9 a slice goes by whole numbers, not a number");
    expect(fault("n[1:]", { n: 5 })).toBe("type 1:1+5 a number cannot be sliced");
  });

  test("that are not there are errors at their place, with the nearest name", () => {
    expect(fault("topc", { topic: 1 })).toBe("undefined 1:1+4 `topc` is not defined; did you mean `topic`?");
    expect(fault("x", { topic: 1 })).toBe("undefined 1:1+1 `x` is not defined");
    expect(fault("mean")).toBe("undefined 1:1+4 `mean` is not defined → `mean` is a function: `mean(…)`.");
    expect(fault("row.txet", values)).toBe("undefined 1:5+4 `row` has no `txet`; did you mean `text`?");
    expect(fault("row['a  b']", values)).toBe("undefined 1:5+6 `row` has no `a  b`; did you mean `a b`?");
    expect(fault("row.tags[3]", values)).toBe("undefined 1:10+1 `row.tags` has no element 3");
    expect(fault("row.tags[1.5]", values)).toBe("undefined 1:10+3 `row.tags` has no element 1.5");
    expect(fault("row.tags[none]", values)).toBe("undefined 1:10+4 `row.tags` has no null");
    expect(fault("row.tags.text", values)).toBe("undefined 1:10+4 `row.tags` has no `text`");
    expect(fault("row.none.x", values)).toBe("undefined 1:10+1 `row.none` is null and has no `x`");
    expect(fault("row.text.upper", values)).toBe(
      "undefined 1:10+5 `row.text` has no `upper` → `.upper(…)` calls the method.",
    );
    expect(fault("row.text[9]", values)).toBe("undefined 1:10+1 `row.text` has no element 9");
    expect(fault("row.deep[big]", values)).toBe("undefined 1:10+3 `row.deep` has no a number");
    expect(fault("row.a\n  .b", { row: { a: 1 } })).toBe("undefined 2:4+1 `row.a` has no `b`");
  });

  test("are only an object's own: a prototype, a getter or a function is not there", () => {
    class Thing {
      own = 1;
      get secret(): number {
        return 2;
      }
    }
    const odd = { thing: new Thing() as never, hidden: {} as never, fn: { call: () => 1 } as never };
    Object.defineProperty(odd.hidden, "x", { get: () => 1, enumerable: true });
    Object.defineProperty(odd.hidden, "y", { value: 1, enumerable: false });
    expect(value("thing.own", odd)).toBe(1);
    for (const source of [
      "thing.secret",
      "thing.constructor",
      "hidden.x",
      "hidden.y",
      "fn.call",
      "thing.__proto__",
      "'a'.constructor",
      "[].length",
      "(1).toString",
    ])
      expect(fault(source, odd), source).toContain(" has no `");
    expect(fault("thing.constructor('x')", odd)).toBe("undefined 1:7+16 a mapping has no method `constructor`");
    expect(fault("toString")).toBe("undefined 1:1+8 `toString` is not defined");
    expect(fault("hasOwnProperty", Object.create({ hasOwnProperty: 1 }))).toContain("is not defined");
  });
});

describe("`default` and `is defined`", () => {
  const values = { a: { b: null }, list: [1] };

  test("opt out of what is missing, for a name or any member of a chain", () => {
    all(
      [
        ["missing | default('d')", "d"],
        ["missing | d('d')", "d"],
        ["missing | default", ""],
        ["a.x | default('d')", "d"],
        ["a.x.y.z | default('d')", "d"],
        ["a['x'][0].y | default('d')", "d"],
        ["a.b.c | default('d')", "d"],
        ["list[5] | default('d')", "d"],
        ["a.b | default('d')", null],
        ["a.b | default('d', true)", "d"],
        ["'' | default('d', boolean=true)", "d"],
        ["0 | default('d')", 0],
        ["[] | first | default('d')", "d"],
        ["(missing if true else 1) | default('d')", "d"],
        ["missing is defined", false],
        ["missing is not defined", true],
        ["missing is undefined", true],
        ["a.x.y is defined", false],
        ["a.b is defined", true],
        ["[] | first is defined", false],
      ],
      values,
    );
  });

  test("only where they stand", () => {
    expect(fault("missing | upper | default('d')")).toBe("undefined 1:1+7 `missing` is not defined");
    expect(fault("missing or 'd'")).toBe("undefined 1:1+7 `missing` is not defined");
    expect(fault("(missing ~ 'a') | default('d')")).toBe("undefined 1:2+7 `missing` is not defined");
    expect(fault("missing.x(1) | default('d')")).toBe("undefined 1:1+7 `missing` is not defined");
    expect(fault("missing[1:] | default('d')")).toBe("undefined 1:1+7 `missing` is not defined");
    expect(fault("a[missing] | default('d')", values)).toBe("undefined 1:3+7 `missing` is not defined");
    expect(fault("[] | first")).toBe(
      "undefined 1:6+5 `[]` is empty and has no `first` → `| default(…)` says what to take instead.",
    );
  });
});

describe("syntax errors", () => {
  test("have their place and say what was wanted", () => {
    expect(fault("")).toBe("syntax 1:1+0 expected a value and found the end");
    expect(fault("1 +")).toBe("syntax 1:4+0 expected a value and found the end");
    expect(fault("(1")).toBe("syntax 1:3+0 expected `)` to close the parenthesis and found the end");
    expect(fault("[1, 2")).toBe("syntax 1:6+0 expected `]` to close the list and found the end");
    expect(fault("{'a' 1}")).toBe("syntax 1:6+1 expected `:` after a key and found `1`");
    expect(fault("{'a': 1")).toBe("syntax 1:8+0 expected `}` to close the mapping and found the end");
    expect(fault("a[1")).toBe("syntax 1:4+0 expected `]` to close the index and found the end");
    expect(fault("a[]")).toBe("syntax 1:3+1 expected a value and found `]`");
    expect(fault("a.")).toBe("syntax 1:3+0 expected the name of a member and found the end");
    expect(fault("a b")).toBe("syntax 1:3+1 `b` is too much here");
    expect(fault("f(1")).toBe("syntax 1:4+0 expected `)` to close the arguments and found the end");
    expect(fault("f(a=1, 2)")).toBe("syntax 1:8+1 an argument without a name stands after one with a name");
    expect(fault("f(a=1, a=2)")).toBe("syntax 1:8+1 `a` is given twice");
    expect(fault("f(*a)")).toBe(
      "syntax 1:3+1 expected an argument and found `*` → Lists of arguments are not unpacked; write them out.",
    );
    expect(fault("1 if")).toBe("syntax 1:5+0 expected a value and found the end");
    expect(fault("and 1")).toBe("syntax 1:1+3 expected a value and found `and`");
    expect(fault("1 | ")).toBe("syntax 1:5+0 expected the name of a filter and found the end");
    expect(fault("1 is ")).toBe("syntax 1:6+0 expected the name of a test and found the end");
    expect(fault("x | first.name")).toBe(
      "syntax 1:10+1 `.` is too much here → Put what comes before it in parentheses: `(… | first)`.",
    );
    expect(fault("'abc")).toBe("syntax 1:1+1 this text is never closed → Close it with `'`.");
    expect(fault("1 && 2")).toBe("syntax 1:3+1 `&` means nothing here → Say `and`, `or`, `not`.");
    expect(fault("a ? 1")).toBe("syntax 1:3+1 `?` means nothing here → A text stands in quotes: `\"…\"` or `'…'`.");
    expect(fault("a\n + 😀")).toBe("syntax 2:4+2 `😀` means nothing here → A text stands in quotes: `\"…\"` or `'…'`.");
    expect(fault(`1${"0".repeat(10_000)}`)).toBe("syntax 1:1+10001 this number is too long");
    expect(fault("0x")).toBe("syntax 1:2+1 `x` is too much here");
  });

  test("a filter, test or argument that does not exist is found before anything runs", () => {
    expect(fault("x | uper")).toBe("undefined 1:5+4 there is no filter `uper`; did you mean `upper`?");
    expect(fault("x is defind")).toBe("undefined 1:6+6 there is no test `defind`; did you mean `defined`?");
    expect(fault("x | truncate(lenght=3)")).toBe(
      "type 1:5+8 `truncate` has no argument `lenght`; did you mean `length`?",
    );
    expect(fault("x | upper(1)")).toBe("type 1:5+5 `upper` takes no argument, not 1");
    expect(fault("x | truncate(1, 2, 3, 4, 5)")).toBe("type 1:5+8 `truncate` takes at most 4, not 5");
    expect(fault("x | truncate(1, length=2)")).toBe("type 1:5+8 `truncate` gets its argument `length` twice");
    expect(fault("x | replace('a')")).toBe("type 1:5+7 `replace` needs its argument `new`");
    expect(fault("x is divisibleby")).toBe("type 1:6+11 `divisibleby` needs its argument `num`");
  });
});
