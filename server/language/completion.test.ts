import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completionAt, parseTemplate, references, type CompletionNames } from "./index.ts";
import type { Reference } from "#server/notebook/reference.ts";
import { filters } from "./filters.ts";
import { predicates } from "./predicates.ts";

const names: CompletionNames = {
  inputs: ["message"],
  cells: [
    { name: "examples", members: ["text", "category"] },
    {
      name: "topic",
      axes: [
        { name: "model", labels: ["small", "big"] },
        { name: "shots", labels: ["0", "5"] },
      ],
    },
    { name: "triage", members: ["correct", "topic"] },
    { name: "triage.correct", members: ["score"], axes: [{ name: "tone", labels: ["formal"] }] },
  ],
  row: ["text", "a b"],
  axes: [{ name: "model", labels: ["small", "big"] }],
  others: ["item"],
};

/** The labels at the `^` of a source, those of a kind where one is given. */
function at(marked: string, kind?: string, where: "template" | "expression" = "template"): readonly string[] {
  const offset = marked.indexOf("^");
  const source = marked.slice(0, offset) + marked.slice(offset + 1);
  return completionAt(source, where, offset, names)
    .filter((completion) => kind === undefined || completion.kind === kind)
    .map(({ label }) => label);
}

/** The text that a completion at the `^` would replace. */
function replaced(marked: string): string {
  const offset = marked.indexOf("^");
  const source = marked.slice(0, offset) + marked.slice(offset + 1);
  const [first] = completionAt(source, "template", offset, names);
  return source.slice(first!.from, first!.to);
}

const everyName = [
  "message",
  "examples",
  "topic",
  "triage",
  "triage.correct",
  "row",
  "vary",
  "item",
  "mean",
  "sum",
  "min",
  "max",
  "count",
  "median",
  "stdev",
  "paired",
  "first",
  "range",
  "dict",
  "namespace",
  "meta",
  "not",
  "true",
  "false",
  "none",
];

describe("names", () => {
  test("are all that can be read where a value is wanted", () => {
    for (const source of [
      "{{ ^",
      "{{ ^ }}",
      "{{ mess^ }}",
      "{{ a + ^",
      "{{ f(^",
      "{{ [1, ^",
      "{% if ^",
      "{% for x in ^",
      "{% set x = ^",
      "{% elif a and ^",
      "{{ not ^",
      "{{ x if ^",
      "messages: =^",
      "{% with a = ^",
      "{% macro m(a=^",
      "{{ a[^",
    ])
      expect(
        at(source).filter((label) => !["x", "m"].includes(label)),
        source,
      ).toEqual(everyName);
    expect(at("a + ^", undefined, "expression")).toEqual(everyName);
    expect(at("^", undefined, "expression")).toEqual(everyName);
  });

  test("come with what kind they are, and what they do", () => {
    const completions = completionAt("{{ ", "template", 3, names);
    const kinds = Object.fromEntries(completions.map(({ label, kind }) => [label, kind]));
    expect(kinds).toMatchObject({
      message: "input",
      topic: "cell",
      row: "name",
      vary: "name",
      item: "name",
      mean: "function",
      meta: "function",
      not: "keyword",
    });
    expect(completions.find(({ label }) => label === "range")!.detail).toContain("whole numbers");
    expect(completionAt("", "expression", 0, {}).map(({ label }) => label)).toEqual(everyName.slice(8));
  });

  test("replace the word that is being written", () => {
    expect(replaced("{{ a + mess^age }}")).toBe("mess");
    expect(replaced("{{ a + ^ }}")).toBe("");
    expect(replaced("{{ topic | up^ }}")).toBe("up");
    expect(replaced("{% en^ %}")).toBe("en");
    expect(replaced("{{ row['a^'] }}")).toBe("a");
  });

  test("have the template's own among them, where they are set", () => {
    expect(at("{% for a, (b, c) in xs %}{{ ^", "local")).toEqual(["loop", "a", "b", "c"]);
    expect(at("{% for a in xs %}{% endfor %}{{ ^", "local")).toEqual([]);
    expect(at("{% set a = b %}{% set ns.c = 1 %}{% set d, e = f %}{{ ^", "local")).toEqual(["a", "d", "e"]);
    expect(at("{% set a | upper %}{{ ^", "local")).toEqual(["a"]);
    expect(at("{% for a in b %}{% set x | indent(width=2) %}a{% endset %}{{ ^", "local")).toEqual(["loop", "a", "x"]);
    expect(at("{% for a in b %}{% set x = c | indent(width=2) %}{{ ^", "local")).toEqual(["loop", "a", "x"]);
    expect(at("{% set x | indent(width=2) %}{% ^", "statement")[0]).toBe("endset");
    expect(at("{% macro m(a, b=f(c)) %}{{ ^", "local")).toEqual(["m", "caller", "a", "b"]);
    expect(at("{% macro m(a) %}{% endmacro %}{{ ^", "local")).toEqual(["m"]);
    expect(at("{% with a = 1, b = 2 %}{% if x %}{% set d = 1 %}{{ ^", "local")).toEqual(["a", "b", "d"]);
    expect(at("{% call(x) m(y) %}{{ ^", "local")).toEqual(["x"]);
    expect(at("{% call m(y) %}{{ ^", "local")).toEqual([]);
    expect(at("{{ ^ }}{% set a = 1 %}", "local")).toEqual([]);
    expect(at("{% if x %}{% set a = 1 %}{% endif %}{{ ^", "local")).toEqual(["a"]);
    expect(at("{% set a = %}{% for %}{{ ^", "local")).toEqual(["a", "loop"]);
  });
});

