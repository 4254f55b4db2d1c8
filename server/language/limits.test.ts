import { describe, expect, test } from "vitest";
import { failure, fault, messages, templateFault, text, value } from "./__fixtures__/evaluated.ts";
import {
  evaluate,
  hostValue,
  parseExpression,
  parseTemplate,
  scopeOf,
  type HostValue,
  type LanguageRecord,
} from "./index.ts";
import { Meter } from "./meter.ts";

const steps =
  "this takes more than 1,000,000 steps → Make the list, the text or the number smaller, or leave the work to a sql or js cell.";
const size =
  "this takes a text of more than 1,000,000 characters → Make the list, the text or the number smaller, or leave the work to a sql or js cell.";

/** What a source comes to, and that it comes to it soon. */
function soon(source: string, values: LanguageRecord = {}): string {
  const start = performance.now();
  const outcome = templateFault(source, values);
  expect(performance.now() - start, source).toBeLessThan(5_000);
  return outcome;
}

/** The fewest steps an expression can do with. */
function cost(source: string, values: LanguageRecord = {}): number {
  let [low, high] = [0, 1_000_000];
  while (low < high) {
    const steps = (low + high) >> 1;
    if (fault(source, values, { steps }) === "no error") high = steps;
    else low = steps + 1;
  }
  return low;
}

