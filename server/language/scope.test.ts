import { describe, expect, test } from "vitest";
import { fault, templateFault, text, value } from "./__fixtures__/evaluated.ts";
import {
  evaluate,
  hostValue,
  parseExpression,
  parseTemplate,
  renderTemplate,
  scopeOf,
  skipped,
  type HostValue,
  type LanguageRecord,
  type Scope,
} from "./index.ts";

/** A scope that writes down what it is asked for. */
function watched(values: { readonly [name: string]: unknown }): { scope: Scope; asked: string[] } {
  const asked: string[] = [];
  const get = (name: string) => {
    asked.push(name);
    return scopeOf(values as never).get(name);
  };
  return { scope: { get }, asked };
}

describe("a scope", () => {
  test("is asked once a render, and only for what is read", () => {
    const { scope, asked } = watched({ a: 1, b: 2, big: [], c: false });
    const template = parseTemplate(
      "{{ a }}{{ a + b }}{% for i in [1, 2] %}{{ b }}{% endfor %}{% if c %}{{ big }}{% endif %}{{ a if true else big }}",
    );
    expect(renderTemplate(template, scope)).toBe("13221");
    expect(asked).toEqual(["a", "b", "c"]);
    expect(renderTemplate(template, scope)).toBe("13221");
    expect(asked).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("is asked once for what it does not have", () => {
    const { scope, asked } = watched({});
    expect(evaluate(parseExpression("first(x, x, x.y) is none and (x | default('')) == ''"), scope)).toBe(true);
    expect(asked).toEqual(["x"]);
  });

  test("of a record gives its own members", () => {
    const scope = scopeOf({ a: 1 });
    expect([scope.get("a"), scope.get("b"), scope.get("toString"), [...scope.names!()]]).toEqual([
      1,
      undefined,
      undefined,
      ["a"],
    ]);
  });

  test("says what an aggregate of a name is taken of, where that is not its value", () => {
    const at = (labels: readonly number[]): HostValue => ({
      [hostValue]: true,
      kind: "results",
      aggregate: () => labels.length,
      method: () => at([2]),
    });
    const scope: Scope = {
      get: (name) => (name === "size" ? 7 : [7, 8]),
      at: () => 9,
      all: (name) => (name === "size" ? at([1, 2]) : undefined),
    };
    const template = parseTemplate(
      "{{ size }} {{ sum(size) }} {{ size | mean }} {{ size.at(n=2) }} {{ sum(size.at(n=2)) }} {{ max(size, 1) }} {{ sum(list) }}",
    );
    expect(renderTemplate(template, scope)).toBe("7 2 2 9 1 7 15");
    expect(renderTemplate(parseTemplate("{% set size = [1] %}{{ sum(size) }}"), scope)).toBe("1");
  });

  test("need not say its names", () => {
    expect(() => evaluate(parseExpression("topc"), { get: () => undefined })).toThrow("`topc` is not defined");
  });
});

describe("a skipped value", () => {
  const values: LanguageRecord = { gone: skipped, row: { topic: skipped, text: "a" }, list: [skipped, 1] };
  const cure = "Read it through `or`, `default`, `first(a, b)` or `is skipped`.";

  test("is absent for `or`, `default`, `first` and the tests that ask", () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ["gone or 'd'", "d"],
      ["row.topic or 'd'", "d"],
      ["gone.a.b or 'd'", "d"],
      ["gone['a'] or 'd'", "d"],
      ["gone or row.topic or 'd'", "d"],
      ["(gone and 1) or 'd'", "d"],
      ["(1 and gone) or 'd'", "d"],
      ["(gone if true else 1) or 'd'", "d"],
      ["gone | default('d')", "d"],
      ["gone.x | default('d')", "d"],
      ["gone.at(model='a') | default('d')", "d"],
      ["(gone or gone) | default('d')", "d"],
      ["(gone and 1) | default('d')", "d"],
      ["first(gone, row.topic, 'd')", "d"],
      ["gone is skipped", true],
      ["row.topic is skipped", true],
      ["row.text is skipped", false],
      ["missing is skipped", false],
      ["gone is defined", false],
      ["gone is undefined", true],
      ["gone is not skipped", false],
      ["list[0] or 'd'", "d"],
      ["list | select('skipped') | length", 1],
      ["list | map('default', 'd')", ["d", 1]],
    ];
    for (const [source, expected] of cases) expect(value(source, values), source).toEqual(expected);
  });

  test("is an error for everything else", () => {
    expect(fault("gone", values)).toBe(`skipped 1:1+4 \`gone\` was skipped → ${cure}`);
    expect(fault("row.topic ~ ''", values)).toBe(`skipped 1:5+5 \`row.topic\` was skipped → ${cure}`);
    expect(fault("row['topic']", values)).toBe(`skipped 1:5+7 \`row['topic']\` was skipped → ${cure}`);
    expect(fault("gone.x", values)).toBe(`skipped 1:1+4 \`gone\` was skipped → ${cure}`);
    for (const source of [
      "gone and 1",
      "not gone",
      "gone == none",
      "gone | upper",
      "gone is none",
      "1 if gone else 2",
      "[gone]",
      "gone in [1]",
      "gone or gone",
      "gone[1:]",
      "gone.upper()",
      "mean(gone)",
      "-gone",
      "gone.at(model='a')",
    ])
      expect(fault(source, values), source).toMatch(/^skipped /);
    for (const source of [
      "list | join",
      "list | sum",
      "list == [1, 1]",
      "1 in list",
      "list | sort",
      "list | tojson",
      "list | select('odd')",
      "list | map('abs')",
      "list | map('upper')",
      "list | map('length')",
      "list | first",
      "list | map('float')",
      "list | map('int')",
      "list[0] < 1",
      "list | unique",
      "list | map('first')",
    ])
      expect(fault(source, values), source).toMatch(/^skipped /);
    expect(templateFault("a {{ gone }}", values)).toBe(`skipped 1:6+4 \`gone\` was skipped → ${cure}`);
    expect(templateFault("{% for x in list %}{{ x }}{% endfor %}", values)).toBe(
      `skipped 1:23+1 \`x\` was skipped → ${cure}`,
    );
    expect(text("{% for x in list %}{{ x or '-' }}{% endfor %}", values)).toBe("-1");
  });
});