describe("members", () => {
  test("are those of what stands before the point", () => {
    expect(at("{{ row.^")).toEqual(["text"]);
    expect(at("{{ row.te^")).toEqual(["text"]);
    expect(at("{{ vary.^")).toEqual(["model"]);
    expect(at("{{ triage.^", "member")).toEqual(["correct", "topic"]);
    expect(at("{{ triage.correct.^", "member")).toEqual(["score"]);
    expect(at("{{ topic.^", "method")[0]).toBe("at");
    expect(at("{{ examples.^", "method")).not.toContain("at");
    expect(at("{% for x in y %}{{ loop.^")).toContain("revindex0");
    expect(at("{{ message.^")).toContain("upper");
    expect(at("{{ row.text.^")).toContain("upper");
    expect(at("{{ f(x).^")).toContain("upper");
    expect(at("{{ message.^")).toEqual([...at("{{ message.^")].sort());
  });

  test("and labels can be read where they are put in", () => {
    const odd = ["big", "a b", "it's", 'say "hi"', "back\\slash", "two\r\nlines", "in", "5", "007", "é"];
    const world = {
      row: odd,
      axes: [{ name: "model", labels: odd }],
      cells: [
        {
          name: "topic",
          members: odd,
          axes: [
            { name: "model", labels: odd },
            { name: "two words", labels: [] },
          ],
        },
      ],
    };
    const read = (marked: string) => {
      const [before, after] = marked.split("^") as [string, string];
      return completionAt(before + after, "template", before.length, world).map(({ label, from }) => {
        const [{ path, at }] = references(parseTemplate(before.slice(0, from) + label + after)) as [Reference];
        return at?.["model"] ?? path[0];
      });
    };
    expect(read("{{ row.^ }}")).toEqual(["big", "é"]);
    expect(read("{{ topic.b^ }}").slice(0, 4)).toEqual(["big", "é", "at", "capitalize"]);
    expect(read("{{ vary.^ }}")).toEqual(["model"]);
    for (const marked of [
      "{{ row['^'] }}",
      '{{ row["a ^"] }}',
      '{{ topic["^"] }}',
      "{{ topic.at(model=^) }}",
      "{{ topic.at(model='^') }}",
      '{{ topic.at(model="b^") }}',
    ])
      expect(read(marked), marked).toEqual(odd);
    expect(completionAt("{{ topic.at(", "template", 12, world).map(({ label }) => label)).toEqual(["model"]);
  });

  test("are keys in brackets", () => {
    expect(at("{{ row['^")).toEqual(["text", "a b"]);
    expect(at('{{ row["a ^"] }}')).toEqual(["text", "a b"]);
    expect(at("{{ triage['^")).toEqual(["correct", "topic"]);
    expect(at("{{ x['^")).toEqual([]);
    expect(at("{{ row.text['^")).toEqual([]);
    expect(at("{{ '^")).toEqual([]);
  });
});

describe("filters, tests, arguments and operators", () => {
  test("stand after `|` and `is`", () => {
    const all = [...filters.keys(), "d", "count"];
    for (const source of [
      "{{ topic|^",
      "{{ topic | ^",
      "{{ topic | up^",
      "{{ a | trim | ^",
      "{% filter ^",
      "{% filter up^",
      "{% filter trim | ^",
      "{% set a | ^",
    ])
      expect(at(source), source).toEqual(all);
    expect(at("{{ x is ^")).toEqual(["not", ...predicates.keys()]);
    expect(at("{{ x is def^")).toEqual(["not", ...predicates.keys()]);
    expect(at("{{ x is not ^")).toEqual([...predicates.keys()]);
  });

  test("arguments of a filter stand before the names", () => {
    expect(at("{{ x | truncate(^", "argument")).toEqual(["length=", "killwords=", "end=", "leeway="]);
    expect(at("{{ x | d(^", "argument")).toEqual(["default_value=", "boolean="]);
    expect(at("{{ x | truncate(length=^", "argument")).toEqual([]);
    expect(at("{{ truncate(^", "argument")).toEqual([]);
    expect(at("{{ x | truncate(f(^", "argument")).toEqual([]);
    expect(at("{{ x | truncate(f(a), ^", "argument")).toHaveLength(4);
  });

  test("axes and labels stand in `.at(…)`", () => {
    expect(at("{{ topic.at(^")).toEqual(["model", "shots"]);
    expect(at("{{ topic.at(model='big', ^")).toEqual(["model", "shots"]);
    expect(at("{{ topic.at(model=^")).toEqual(['"small"', '"big"']);
    expect(at("{{ topic.at(model='^")).toEqual(["small", "big"]);
    expect(at("{{ topic.at(shots=^")).toEqual(["0", "5"]);
    expect(at("{{ topic.at(other=^")).toEqual([]);
    expect(at("{{ triage.correct.at(^")).toEqual(["tone"]);
    expect(at("{{ triage.correct.at(tone='^")).toEqual(["formal"]);
    expect(at("{{ other.at(^")).toEqual(["model"]);
    expect(at("{{ f(x='^")).toEqual([]);
  });

  test("operators follow a value", () => {
    for (const source of ["{{ topic ^", "{{ 1 ^", "{{ 'a' ^", "{{ f(x) ^", "{{ a[1] ^", "{{ true ^", "{{ {} ^"])
      expect(at(source), source).toEqual(["and", "or", "not in", "in", "is", "if", "else"]);
    expect(at("{{ a and ^")).toEqual(everyName);
  });
});