describe("what would take too long or too much ends at once, at its place", () => {
  test("lists that are too long", () => {
    expect(soon("{{ range(10 ** 9) }}")).toBe(`limit 1:4+14 ${steps}`);
    expect(soon("{{ range(0, 10 ** 15, 2) }}")).toBe(`limit 1:4+21 ${steps}`);
    expect(soon("{{ [1, 2] * 10 ** 9 }}")).toBe(`limit 1:4+16 ${steps}`);
    expect(soon("{{ [1] | batch(10 ** 9, 0) }}")).toBe(`limit 1:10+5 ${steps}`);
    expect(soon("{{ [1] | slice(10 ** 9) }}")).toBe(`limit 1:10+5 ${steps}`);
    expect(soon("{{ [] * 10 ** 9 }}{{ '' * 10 ** 300 }}")).toBe("no error");
    expect(soon("{% set x = [1] %}{% for i in range(30) %}{% set ns = 1 %}{% endfor %}{{ x }}")).toBe("no error");
  });

  test("texts that are too long", () => {
    expect(soon("{{ 'x' * 10 ** 9 }}")).toBe(`limit 1:4+13 ${size}`);
    expect(soon("{{ 'x' | center(10 ** 9) }}")).toBe(`limit 1:10+6 ${size}`);
    expect(soon("{{ 'x'.ljust(10 ** 9) }}")).toBe(`limit 1:8+14 ${size}`);
    expect(soon("{{ 'x'.zfill(10 ** 9) }}")).toBe(`limit 1:8+14 ${size}`);
    expect(soon("{{ 'x' | indent(10 ** 9) }}")).toBe(`limit 1:10+6 ${size}`);
    expect(soon("{{ '%9999999d' | format(1) }}")).toBe(`limit 1:18+6 ${size}`);
    expect(soon("{{ ('b' * 900000) | trim('a' * 400000 ~ 'b') }}")).toBe("no error");
    expect(soon("{{ ('😀' * 300000) | wordwrap(1) | length }}")).toBe("no error");
    expect(soon("{{ '%600000d%600000d' | format(1, 1) }}")).toBe(`limit 1:25+6 ${size}`);
    expect(soon("{{ ('a' * 5000) | replace('a', 'b' * 5000) }}")).toBe(`limit 1:19+7 ${size}`);
    expect(soon("{{ ('a' * 5000).replace('', 'b' * 5000) }}")).toBe(`limit 1:17+23 ${size}`);
    expect(soon("{{ range(5000) | join('a' * 5000) }}")).toBe(`limit 1:18+4 ${size}`);
    expect(soon("{{ ('a' * 5000).join('b' * 5000) }}")).toBe(`limit 1:17+16 ${size}`);
    expect(soon("{{ ('a' * 900000) | urlencode }}{{ ('ü' * 900000) | urlencode }}")).toBe(`limit 1:53+9 ${size}`);
    expect(soon("{{ ('a\n' * 400000) | wordwrap(1, wrapstring='abc') }}")).toContain(`${size}`);
    expect(soon("{{ range(300000) }}")).toBe(`limit 1:4+13 ${size}`);
  });

  test("output that is too long, however it is written", () => {
    expect(soon("{% for i in range(100000) %}0123456789+{% endfor %}")).toBe(`limit 1:1+51 ${size}`);
    expect(soon("{% for i in range(100) %}{{ 'x' * 10000 }}x{% endfor %}")).toContain("limit ");
    expect(soon("{% for i in range(90) %}{% set a %}{{ 'x' * 100000 }}{% endset %}{% endfor %}")).toContain(`limit `);
    expect(text("{% for i in range(100) %}{{ 'x' * 10000 }}{% endfor %}")).toHaveLength(1_000_000);
  });

  test("text of a block or macro, which counts where it is written", () => {
    const s = "a".repeat(999_999);
    for (const source of [
      "{% set x %}{{ s }}{% endset %}{{ x }}^",
      "{{ 'b' }}{% set x %}{{ s }}{% endset %}{{ x[1:] }}^",
      "{% filter upper %}{{ s }}{% endfilter %}^",
      "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(s) }}^",
      "{% macro m(t) %}{{ t }}{{ caller() }}{% endmacro %}{% call m(s) %}^{% endcall %}",
    ]) {
      expect(text(source.replace("^", "b"), { s }), source).toHaveLength(1_000_000);
      expect(templateFault(source.replace("^", "bb"), { s }), source).toContain(size);
    }
    const set = "{% set x %}{{ s }}{% endset %}";
    expect(text(set, { s: "a".repeat(1600) }, { steps: 100 })).toBe("");
    expect(templateFault(set, { s: "a".repeat(1600) }, { steps: 99 })).toContain("more than 99 steps");
  });

  test("numbers that are too long", () => {
    const digits = "this is an integer of more than 10,000 digits → Make one of the numbers smaller.";
    expect(soon("{{ 10 ** 10 ** 10 ** 10 }}")).toBe("no error");
    expect(soon("{{ 10 ** (10 ** 10) }}")).toBe(`limit 1:4+16 ${digits}`);
    expect(soon("{{ 2 ** 10 ** 20 }}")).toBe("no error");
    expect(soon("{{ 7 ** 99999 }}")).toBe(`limit 1:4+10 ${digits}`);
    expect(soon("{{ (10 ** 9000) * (10 ** 9000) }}")).toBe(`limit 1:4+27 ${digits}`);
    expect(text("{{ (10 ** 9000) | string | length }}")).toBe("9001");
    expect(soon("{% for i in range(10 ** 5) %}{{ (10 ** 9000) % 7 }}{% endfor %}")).toContain(`limit `);
  });

  test("one long text many times, in a list or mapping that is printed", () => {
    const s = "a".repeat(999_999);
    expect(soon("{{ ([s] * 3000) | string | length }}", { s })).toBe(`limit 1:19+6 ${size}`);
    expect(soon("{{ ([{'s': s}] * 3000) | tojson(2) | length }}", { s })).toBe(`limit 1:26+6 ${size}`);
    expect(soon("{{ ([{s: 1}] * 3000) | string | length }}", { s })).toBe(`limit 1:24+6 ${size}`);
    expect(soon("{{ ([s] * 3000) | unique | length }}", { s: "\n".repeat(999_999) })).toContain("limit ");
    const host: HostValue = { [hostValue]: true, kind: "long", text: () => s };
    expect(soon("{{ ([h] * 3000) | string | length }}", { h: host })).toBe(`limit 1:19+6 ${size}`);
    expect(text("{{ [s] | string | length }}", { s: "a".repeat(999_996) })).toBe("1000000");
    expect(templateFault("{{ [s] | string | length }}", { s: "a".repeat(999_997) })).toBe(`limit 1:10+6 ${size}`);
  });

  test("what is done to one long text many times", () => {
    const s = "Ab".repeat(499_999);
    for (const done of [
      "sort",
      "sort(attribute='0')",
      "min",
      "max",
      "groupby(0)",
      "select('lower')",
      "select('upper')",
    ])
      expect(soon(`{{ ([${done.includes("0") ? "[s]" : "s"}] * 3000) | ${done} | length }}`, { s }), done).toContain(
        `${steps}`,
      );
    const values = Object.fromEntries(Array.from({ length: 3_000 }, (_, key) => [`k${key}`, s]));
    expect(soon("{{ values | dictsort(by='value') | length }}", { values })).toBe(`limit 1:13+8 ${steps}`);
  });

  test("a filter on each of many long texts", () => {
    const cases = [
      ["Ab".repeat(499_999), "'capitalize'"],
      [`[${"1,".repeat(400_000)}1]`, "'fromjson'"],
      [" ".repeat(999_999), "'trim'"],
      ["z".repeat(10_000), "'int', 0, 36"],
    ] as const;
    for (const [s, filter] of cases)
      expect(soon(`{{ ([s] * 3000) | map(${filter}) | length }}`, { s }), filter).toBe(`limit 1:19+3 ${steps}`);
  });

  test("a mapping of many keys that is asked many times whether it is empty", () => {
    const big = Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, 1]));
    expect(soon("{% for i in range(3000) %}{% if not big %}{{ 1 / 0 }}{% endif %}{% endfor %}", { big })).toBe(
      "no error",
    );
  });

  test("a long part that is sought in a text of the same letters", () => {
    const values = { s: "a".repeat(999_999), part: `${"a".repeat(50_000)}b${"a".repeat(50_000)}` };
    for (const [source, expected] of [
      ["part in s", "false"],
      ["s.find(part)", "-1"],
      ["s.rfind(part)", "-1"],
      ["s.count(part)", "0"],
      ["s.split(part) | length", "1"],
      ["s.partition(part) | last | length", "0"],
      ["s.rpartition(part) | first | length", "0"],
      ["s | replace(part, '') | length", "999999"],
    ] as const) {
      expect(soon(`{{ ${source} }}`, values), source).toBe("no error");
      expect(text(`{{ ${source} }}`, values), source).toBe(expected);
    }
  });

  test("texts of many digits that are no number", () => {
    const digits = "1".repeat(1_000_000);
    for (const x of [`${digits}x`, `${digits}.${digits}x`, `${digits}e${digits}x`, `.${digits}x`])
      for (const filter of ["float", "int"])
        expect(soon(`{% if (x | ${filter}(7)) != 7 %}{{ 1 / 0 }}{% endif %}`, { x }), filter).toBe("no error");
  });

  test("doubling, of lists, texts and output", () => {
    const doubling = (start: string, next: string) =>
      `{% set ns = namespace(x=${start}) %}{% for i in range(64) %}{% set ns.x = ${next} %}{% endfor %}{{ ns.x }}`;
    expect(soon(doubling("[1]", "[ns.x, ns.x]"))).toContain("limit ");
    expect(soon(doubling("[1]", "ns.x + ns.x"))).toBe(`limit 1:70+11 ${steps}`);
    expect(soon(doubling("'x'", "ns.x ~ ns.x"))).toBe(`limit 1:70+11 ${size}`);
    expect(soon(doubling("'x'", "ns.x + ns.x"))).toBe(`limit 1:70+11 ${size}`);
    expect(soon(doubling("{}", "{'a': ns.x, 'b': ns.x}"))).toContain("limit ");
    expect(soon(`${doubling("[1]", "[ns.x, ns.x]").replace("{{ ns.x }}", "{{ ns.x == ns.x }}")}`)).toBe("no error");
    expect(
      soon(
        "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
      ),
    ).toContain(`limit `);
    expect(
      soon("{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(64) }}"),
    ).toContain("limit ");
  });

  test("loops in loops, and work in each round", () => {
    expect(soon("{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}")).toContain(steps);
    expect(
      soon(
        "{% for a in range(900) %}{% for b in range(900) %}{{ a * b ~ a | string | upper }}{% endfor %}{% endfor %}",
      ),
    ).toContain("limit ");
    expect(soon("{% set t = 'x' * 900000 %}{% for i in range(100000) %}{{ t | upper | first }}{% endfor %}")).toContain(
      steps,
    );
    expect(soon("{% set t = 'x😀' * 300000 %}{% for i in range(100000) %}{{ t[5] }}{% endfor %}")).toContain(steps);
    expect(
      soon(
        "{% set t = 'x' * 900000 %}{% set u = 'x' * 900000 %}{% for i in range(100000) %}{% if t == u %}{% endif %}{% endfor %}",
      ),
    ).toContain(steps);
    expect(
      soon("{% set t = 'x' * 900000 %}{% for i in range(100000) %}{% if 'y' in t %}{% endif %}{% endfor %}"),
    ).toContain(steps);
    expect(
      soon("{% set t = 'x' * 900000 %}{% for i in range(100000) %}{% if t < t %}{% endif %}{% endfor %}"),
    ).toContain(steps);
    expect(
      soon(
        "{% set t = 'x' * 900000 %}{% for i in range(100000) %}{% set y = t.count('x') + (t | length) %}{% endfor %}",
      ),
    ).toContain(steps);
    expect(soon("{% for i in range(1000) %}{{ range(999) | sort | last }}{% endfor %}")).toContain(steps);
    expect(soon("{{ range(100000) | map('center', 100) | map('upper') | join | length }}")).toContain("limit ");
  });

  test("host values without end", () => {
    const endless: HostValue = {
      [hostValue]: true,
      kind: "table",
      *iterate() {
        for (;;) yield 1;
      },
    };
    for (const source of [
      "{% for x in t %}{% endfor %}",
      "{{ t }}",
      "{{ t | list }}",
      "{{ 2 in t }}",
      "{{ sum(t) }}",
      "{{ t | join }}",
      "{{ t | sort }}",
    ])
      expect(soon(source, { t: endless }), source).toContain("limit ");
    expect(
      soon("{{ t }}", { t: { [hostValue]: true, kind: "long", text: () => "x".repeat(1_000_001) } as HostValue }),
    ).toBe(`limit 1:4+1 ${size}`);
  });

  test("nesting, in the source and in values", () => {
    const deep = (open: string, close: string, count = 101) => `{{ ${open.repeat(count)}1${close.repeat(count)} }}`;
    expect(soon(deep("(", ")"))).toBe("limit 1:104+1 nesting deeper than 100 → Name the parts with `{% set %}`.");
    for (const [open, close] of [
      ["[", "]"],
      ["{'a': ", "}"],
      ["-", ""],
      ["not ", ""],
      ["f(", ")"],
      ["a[", "]"],
      ["1 if 1 else ", ""],
      ["1 | default(", ")"],
    ] as const)
      expect(soon(deep(open, close)), open).toContain("nesting deeper than 100");
    expect(soon(deep("(", ")", 99))).toBe("no error");
    expect(soon(`${"{% if 1 %}".repeat(101)}${"{% endif %}".repeat(101)}`)).toBe(
      "limit 1:1001+10 nesting deeper than 100 → Name the parts with `{% set %}`.",
    );
    expect(soon(`${"{% if 1 %}".repeat(100)}x${"{% endif %}".repeat(100)}`)).toBe("no error");
    expect(soon(`{% for ${"(".repeat(101)}a${")".repeat(101)} in b %}{% endfor %}`)).toContain(
      "nesting deeper than 100",
    );
    for (const link of [" + 1", " ~ 1", " or 0", " < 1", "[0]", ".a", " | d", " is odd", " if 1"]) {
      expect(soon(`{{ 1${link.repeat(1_002)} }}`), link).toContain("nesting deeper than 100");
      expect(soon(`{{ 1${link.repeat(900)} }}`), link).not.toContain("nesting deeper");
    }
    const nested = "{% set ns = namespace(x=1) %}{% for i in range(200) %}{% set ns.x = [ns.x] %}{% endfor %}";
    expect(soon(`${nested}{{ ns.x }}`)).toBe("limit 1:93+4 this is nested deeper than 100");
    expect(
      soon(
        `${nested}{% set ns2 = namespace(x=1) %}{% for i in range(200) %}{% set ns2.x = [ns2.x] %}{% endfor %}{{ ns.x == ns2.x }}{{ ns.x < ns2.x }}`,
      ),
    ).toContain("this is nested deeper than 100");
    expect(soon(`{{ ('[' * 100000 ~ ']' * 100000) | fromjson }}`)).toContain("limit ");
  });

  test("chains in brackets, together too much for the stack", () => {
    let source = "1";
    for (let level = 0; level < 45; level += 1) source = `(${source}${" + 1".repeat(900)})`;
    expect(soon(`{{ ${source} }}`)).toMatch(/no error|limit /);
    let macros = "";
    for (let level = 0; level < 99; level += 1)
      macros += `{% macro m${level}() %}{{ ${level === 0 ? "1" : `m${level - 1}()`}${" ~ 1".repeat(500)} }}{% endmacro %}`;
    expect(soon(`${macros}{{ m98() }}`)).toMatch(/no error|limit /);
  });
});

