import { describe, expect, test } from "vitest";
import { fault, value } from "./__fixtures__/evaluated.ts";
import { filters } from "./filters.ts";

type Case = readonly [string, unknown];

function all(cases: readonly Case[], values = {}): void {
  for (const [source, expected] of cases) expect(value(source, values), source).toEqual(expected);
}

const people = [
  { name: "Ada", age: 36, city: "London" },
  { name: "bo", age: 41, city: "Paris" },
  { name: "Cy", age: null, city: "london" },
];

describe("text filters", () => {
  test("change case", () => {
    all([
      ["'aBc' | upper", "ABC"],
      ["'AbC' | lower", "abc"],
      ["'hELLO wORLD' | capitalize", "Hello world"],
      ["'' | capitalize", ""],
      ["'hello wORLD-foo (bar) x[y' | title", "Hello World-Foo (Bar) X[Y"],
      ['"it\'s" | title', "It's"],
      ["5 | upper", "5"],
      ["none | upper", ""],
    ]);
  });

  test("trim, pad and indent", () => {
    all([
      ["'  a b\\n ' | trim", "a b"],
      ["'xxaxx' | trim('x')", "a"],
      ["'xyayx' | trim(chars='yx')", "a"],
      ["'   ' | trim", ""],
      ["'😁x😀' | trim('😀')", "😁x"],
      ["'ab' | center(7)", "   ab  "],
      ["'abc' | center(6)", " abc  "],
      ["'abc' | center(2)", "abc"],
      ["'ab' | center | length", 80],
      ["'a\\nb\\n\\nc' | indent", "a\n    b\n\n    c"],
      ["'a\\nb\\n\\nc' | indent(2, true)", "  a\n  b\n\n  c"],
      ["'a\\nb\\n\\nc' | indent(2, blank=true)", "a\n  b\n  \n  c"],
      ["'a\\r\\nb' | indent('> ')", "a\n> b"],
      ["'a\\nb' | indent(-1)", "a\nb"],
    ]);
  });

  test("replace and split", () => {
    all([
      ["'banana' | replace('a', 'o')", "bonono"],
      ["'banana' | replace('a', 'o', 2)", "bonona"],
      ["'banana' | replace('a', 'o', count=0)", "banana"],
      ["'banana' | replace('x', 'o')", "banana"],
      ["'ab' | replace('', '-')", "-a-b-"],
      ["'ab' | replace('', '-', 1)", "-ab"],
      ["'aaa' | replace('aa', 'b')", "ba"],
      ["121 | replace(1, 3)", "323"],
      ["'a' | replace('a', '$&')", "$&"],
      ["'a b  c' | split", ["a", "b", "c"]],
      ["' a b ' | split(' ')", ["", "a", "b", ""]],
      ["'a,b,c' | split(',', 1)", ["a", "b,c"]],
      ["'a,b,c' | split(',', 0)", ["a,b,c"]],
      ["' a  b c ' | split(none, 1)", ["a", "b c "]],
      ["' a ' | split(most=0)", ["a "]],
      ["'' | split", []],
      ["'' | split(',')", [""]],
      ["'a\\nb\\r\\nc\\n' | lines", ["a", "b", "c"]],
      ["'' | lines", []],
    ]);
    expect(fault("'a' | split('')")).toBe("value 1:7+5 a text cannot be split at an empty one");
  });

  test("truncate at a word's end", () => {
    all([
      ["'hello big world' | truncate(9)", "hello..."],
      ["'hello big world' | truncate(10)", "hello big world"],
      ["'hello big world' | truncate(10, leeway=0)", "hello..."],
      ["'hello big world' | truncate(10, true, '…', 0)", "hello big…"],
      ["'hello big world' | truncate(10, killwords=true)", "hello big world"],
      ["'hello big world' | truncate(4, true, '.', 0)", "hel."],
      ["'hellobigworld' | truncate(8, leeway=0)", "hello..."],
      ["'a😀b😀c' | truncate(4, true, '.', 0)", "a😀b."],
      ["'😀ab' | truncate(1, end='😀', leeway=0)", "😀"],
      ["'a😀b' | truncate(3, leeway=0)", "a😀b"],
      ["('x' * 260) | truncate | length", 260],
      ["('x' * 261) | truncate", `${"x".repeat(252)}...`],
      ["('x' * 261) | truncate(leeway=none)", `${"x".repeat(252)}...`],
    ]);
    expect(fault("'abc' | truncate(2)")).toBe("value 1:9+8 `length` must be at least 3, as long as `end`");
    expect(value("'abcdef' | truncate(3, true, leeway=0)")).toBe("...");
  });

  test("wrap lines", () => {
    all([
      ["'the quick brown fox' | wordwrap(10)", "the quick\nbrown fox"],
      ["'the quick brown fox' | wordwrap(9)", "the quick\nbrown fox"],
      ["'the quick' | wordwrap(3)", "the\nqui\nck"],
      ["'the quick' | wordwrap(3, false)", "the\nquick"],
      ["'a\\n\\nb c' | wordwrap(1)", "a\n\nb\nc"],
      ["'well-known thing' | wordwrap(6)", "well-\nknown\nthing"],
      ["'well-known thing' | wordwrap(6, true, break_on_hyphens=false)", "well-k\nnown\nthing"],
      ['"don\'t-stop" | wordwrap(5)', "don't\n-stop"],
      ['"don\'t-stop" | wordwrap(7)', "don't-\nstop"],
      ["'a-1-bcdefghij' | wordwrap(6)", "a-1-\nbcdefg\nhij"],
      ["'---abcdef' | wordwrap(5)", "---ab\ncdef"],
      ["'a b' | wordwrap(1, wrapstring='|')", "a|b"],
      ["'  a' | wordwrap(10)", "  a"],
      ["'abcdefgh' | wordwrap(4)", "abcd\nefgh"],
      ["'ab cdefghi' | wordwrap(4)", "ab c\ndefg\nhi"],
      ["'a' | wordwrap", "a"],
      ["'😀😀😀😀' | wordwrap(3)", "😀😀😀\n😀"],
      ["'😀😀 😀😀😀😀😀' | wordwrap(4)", "😀😀 😀\n😀😀😀😀"],
      ["'😀 😀 😀' | wordwrap(3)", "😀 😀\n😀"],
      ["'abcdefghi' | wordwrap(4)", "abcd\nefgh\ni"],
    ]);
    expect(fault("'a' | wordwrap(0)")).toBe("value 1:7+8 `width` must be at least 1");
  });

  test("format like Python's %", () => {
    all([
      ["'%s %s' | format('a', [1])", "a [1]"],
      ["'%d|%i|%5d|%-5d|%05d|%+d|% d' | format(3.9, -2, 42, 42, -42, 1, 1)", "3|-2|   42|42   |-0042|+1| 1"],
      [
        "'%f|%.2f|%8.2f|%-8.1f|%08.2f' | format(1, 2.675, 3.14159, 1.25, -1.5)",
        "1.000000|2.67|    3.14|1.2     |-0001.50",
      ],
      [
        "'%e|%.1E|%g|%g|%.3g|%g' | format(12345.678, 0.00012, 0.0001, 1e10, 12345, 100000)",
        "1.234568e+04|1.2E-04|0.0001|1e+10|1.23e+04|100000",
      ],
      ["'%x|%X|%o|%c%c' | format(255, 255, 8, 'a', 'b')", "ff|FF|10|ab"],
      ["'%5s|%-5s|%.2s|%r' | format('ab', 'ab', 'abc', 'a')", '   ab|ab   |ab|"a"'],
      ["'%(name)s is %(age)d%%' | format(name='Ada', age=36)", "Ada is 36%"],
      ["'%d' | format(10 ** 20)", "100000000000000000000"],
      ["'%.3d|%F|%G' | format(7, 1.5, 1e-10)", "007|1.500000|1E-10"],
    ]);
    expect(fault("'%s %s' | format('a')")).toBe("type 1:11+6 this format needs 2 arguments, and got 1");
    expect(fault("'%s' | format('a', 'b')")).toBe("type 1:8+6 this format takes 1 arguments, and got 2");
    expect(fault("'%(a)s' | format(b=1)")).toBe("type 1:11+6 this format needs an argument `a`");
    expect(fault("'%d' | format('a')")).toBe("type 1:8+6 `%d` needs a number and got a text");
    expect(fault("'%q' | format(1)")).toBe("value 1:8+6 `%q` is no format → Write `%%` for a percent sign.");
    expect(fault("'5%' | format(1)")).toBe("value 1:8+6 `%` is no format → Write `%%` for a percent sign.");
  });

  test("format numbers as Python does, to the digit", () => {
    const figures: readonly (readonly [string, string, string])[] = [
      ["%.2f", "1e21", "1000000000000000000000.00"],
      ["%.2f", "-1e21", "-1000000000000000000000.00"],
      ["%.0f", "1e21", "1000000000000000000000"],
      ["%.2f", "1e20", "100000000000000000000.00"],
      ["%08.1f", "-1e22", "-10000000000000000000000.0"],
      ["%d", "-0.5", "0"],
      ["%+d", "-0.5", "+0"],
      ["%05d", "-0.5", "00000"],
      ["%d", "-1.5", "-1"],
      ["%d", "1e21", "1000000000000000000000"],
      ["%x", "10 ** 20", "56bc75e2d63100000"],
      ["%#x", "3", "0x3"],
      ["%#x", "-255", "-0xff"],
      ["%#X", "255", "0XFF"],
      ["%#o", "8", "0o10"],
      ["%#d", "5", "5"],
      ["%#06x", "255", "0x00ff"],
      ["%#08x", "-1", "-0x00001"],
      ["%-#8x|", "255", "0xff    |"],
      ["%#.4x", "255", "0x00ff"],
      ["%05.3d", "7", "00007"],
      ["%#.0f", "3", "3."],
      ["%#.0f", "1e21", "1000000000000000000000."],
      ["%#.1f", "3", "3.0"],
      ["%#.0e", "3", "3.e+00"],
      ["%#g", "3", "3.00000"],
      ["%#.3g", "1", "1.00"],
      ["%#g", "1e10", "1.00000e+10"],
      ["%#.1g", "1e10", "1.e+10"],
      ["%g", "999999.5", "1e+06"],
      ["%g", "999999.4", "999999"],
      ["%g", "0", "0"],
      ["%g", "1e6", "1e+06"],
      ["%g", "100000", "100000"],
      ["%g", "1.5", "1.5"],
      ["%g", "1.25e10", "1.25e+10"],
      ["%g", "0.0001", "0.0001"],
      ["%g", "0.00001", "1e-05"],
      ["%.0g", "1234", "1e+03"],
      ["%.30g", "1e22", "10000000000000000000000"],
      ["%.10g", "0.1", "0.1"],
      ["%.0f", "0.5", "0"],
      ["%.0f", "1.5", "2"],
      ["%.0f", "-2.5", "-2"],
      ["%.1f", "0.25", "0.2"],
      ["%.1f", "0.35", "0.3"],
      ["%.2f", "1.005", "1.00"],
      ["%.3f", "4503599627370495.5", "4503599627370495.500"],
      ["%.0f", "4503599627370495.5", "4503599627370496"],
      [
        "%.100f",
        "2 ** -101",
        `0.${"3944304526105059027058642826413931148366032175545115023851394653320312".padStart(100, "0")}`,
      ],
      ["%.0e", "2.5", "2e+00"],
      ["%.0e", "9.5", "1e+01"],
      ["%.0e", "25", "2e+01"],
      ["%.1e", "1.25e22", "1.2e+22"],
      ["%.0e", "2.5e30", "2e+30"],
      ["%.0e", "2 ** -2", "2e-01"],
      ["%.2g", "2.25", "2.2"],
      ["%.2g", "99.5", "1e+02"],
      ["%.3g", "1225e7", "1.22e+10"],
      ["%#.1g", "0.25", "0.2"],
      ["%e", "10 ** 30", "1.000000e+30"],
      ["%e", "1e-100", "1.000000e-100"],
      ["%c", "100", "d"],
      ["%c", "0", "\0"],
      ["%c", "128512", "😀"],
      ["%3c", "100", "  d"],
    ];
    for (const [format, number, expected] of figures)
      expect(value(`'${format}' | format(${number})`), `${format} ${number}`).toBe(expected);
    // Python makes a float of an integer first.
    expect(value("'%.2f' | format(10 ** 25)")).toBe(`1${"0".repeat(25)}.00`);
    expect(value("'%.0f' | format(10 ** 400)")).toBe(`1${"0".repeat(400)}`);
    for (const format of ["%e", "%g"])
      expect(fault(`'${format}' | format(10 ** 400)`)).toBe(
        "value 1:8+6 the result is no number that can be computed with",
      );
    for (const format of ["%d", "%f", "%e", "%g"])
      expect(fault(`'${format}' | format(nan)`, { nan: Number.NaN }), format).toBe(
        "value 1:8+6 the result is no number that can be computed with",
      );
    expect(value("'%c' | format(1114111)")).toBe("\u{10ffff}");
    for (const wrong of ["-1", "0.5", "1114112", "10 ** 20", "none"])
      expect(fault(`'%c' | format(${wrong})`), wrong).toBe("value 1:8+6 `%c` needs a character or its code");
  });

  test("write and read JSON", () => {
    all(
      [
        ["{'a': [1, none, true, 'x\"']} | tojson", '{"a": [1, null, true, "x\\""]}'],
        ["{'a': [1, {}], 'b': []} | tojson(2)", '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'],
        ["[1] | tojson(indent=none)", "[1]"],
        ["'<' | tojson", '"<"'],
        ["big | tojson", "18446744073709551616"],
        [
          "'{\"a\": [1, 2.5, null, 9007199254740993, -9007199254740993, 1e3]}' | fromjson",
          { a: [1, 2.5, null, 9007199254740993n, -9007199254740993n, 1000] },
        ],
        ["('{\"__proto__\": 5}' | fromjson)['__proto__']", 5],
        ["('1' * 10000) | fromjson | string | length", 10_000],
        ["'\"9007199254740993\"' | fromjson", "9007199254740993"],
      ],
      { big: 2n ** 64n },
    );
    expect(fault("'{a' | fromjson")).toMatch(
      /^value 1:8\+8 "\{a" is not JSON: .+ → A model's answer with a `schema` always is\.$/,
    );
    expect(fault("'1e999' | fromjson")).toBe("value 1:11+8 the result is no number that can be computed with");
    expect(fault("('1' * 10001) | fromjson")).toBe(
      "limit 1:17+8 this is an integer of more than 10,000 digits → Make one of the numbers smaller.",
    );
    expect(fault("1 | fromjson")).toBe("type 1:5+8 `fromjson` must be a text, not a number");
    expect(fault("nan | tojson", { nan: Number.NaN })).toBe("value 1:7+6 JSON has no number NaN");
    expect(fault("1 | tojson(101)")).toBe("value 1:5+6 `indent` is at most 100");
    expect(fault("1 | tojson(-1)")).toBe("value 1:5+6 `indent` is at most 100");
  });

  test("count words, encode for a URL, give text", () => {
    all([
      ['"The quick, brown fox\'s 2" | wordcount', 6],
      ["'' | wordcount", 0],
      ["'größer ist' | wordcount", 2],
      ["'a b/ü?&=\\'(*)!' | urlencode", "a%20b/%C3%BC%3F%26%3D%27%28%2A%29%21"],
      ["{'q': 'a b', 'p/': 1, 'n': none} | urlencode", "q=a+b&p%2F=1&n="],
      ["[['a', 1], ['b c', 'd/+']] | urlencode", "a=1&b+c=d%2F%2B"],
      ["[] | urlencode", ""],
      ["'\\ud800' | urlencode", "%EF%BF%BD"],
      ["[1] | string", "[1]"],
      ["none | string", ""],
    ]);
  });

  test("refuse arguments of another type", () => {
    expect(fault("[['a', 1, 2]] | urlencode")).toBe("type 1:17+9 `urlencode` needs pairs in a list and got a list");
    expect(fault("['ab'] | urlencode")).toBe("type 1:10+9 `urlencode` needs pairs in a list and got a text");
    expect(fault("'a' | center('x')")).toBe("type 1:7+6 `width` must be a whole number, not a text");
    expect(fault("'a' | center(1.5)")).toBe("type 1:7+6 `width` must be a whole number, not a number");
    expect(fault("'a' | truncate(5, 1)")).toBe("type 1:7+8 `killwords` must be true or false, not a number");
    expect(fault("'a' | trim(1)")).toBe("type 1:7+4 `chars` must be a text, not a number");
    expect(fault("f | upper", { f: (() => 1) as never })).toBe("undefined 1:1+1 `f` is not defined");
  });
});