describe("statements and text", () => {
  const all = ["if", "for", "set", "macro", "call", "filter", "with", "raw"];

  test("begin a tag, those that end what is open first", () => {
    expect(at("{% ^")).toEqual(all);
    expect(at("{%- f^")).toEqual(all);
    expect(at("{% for x in y %}{% ^")).toEqual(["else", "endfor", ...all]);
    expect(at("{% if x %}{% ^")).toEqual(["elif", "else", "endif", ...all]);
    expect(at("{% if x %}{% set y %}{% ^")).toEqual(["endset", ...all]);
    expect(at("{% if x %}{% endif %}{% ^")).toEqual(all);
    expect(at("{% set y = 1 %}{% ^")).toEqual(all);
    expect(completionAt("{% ", "template", 3, names)[0]).toEqual({ label: "if", kind: "statement", from: 3, to: 3 });
  });

  test("have words of their own", () => {
    expect(at("{% for ^")).toEqual([]);
    expect(at("{% for x ^")).toEqual(["in"]);
    expect(at("{% set ^")).toEqual([]);
    expect(at("{% set a^")).toEqual([]);
    expect(at("{% macro m(^")).toEqual([]);
    expect(at("{% call ^")).toEqual(everyName);
    expect(at("{% call(^")).toEqual([]);
    expect(at("{% call(a, ^")).toEqual([]);
    expect(at("{% call(a=(b), c=^")).toEqual(everyName);
    expect(at("{% call(user) ^")).toEqual(everyName);
    expect(at("{% call(user=(1), b={}) ^")).toEqual(everyName);
    expect(at("{% call() ^")).toEqual(everyName);
    expect(at("{% call(user) card(topic.^", "method")[0]).toBe("at");
    expect(at("{% macro card() %}{% endmacro %}{% call(user) ^", "local")).toEqual(["card"]);
    expect(at("{% with a^")).toEqual([]);
  });

  test("nothing stands in comments, raw text and text, but roles at a line's beginning", () => {
    for (const source of [
      "{# {{ ^",
      "{% raw %}{{ ^",
      "{% raw %}{{ ^ }}{% endraw %}",
      "a ^",
      "^",
      "{{ x }}^",
      "user: ^",
      "a {^",
    ])
      expect(at(source), source).toEqual([]);
    expect(at("u^")).toEqual(["system:", "user:", "assistant:", "messages: ="]);
    expect(at("a\r\nsys^", "role")).toHaveLength(4);
    expect(at("{# c #}{{ ^")).toEqual(everyName);
    expect(at("{% raw %}{{ {% endraw %}{{ ^")).toEqual(everyName);
  });

  test("are found behind what cannot be read", () => {
    expect(at("{{ 'open }} {{ ^")).toEqual(everyName);
    expect(at("{{ # }} {{ row.^")).toEqual(["text"]);
    expect(at("{{ row.^\n{{ topic }}")).toEqual(["text"]);
    expect(at("{{ # ^")).toEqual([]);
  });
});

test("completion never fails, whatever the source and place, and replaces what stands before the place", () => {
  const piece = fc.constantFrom(
    "{{ ",
    "}}",
    "{% ",
    " %}",
    "{#",
    "#}",
    "row",
    ".",
    "[",
    "'",
    '"',
    "|",
    " is ",
    "for x in ",
    "set a = ",
    "topic.at(",
    "model=",
    "\n",
    "é😀",
    "raw",
    "{",
    "%",
    " ",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }),
      fc.nat(),
      fc.constantFrom("template" as const, "expression" as const),
      (pieces, place, kind) => {
        const source = pieces.join("");
        const offset = place % (source.length + 1);
        for (const { from, to } of completionAt(source, kind, offset, names)) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBe(offset);
        }
      },
    ),
    { numRuns: 500, seed: 3 },
  );
});