describe("limits", () => {
  test("are reached by the length of texts too", () => {
    const s = "a".repeat(1600);
    expect(cost("[s] | string", { s: "" })).toBe(4);
    expect(cost("[s] | string", { s })).toBe(304);
    expect(cost("{s: 1} | string", { s })).toBe(304);
    expect(cost("[s] | sort", { s: "" })).toBe(4);
    expect(cost("[s] | sort", { s })).toBe(104);
    expect(cost("[s] | max", { s })).toBe(103);
    expect(cost("[s] | sort(case_sensitive=true)", { s })).toBe(4);
    expect(cost("s is lower", { s })).toBe(101);
    expect(cost("s is upper", { s })).toBe(101);
    expect(cost("s | length", { s })).toBe(126);
    expect(cost("[s, 1] | map('string')", { s })).toBe(107);
    expect(cost("'[1, {}, [2.5], 12, 34]' | fromjson")).toBe(4);
    expect(cost("'[1, {}, [2.5], 1e2, 3]' | fromjson")).toBe(13);
    expect(cost("s | int(0, 16)", { s })).toBe(2601);
    expect(cost("'%s%s' | format(1, 2)")).toBe(3);
    expect(cost("'%s%s' | format(s, 2)", { s })).toBe(103);
    const parts = `${"%(a)s".repeat(250)}${"a".repeat(500_000)}`;
    expect(cost("s | format(a=1)", { s: parts })).toBe(31_579);
    expect(cost("s | trim(s)", { s })).toBe(1_701);
  });

  test("give no steps back", () => {
    expect(cost("'' | indent(-2147483648)")).toBe(1);
    expect(() => new Meter().spend(-1)).toThrow("this takes more than 1,000,000 steps");
    expect(() => new Meter().spend(Number.NaN)).toThrow("this takes more than 1,000,000 steps");
    expect(new Meter().spend(0)).toBe(undefined);
  });

  test("can be given", () => {
    expect(value("range(5) | length", {}, { steps: 7 })).toBe(5);
    expect(fault("range(5) | length", {}, { steps: 6 })).toContain("limit 1:12+6 this takes more than 6 steps");
    expect(text("12345", {}, { output: 5 })).toBe("12345");
    expect(templateFault("12345{{ 6 }}", {}, { output: 5 })).toContain(
      "limit 1:9+1 this takes a text of more than 5 characters",
    );
    const nested = "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(3) }}";
    expect(templateFault(nested, {}, { depth: 4 })).toBe("no error");
    expect(templateFault(nested, {}, { depth: 3 })).toContain("limit 1:30+8 this is nested deeper than 3");
  });

  test("begin anew with every render", () => {
    const expression = parseExpression("range(600000) | length");
    for (let round = 0; round < 3; round += 1) expect(evaluate(expression, scopeOf({}))).toBe(600_000);
  });

  test("hold for messages too", () => {
    expect(failure(() => messages("user:\n{{ 'x' * 10 ** 7 }}"))).toContain("limit 2:4+13");
  });
});

test("a megabyte of template is parsed and rendered in its time", () => {
  const source = "Line {{ name | upper }} of {% if name %}text{% endif %} {# note #}\n".repeat(15_000);
  const start = performance.now();
  expect(text(source, { name: "a" })).toHaveLength(15_000 * "Line A of text ".length);
  expect(performance.now() - start).toBeLessThan(4_000);
  expect(() => parseTemplate(`${source}{{ open`)).toThrow("never closed");
});