describe("number filters", () => {
  test("abs, int and float", () => {
    all(
      [
        ["-3 | abs", 3],
        ["(-3.5) | abs", 3.5],
        ["big | abs", 2n ** 70n],
        ["true | abs", 1],
        ["'42' | int", 42],
        ["' -42 ' | int", -42],
        ["'3.9' | int", 3],
        ["'-3.9' | int", -3],
        ["3.9 | int", 3],
        ["1e20 | int", 10n ** 20n],
        ["'9007199254740993' | int", 9007199254740993n],
        ["'1_000' | int", 1000],
        ["'x' | int", 0],
        ["'x' | int(7)", 7],
        ["'' | int(default=none)", null],
        ["none | int", 0],
        ["[] | int(-1)", -1],
        ["true | int", 1],
        ["'ff' | int(base=16)", 255],
        ["'0xff' | int(0, 16)", 255],
        ["'0b11' | int(base=2)", 3],
        ["'0o17' | int(base=8)", 15],
        ["'-zz' | int(base=36)", -1295],
        ["'12' | int(base=2)", 0],
        ["big | int", -(2n ** 70n)],
        ["nan | int(5)", 5],
        ["'1.5' | float", 1.5],
        ["' 1e3 ' | float", 1000],
        ["'.5' | float", 0.5],
        ["'-5.' | float", -5],
        ["'1_0' | float", 10],
        ["'x' | float", 0],
        ["'1e999' | float(2)", 2],
        ["'0x10' | float(none)", null],
        ["3 | float", 3],
        ["big | float", -(2 ** 70)],
        ["true | float", 1],
        ["none | float(1.5)", 1.5],
      ],
      { big: -(2n ** 70n), nan: Number.NaN },
    );
    expect(fault("(10 ** 400) | float")).toBe("value 1:15+5 the result is no number that can be computed with");
    expect(fault("'a' | abs")).toBe(
      "type 1:7+3 `abs` needs a number and got a text → `| int` and `| float` make a number of a text.",
    );
    expect(fault("none | abs")).toBe("type 1:8+3 `abs` needs a number and got null");
    expect(fault("'1' | int(base=1)")).toBe("value 1:7+3 `base` is from 2 to 36");
    expect(fault("'1' | int(base=37)")).toBe("value 1:7+3 `base` is from 2 to 36");
  });

  test("round takes halves away from zero, in decimal", () => {
    all(
      [
        ["2.5 | round", 3],
        ["-2.5 | round", -3],
        ["2.4 | round", 2],
        ["2.675 | round(2)", 2.68],
        ["1.005 | round(2)", 1.01],
        ["-0.4 | round", 0],
        ["1234.5 | round(-2)", 1200],
        ["1250 | round(-2)", 1300],
        ["-1250 | round(-2)", -1300],
        ["1249 | round(-2)", 1200],
        ["2.1 | round(method='ceil')", 3],
        ["-2.1 | round(0, 'ceil')", -2],
        ["2.9 | round(0, 'floor')", 2],
        ["-2.1 | round(0, 'floor')", -3],
        ["2.123 | round(2, 'ceil')", 2.13],
        ["1201 | round(-2, 'ceil')", 1300],
        ["-1201 | round(-2, 'ceil')", -1200],
        ["-1201 | round(-2, 'floor')", -1300],
        ["1200 | round(-2, 'ceil')", 1200],
        ["7 | round(2)", 7],
        ["big | round", 2n ** 70n],
        ["big | round(-21)", 10n ** 21n],
        ["1e-7 | round(3)", 0],
        ["0.49999999999999994 | round", 0],
        ["1.5 | round(400)", 1.5],
        ["10000000000.5 | round(300)", 10000000000.5],
        ["-10000000000.5 | round(300, 'ceil')", -10000000000.5],
        ["1.25 | round(300)", 1.25],
      ],
      { big: 2n ** 70n },
    );
    expect(fault("1.5 | round(-309, 'ceil')")).toBe("value 1:7+5 the result is no number that can be computed with");
    expect(fault("1 | round(0, 'up')")).toBe("value 1:5+5 `method` is `common`, `ceil` or `floor`");
    expect(fault("'1' | round")).toBe(
      "type 1:7+5 `round` needs a number and got a text → `| int` and `| float` make a number of a text.",
    );
  });
});