describe("a host value", () => {
  const pulled: number[] = [];
  const rows = [{ text: "a" }, { text: "b" }, { text: "c" }];
  const table: HostValue = {
    [hostValue]: true,
    kind: "table",
    attribute: (name) => (name === "rowCount" ? 3 : undefined),
    names: () => ["rowCount"],
    method: (name, positional, named) =>
      name === "take" ? [positional, named] : name === "at" && named["model"] === "big" ? "big's" : undefined,
    *iterate() {
      for (const [index, row] of rows.entries()) {
        pulled.push(index);
        yield row;
      }
    },
    length: () => 3,
    index: (index) => rows[index],
    slice: (from, to) => rows.slice(from, to),
  };
  const bare: HostValue = { [hostValue]: true, kind: "chart" };
  const values = {
    table,
    bare,
    shown: { ...bare, text: () => "shown" } as HostValue,
    off: { ...bare, truth: () => false } as HostValue,
    empty: { ...bare, length: () => 0 } as HostValue,
  };

  test("does what it implements", () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ["table.rowCount", 3],
      ["table['rowCount']", 3],
      ["table | length", 3],
      ["table[0].text", "a"],
      ["table[-1].text", "c"],
      ["table[1:] | map(attribute='text')", ["b", "c"]],
      ["table[:-1] | length", 2],
      ["table[::-1] | map(attribute='text') | join", "cba"],
      ["table[5:2] | length", 0],
      ["table | map(attribute='text') | join", "abc"],
      ["(table | last).text", "c"],
      ["{'text': 'b'} in table", true],
      ["5 in table", false],
      ["table.take(1, k=2)", [[1], { k: 2 }]],
      ["table.at(model='big')", "big's"],
      ["table.at(model='small') | default('d')", "d"],
      ["table is sequence", true],
      ["table is iterable", true],
      ["table is mapping", false],
      ["bare is iterable", false],
      ["table == table", true],
      ["table == bare", false],
      ["'y' if table else 'n'", "y"],
      ["'y' if bare else 'n'", "y"],
      ["'y' if off else 'n'", "n"],
      ["'y' if empty else 'n'", "n"],
      ["shown ~ '!'", "shown!"],
      ["[shown] | tojson", '["shown"]'],
      ["table | string", '[{"text": "a"}, {"text": "b"}, {"text": "c"}]'],
      ["bare.x | default('d')", "d"],
    ];
    for (const [source, expected] of cases) expect(value(source, values), source).toEqual(expected);
    expect(text("{% for row in table %}{{ loop.index }}/{{ loop.length }}{{ row.text }} {% endfor %}", values)).toBe(
      "1/3a 2/3b 3/3c ",
    );
  });

  test("is read no further than needed", () => {
    pulled.length = 0;
    expect(value("(table | first).text", values)).toBe("a");
    expect(value("{'text': 'b'} in table", values)).toBe(true);
    expect(pulled).toEqual([0, 0, 1]);
  });

  test("fails where it does not", () => {
    expect(fault("bare | length", values)).toContain("a chart has no elements");
    expect(fault("bare ~ ''", values)).toBe(
      "type 1:1+9 a chart has no text → Print one of its members, or a count of them.",
    );
    expect(fault("bare[0]", values)).toBe("undefined 1:6+1 `bare` has no element 0");
    expect(fault("bare[1:]", values)).toBe("type 1:1+8 a chart cannot be sliced");
    expect(fault("bare.x", values)).toBe("undefined 1:6+1 `bare` has no `x`");
    expect(fault("bare.x()", values)).toBe("undefined 1:6+3 a chart has no method `x`");
    expect(fault("table.rowCont", values)).toBe("undefined 1:7+7 `table` has no `rowCont`; did you mean `rowCount`?");
    expect(fault("table[3]", values)).toBe("undefined 1:7+1 `table` has no element 3");
    expect(fault("table.drop()", values)).toBe("undefined 1:7+6 a table has no method `drop`");
    expect(fault("table.at(model='small')", values)).toBe("undefined 1:7+17 a table has nothing at these labels");
    expect(fault("bare < 1", values)).toBe("type 1:1+8 a chart and a number have no order");
    expect(fault("1 in bare", values)).toBe("type 1:1+9 a chart contains nothing");
    expect(fault("table[1.5]", values)).toBe("undefined 1:7+3 `table` has no element 1.5");
  });

  test("gets the labels of `.at` as they are written", () => {
    const seen: unknown[] = [];
    const topic: HostValue = { ...bare, method: (_, positional, named) => (seen.push(positional, { ...named }), "x") };
    expect(value("topic.at(model='big', shots=5, temperature=0.50, n=-1, on=true)", { topic })).toBe("x");
    expect(seen).toEqual([[], { model: "big", shots: "5", temperature: "0.50", n: "-1", on: "true" }]);
    const cure = '`.at` takes labels written out → Name the axis and write the label: `.at(model="big", shots=5)`.';
    expect(fault("topic.at(model=name)", { topic })).toBe(`syntax 1:10+10 ${cure}`);
    expect(fault("topic.at('big')", { topic })).toBe(`syntax 1:10+5 ${cure}`);
    expect(fault("topic.at(model=-'a')", { topic })).toBe(`syntax 1:10+10 ${cure}`);
    expect(fault("topic.at(model='a')", { topic: 5 })).toBe("undefined 1:7+13 a number has no method `at`");
  });
});