describe("list filters", () => {
  test("take the ends, the length, the elements", () => {
    all([
      ["[1, 2] | first", 1],
      ["[1, 2] | last", 2],
      ["'a😀' | first", "a"],
      ["'a😀' | last", "😀"],
      ["{'a': 1, 'b': 2} | first", "a"],
      ["{'a': 1, 'b': 2} | last", "b"],
      ["[1, 2] | length", 2],
      ["[1, 2] | count", 2],
      ["'a😀' | length", 2],
      ["{'a': 1} | length", 1],
      ["none | length", 0],
      ["'ab' | list", ["a", "b"]],
      ["{'a': 1} | list", ["a"]],
      ["[1, 2, 3] | reverse", [3, 2, 1]],
      ["'a😀' | reverse", "😀a"],
      [
        "{'a': 1, 'b': [2]} | items",
        [
          ["a", 1],
          ["b", [2]],
        ],
      ],
      ["{'a': 1, 'b': [2]} | keys", ["a", "b"]],
      ["{'a': 1, 'b': [2]} | values", [1, [2]]],
      ["{'a': 1} | attr('a')", 1],
      ["{'a': 1} | attr('b') | default('d')", "d"],
    ]);
    expect(fault("'' | first")).toBe(
      "undefined 1:6+5 `''` is empty and has no `first` → `| default(…)` says what to take instead.",
    );
    expect(fault("[] | last")).toBe(
      "undefined 1:6+4 `[]` is empty and has no `last` → `| default(…)` says what to take instead.",
    );
    expect(fault("'' | last")).toContain("has no `last`");
    expect(fault("5 | length")).toBe("type 1:5+6 a number has no length");
    expect(fault("5 | list")).toBe("type 1:5+4 a number has no elements");
    expect(fault("[] | items")).toBe("type 1:6+5 `items` needs a mapping and got a list");
    expect(fault("'a' | keys")).toBe("type 1:7+4 `keys` needs a mapping and got a text");
    expect(fault("{'a': 1} | attr('b')")).toContain("`{'a': 1}` has no `'b'`");
    expect(fault("1 | attr(2)")).toBe("type 1:5+4 `name` must be a text, not a number");
  });

  test("join texts", () => {
    all(
      [
        ["[1, none, 'a', [2]] | join", "1a[2]"],
        ["[1, 2] | join(', ')", "1, 2"],
        ["'abc' | join('-')", "a-b-c"],
        ["[1, 2] | join(0)", "102"],
        ["people | join('; ', 'name')", "Ada; bo; Cy"],
        ["people | join('; ', attribute='city')", "London; Paris; london"],
        ["[] | join(',')", ""],
        ["[[1, 2], [3, 4]] | join(',', 1)", "2,4"],
      ],
      { people },
    );
    expect(fault("[{}] | join(',', 'x')")).toBe("undefined 1:8+4 a mapping here has no `x`");
  });

  test("cut into batches and slices", () => {
    all([
      ["[1, 2, 3, 4, 5] | batch(2)", [[1, 2], [3, 4], [5]]],
      [
        "[1, 2, 3] | batch(2, 0)",
        [
          [1, 2],
          [3, 0],
        ],
      ],
      [
        "[1, 2, 3, 4] | batch(2, fill_with='x')",
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ["[] | batch(3, 0)", []],
      ["[1, 2, 3] | batch(2, none)", [[1, 2], [3]]],
      [
        "[1, 2, 3, 4, 5, 6, 7] | slice(3)",
        [
          [1, 2, 3],
          [4, 5],
          [6, 7],
        ],
      ],
      [
        "[1, 2, 3, 4, 5, 6, 7] | slice(3, 0)",
        [
          [1, 2, 3],
          [4, 5, 0],
          [6, 7, 0],
        ],
      ],
      [
        "[1, 2, 3, 4] | slice(2, 0)",
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ["[1] | slice(3)", [[1], [], []]],
    ]);
    expect(fault("[1] | batch(0)")).toBe("value 1:7+5 `linecount` must be at least 1");
    expect(fault("[1] | slice(0)")).toBe("value 1:7+5 `slices` must be at least 1");
  });

  test("sort, null last and equal ones in their places", () => {
    all(
      [
        ["[3, 1, 2] | sort", [1, 2, 3]],
        ["[3, 1, 2] | sort(true)", [3, 2, 1]],
        ["['b', 'A', 'a', 'B'] | sort", ["A", "a", "b", "B"]],
        ["['b', 'A', 'a', 'B'] | sort(reverse=true)", ["b", "B", "A", "a"]],
        ["['b', 'A', 'a', 'B'] | sort(case_sensitive=true)", ["A", "B", "a", "b"]],
        ["[2, none, 1] | sort", [1, 2, null]],
        ["[2, none, 1] | sort(reverse=true)", [null, 2, 1]],
        ["[none, none] | sort", [null, null]],
        [
          "[[2, 1], [1, 9], [1, 2]] | sort",
          [
            [1, 2],
            [1, 9],
            [2, 1],
          ],
        ],
        ["people | sort(attribute='age') | map(attribute='name')", ["Ada", "bo", "Cy"]],
        ["people | sort(attribute='city,name') | map(attribute='name')", ["Ada", "Cy", "bo"]],
        ["people | sort(attribute='city,name', reverse=true) | map(attribute='name')", ["bo", "Cy", "Ada"]],
        ["[{'a': {'b': 2}}, {'a': {'b': 1}}] | sort(attribute='a.b') | map(attribute='a.b')", [1, 2]],
        [
          "[[1, 'b'], [2, 'a']] | sort(attribute=1)",
          [
            [2, "a"],
            [1, "b"],
          ],
        ],
        [
          "[[1, 'b'], [2, 'a']] | sort(attribute='1')",
          [
            [2, "a"],
            [1, "b"],
          ],
        ],
        ["'bca' | sort", ["a", "b", "c"]],
        [
          "{'b': 1, 'A': 2} | dictsort",
          [
            ["A", 2],
            ["b", 1],
          ],
        ],
        [
          "{'b': 1, 'A': 2} | dictsort(by='value')",
          [
            ["b", 1],
            ["A", 2],
          ],
        ],
        [
          "{'b': 1, 'A': 2} | dictsort(reverse=true)",
          [
            ["b", 1],
            ["A", 2],
          ],
        ],
        [
          "{'b': 1, 'a': 2, 'B': 3} | dictsort(true)",
          [
            ["B", 3],
            ["a", 2],
            ["b", 1],
          ],
        ],
      ],
      { people },
    );
    expect(fault("[1, 'a'] | sort")).toBe(
      "type 1:12+4 a text and a number have no order → Make the text a number with `| int` or `| float`.",
    );
    expect(fault("[{}] | sort(attribute='x')")).toBe("undefined 1:8+4 a mapping here has no `x`");
    expect(fault("[{}] | sort(attribute=true)")).toBe("type 1:8+4 an attribute is named by a text, not a boolean");
    expect(fault("{} | dictsort(by='x')")).toBe("value 1:6+8 `by` is `key` or `value`");
    expect(fault("[] | dictsort")).toBe("type 1:6+8 `items` needs a mapping and got a list");
  });

  test("group, make unique, find extremes and add", () => {
    all(
      [
        ["['b', 'B', 'a', 'b'] | unique", ["b", "a"]],
        ["['b', 'B', 'a', 'b'] | unique(true)", ["b", "B", "a"]],
        ["[1, 1.0, '1', true, [1], [1]] | unique", [1, "1", true, [1]]],
        ["people | unique(attribute='city') | map(attribute='name')", ["Ada", "bo"]],
        ["[3, 1, none, 2] | min", 1],
        ["[3, 1, none, 2] | max", 3],
        ["['b', 'A'] | min", "A"],
        ["['b', 'A', 'a', 'B'] | max", "b"],
        ["['b', 'A', 'a', 'B'] | min(case_sensitive=true)", "A"],
        ["(people | max(attribute='age')).name", "bo"],
        ["(people | min(attribute='name')).age", 36],
        ["[1, none, 2.5] | sum", 3.5],
        ["[] | sum", 0],
        ["people | sum(attribute='age')", 77],
        ["people | sum('age', 3)", 80],
        ["[{'a': true}, {'a': none}, {'a': false}, {'a': true}] | sum(attribute='a')", 2],
        ["[true, 0.5] | sum(start=true)", 2.5],
        ["[[1], [2]] | sum(start=[])", [1, 2]],
        ["[9007199254740991, 2] | sum", 9007199254740993n],
      ],
      { people },
    );
    expect(value("people | groupby('city') | map('length')", { people })).toEqual([2, 2]);
    expect(value("people | groupby('city') | map(attribute='grouper')", { people })).toEqual(["London", "Paris"]);
    expect(value("people | groupby('city', case_sensitive=true) | map(attribute='grouper')", { people })).toEqual([
      "London",
      "Paris",
      "london",
    ]);
    expect(value("(people | groupby('city'))[0].list | map(attribute='name')", { people })).toEqual(["Ada", "Cy"]);
    expect(value("[{'k': 1}, {}] | groupby('k', default=0) | map(attribute=0)")).toEqual([0, 1]);
    expect(value("[{'k': 1}] | groupby('k') | join")).toBe('[1, [{"k": 1}]]');
    expect(fault("[{'k': 1}, {}] | groupby('k')")).toBe("undefined 1:18+7 a mapping here has no `k`");
    expect(fault("([{'k': 1}] | groupby('k'))[0].lst")).toContain("has no `lst`; did you mean `list`?");
    expect(fault("[] | min")).toContain("`[]` is empty and has no `min`");
    expect(fault("[none] | max")).toContain("`[none]` has no `max`");
    expect(fault("[1, 'a'] | max")).toContain("have no order");
    expect(fault("['a'] | sum")).toBe("type 1:9+3 `sum` needs numbers and got a text");
  });

  test("map and select by filter, test or attribute", () => {
    all(
      [
        ["['a', 'b'] | map('upper')", ["A", "B"]],
        ["['abc', 'd'] | map('truncate', 3, true, '', 0)", ["abc", "d"]],
        ["['a'] | map('replace', 'a', 'b')", ["b"]],
        ["['a'] | map('replace', old='a', new='b')", ["b"]],
        ["['1', 'x'] | map('int', default=7)", [1, 7]],
        ["['%s'] | map('format', 1)", ["1"]],
        ["[[1, 2]] | map('map', 'string')", [["1", "2"]]],
        ["['a'] | map('d', 'x')", ["a"]],
        ["people | map(attribute='name')", ["Ada", "bo", "Cy"]],
        ["[{'a': {'b': 1}}, {}] | map(attribute='a.b', default='-')", [1, "-"]],
        ["[[1, 2], [3]] | map(attribute=0)", [1, 3]],
        ["[0, 1, '', 'a'] | select", [1, "a"]],
        ["[0, 1, '', 'a'] | reject", [0, ""]],
        ["[1, 2, 3] | select('odd')", [1, 3]],
        ["[1, 2, 3] | reject('odd')", [2]],
        ["[1, 2, 3] | select('>', 1)", [2, 3]],
        ["[1, 2, 3] | select('in', [1, 3])", [1, 3]],
        ["[1, 2, 3] | reject('divisibleby', 2)", [1, 3]],
        ["people | selectattr('age') | map(attribute='name')", ["Ada", "bo"]],
        ["people | selectattr('age', '>', 40) | map(attribute='name')", ["bo"]],
        ["people | rejectattr('age', 'none') | map(attribute='name')", ["Ada", "bo"]],
        ["people | selectattr('city', 'equalto', 'Paris') | map(attribute='name')", ["bo"]],
        ["[{'a': 1}, {}] | selectattr('a', 'defined') | length", 1],
        ["[{'a': 1}, {}] | selectattr('a', 'undefined') | length", 1],
        ["[{'a': {'b': 1}}] | selectattr('a.b', 'eq', 1) | length", 1],
      ],
      { people },
    );
    expect(fault("[1] | map('uper')")).toBe("undefined 1:7+3 there is no filter `uper`; did you mean `upper`?");
    expect(fault("[1] | select('ood')")).toBe("undefined 1:7+6 there is no test `ood`; did you mean `odd`?");
    expect(fault("[1] | map('upper', 2)")).toBe("type 1:7+3 `upper` takes no argument, not 1");
    expect(fault("[1] | map()")).toBe("type 1:7+3 `map` must be a text, not undefined");
    expect(fault("[1] | map(attribute='x', other=1)")).toBe("type 1:7+3 `map` has no argument `other`");
    expect(fault("[{}] | map(attribute='x')")).toBe("undefined 1:8+3 a mapping here has no `x`");
    expect(fault("[[]] | map('first')")).toBe("undefined 1:8+3 `first` of an element gives nothing");
    expect(fault("[{}] | selectattr('x', 'odd')")).toBe(
      "undefined 1:8+10 an element has no such attribute → Choose those that have it first: `selectattr('name', 'defined')`.",
    );
    expect(fault("[{}] | selectattr('x')")).toContain("an element has no such attribute");
    expect(fault("[{}] | selectattr()")).toBe("type 1:8+10 `selectattr` needs an attribute");
    expect(fault("[1] | select(odd=1)")).toBe("type 1:7+6 `select` has no argument `odd`");
    expect(fault("[1] | select('divisibleby')")).toBe("type 1:7+6 `divisibleby` needs its argument `num`");
  });
});

test("every filter says in a line what it does", () => {
  for (const { name, summary } of filters.values()) {
    expect(summary, name).toMatch(/\S.*\.$/);
    expect(summary.length, name).toBeLessThan(140);
  }
  expect([...filters.keys()]).toEqual([...filters.keys()].sort());
});
