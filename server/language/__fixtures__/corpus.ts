import type { LanguageRecord } from "#server/language/index.ts";

/** The values every template of the corpus is rendered with. */
export const world: LanguageRecord = {
  name: "Ada Lovelace",
  text: "the quick brown fox jumps over the lazy dog",
  lines: "one\ntwo\n\nthree",
  n: 7,
  m: -3,
  x: 2.25,
  zero: 0,
  yes: true,
  no: false,
  nothing: null,
  items: [3, 1, 2, 3],
  words: ["pear", "Apple", "fig", "apple"],
  empty: [],
  row: { label: "a b", score: 0.5, text: "hello world" },
  people: [
    { age: 36, city: "London", name: "Ada" },
    { age: 41, city: "Paris", name: "Bo" },
    { age: 29, city: "London", name: "Cy" },
  ],
  nested: { a: { b: [1, 2, { c: "deep" }] } },
};

/** The seed of the recorded corpus. */
export const seed = 20_260_101;

/** What MiniJinja for JavaScript does not have. */
export const notInMiniJinja = /urlencode|wordwrap|format\(|center|wordcount|truncate|city,name|sum\(attribute|\[-3:/;

/**
 * Templates written by a seeded generator, the same ones for a seed on every machine, and none in which `without`
 * is found.
 */
export function corpus(seed: number, count: number, without: RegExp | null = null): readonly string[] {
  const generator = new Generator(seed);
  const templates: string[] = [];
  while (templates.length < count) {
    const template = generator.template();
    if (without === null || !without.test(template)) templates.push(template);
  }
  return templates;
}

/** Templates that each show one difference to Jinja2 or MiniJinja. */
export const pointed: readonly string[] = [
  "{{ 7.0 }}|{{ 4 / 2 }}",
  "{{ true }}|{{ nothing }}|{{ [none, 'a', (1, 2)] }}",
  "{{ 2.5 | round }}|{{ 2.675 | round(2) }}",
  "{{ yes == 1 }}",
  "{{ yes + 1 }}",
  "{{ [[1], [1]] | unique | list }}",
  "{% if n if no else zero %}a{% else %}b{% endif %}",
  "{{ {'b': 1, 'a': 2} }}",
  "{{ {1: 'a'} }}",
  "{{ \"<a & 'b'>\" | tojson }}",
  "{{ {'b': 1, 'a': 2} | tojson }}",
  "a\n{% raw %}\nx\n{% endraw %}\nb",
  "{{ '\\d' }}",
  "{{ 10 ** 20 / 10 }}",
  "{{ 1.5e-7 }}|{{ 1e21 }}",
  "{{ nothing < 1 }}",
  "{{ nothing | length }}",
  "{{ 1 in nothing }}",
  "{{ [1, none, 2] | sum }}|{{ [3, none] | max }}",
  "{{ items.append(4) }}",
  "{% autoescape false %}x{% endautoescape %}",
  "{{ 'a' | escape }}",
  "{{ '{} b'.format(1) }}",
  "{{ '%s b' % 1 }}",
  "{% macro m() %}{{ varargs | length }}{% endmacro %}{{ m(1, 2) }}",
  "{{ dict(**row).label }}",
  "{{ 3.0 is integer }}",
  "{{ name is sequence }}|{{ nothing is iterable }}",
  "{{ words | sort(reverse=true) }}",
  "{% filter indent(2) %}\n\n{% endfilter %}",
  "{{ 1 / 0 }}",
  "{% for k in nothing %}{% endfor %}",
  "{% for i in items recursive %}{{ i }}{% endfor %}",
  "{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}",
  "{{ m1() }}{% macro m1() %}a{% endmacro %}",
  "{{ 'x' | int }}|{{ '1e3' | int }}|{{ '0x1f' | int(0, 16) }}",
  "{{ '\u{1F600}x' | length }}|{{ '\u{1F600}x'[1:] }}",
  "{{ 2 ** -1 }}|{{ -7 // 2 }}|{{ -7 % 3 }}|{{ 7 % -3 }}",
  "{{ 9007199254740993 + 0 }}|{{ 9007199254740991 + 2 }}|{{ 3 * 4611686018427387904 }}",
  "{{ missing }}",
  "{{ row.missing.deeper | default('d') }}",
  "{{ 'a' ~ 1 + 2 }}",
  "{{ -2 ** 2 }}|{{ 2 ** 3 ** 2 }}|{{ not 1 == 2 }}",
];

type Kind = "number" | "text" | "list" | "boolean" | "any";

class Generator {
  private state: number;
  private locals: { name: string; kind: Kind }[] = [];

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Mulberry32, a 32-bit generator that is good enough to choose with. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }

  template(): string {
    this.locals = [];
    return this.statements(2 + this.below(3), 2);
  }

  private statements(count: number, depth: number): string {
    return Array.from({ length: count }, () => this.statement(depth)).join(this.pick(["", "\n", " ", "\n"]));
  }

  private statement(depth: number): string {
    const choices = ["print", "print", "print", "text", "comment", "set", ...(depth > 0 ? ["if", "for", "for", "macro", "with", "filter", "raw", "set-block"] : [])];
    switch (this.pick(choices)) {
      case "text":
        return this.pick(["a", " b ", "\n", "  line\n", "x: ", ", ", "\n\n"]);
      case "comment":
        return this.pick(["{# note #}", "{#- note -#}", "  {# note #}\n"]);
      case "set": {
        const kind = this.pick<Kind>(["number", "text", "list"]);
        const source = this.tag(`set v${this.locals.length} = ${this.expression(kind, 2)}`);
        this.locals.push({ name: `v${this.locals.length}`, kind });
        return source;
      }
      case "set-block": {
        const body = this.scoped(() => this.statements(1, depth - 1));
        const name = `v${this.locals.length}`;
        this.locals.push({ name, kind: "text" });
        return `${this.tag(`set ${name}`)}${body}${this.tag("endset")}`;
      }
      case "if": {
        const otherwise = this.below(2) === 0 ? `${this.tag("else")}${this.scoped(() => this.statements(1, depth - 1))}` : "";
        const elif = this.below(3) === 0 ? `${this.tag(`elif ${this.expression("boolean", 1)}`)}e` : "";
        return `${this.tag(`if ${this.expression("boolean", 2)}`)}${this.scoped(() => this.statements(2, depth - 1))}${elif}${otherwise}${this.tag("endif")}`;
      }
      case "for":
        return this.loop(depth);
      case "macro": {
        const name = `m${this.below(100)}`;
        const body = this.scoped(() => {
          this.locals = [{ name: "p", kind: "text" }, { name: "q", kind: "number" }];
          return this.statements(2, depth - 1);
        });
        return `${this.tag(`macro ${name}(p, q=2)`)}${body}${this.tag("endmacro")}{{ ${name}(${this.expression("text", 1)}) }}|{{ ${name}(p='k', q=${this.expression("number", 1)}) }}`;
      }
      case "with": {
        const value = this.expression("number", 1);
        const body = this.scoped(() => {
          this.locals.push({ name: "w", kind: "number" });
          return this.statements(2, depth - 1);
        });
        return `${this.tag(`with w = ${value}`)}${body}${this.tag("endwith")}`;
      }
      case "filter":
        return `${this.tag(`filter ${this.pick(["trim", "indent(2)", "replace('z', 'Z')"])}`)}${this.scoped(() => this.statements(1, depth - 1))}${this.tag("endfilter")}`;
      case "raw":
        return `{% raw %}${this.pick(["{{ x }}", "{% if %}", "plain"])}{% endraw %}`;
      default:
        return `{{ ${this.expression(this.pick<Kind>(["number", "text", "list", "boolean", "any"]), 3)} }}`;
    }
  }

  private loop(depth: number): string {
    const [target, iterable, locals] = this.pick([
      ["i", (): string => this.expression("list", 1), [{ name: "i", kind: "any" as Kind }]],
      ["i", (): string => `range(${this.below(4)})`, [{ name: "i", kind: "number" as Kind }]],
      ["person", (): string => "people", [{ name: "person.age", kind: "number" as Kind }, { name: "person.name", kind: "text" as Kind }]],
      ["key, value", (): string => "row.items()", [{ name: "key", kind: "text" as Kind }, { name: "value", kind: "any" as Kind }]],
      ["w", (): string => "words", [{ name: "w", kind: "text" as Kind }]],
    ] as const);
    const source: string = iterable();
    const body = this.scoped(() => {
      this.locals.push(...locals, { name: "loop.index", kind: "number" }, { name: "loop.last", kind: "boolean" }, { name: "loop.revindex0", kind: "number" });
      return this.statements(2, depth - 1);
    });
    const condition = target === "person" && this.below(2) === 0 ? " if person.age > 30" : "";
    const otherwise = this.below(3) === 0 ? `${this.tag("else")}none` : "";
    return `${this.tag(`for ${target} in ${source}${condition}`)}${body}${otherwise}${this.tag("endfor")}`;
  }

  private scoped(body: () => string): string {
    const before = this.locals;
    this.locals = [...before];
    const source = body();
    this.locals = before;
    return source;
  }

  private tag(body: string): string {
    return this.pick([`{% ${body} %}`, `{% ${body} %}`, `{% ${body} %}\n`, `  {% ${body} %}\n`, `{%- ${body} %}`, `{% ${body} -%}`]);
  }

  private expression(kind: Kind, depth: number): string {
    const local = this.locals.filter((one) => one.kind === kind);
    if (local.length > 0 && this.below(3) === 0) return this.pick(local).name;
    const inner = (wanted: Kind): string => this.expression(wanted, depth - 1);
    switch (kind) {
      case "number":
        if (depth <= 0) return this.pick(["n", "m", "x", "zero", "3", "10", "0.5", "row.score", "items[0]", "people[1].age"]);
        return this.pick([
          () => `${inner("number")} ${this.pick(["+", "-", "*"])} ${inner("number")}`,
          () => `(${inner("number")} + ${inner("number")}) * 2`,
          () => `${this.pick(["n", "17", "m", "2.5"])} ${this.pick(["//", "%", "/", "**"])} ${this.pick(["2", "3", "4"])}`,
          () => `-${this.pick(["n", "x", "3"])}`,
          () => `(${inner("number")}) | abs`,
          () => `(${inner("number")}) | round(1)`,
          () => `(${inner("number")}) | int`,
          () => `(${inner("text")}) | length`,
          () => `(${inner("list")}) | length`,
          () => `items | ${this.pick(["sum", "max", "min", "first", "last"])}`,
          () => `people | sum(attribute='age')`,
          () => `(${inner("number")} if ${inner("boolean")} else ${inner("number")})`,
          () => `"42" | int`,
          () => `text.count("${this.pick(["o", "the", "z"])}")`,
          () => inner("number"),
        ])();
      case "text":
        if (depth <= 0) return this.pick(["name", "text", "row.text", "'lit'", '"a b c"', "row['label']", "words[1]", "nested.a.b[2].c"]);
        return this.pick([
          () => `${inner("text")} ~ ${inner("text")}`,
          () => `${inner("text")} ~ n`,
          () => `(${inner("text")}) | ${this.pick(["upper", "lower", "title", "capitalize", "trim", "string", "reverse", "first", "last", "wordcount"])}`,
          () => `(${inner("text")}) | replace("${this.pick(["a", "o", "the"])}", "${this.pick(["", "_", "x y"])}")`,
          () => `(${inner("text")}) | truncate(${this.pick(["9", "5, true", "20, false, '..'", "12, true, '', 0"])})`,
          () => `(${inner("text")}) | center(${this.pick(["11", "30", "4"])})`,
          () => `lines | indent(${this.pick(["2", "4, true", "2, false, true"])})`,
          () => `text | wordwrap(${this.pick(["10", "17", "30"])})`,
          () => `(${inner("list")}) | join("${this.pick(["", ", ", "-"])}")`,
          () => `(${inner("text")}).${this.pick(["upper()", "strip()", "title()", "split()[0]", "replace('a', 'A')", "capitalize()"])}`,
          () => `(${inner("text")})[${this.pick(["0", "-1", "1:4", ":3", "-3:", "::2"])}]`,
          () => `"%s is %d" | format(${this.pick(["name, n", "'k', 3"])})`,
          () => `(${inner("text")} if ${inner("boolean")} else ${inner("text")})`,
          () => `missing | default(${inner("text")})`,
          () => `row.text | default('d')`,
          () => `'a' * 3`,
          () => `row.text | urlencode`,
        ])();
      case "list":
        if (depth <= 0) return this.pick(["items", "words", "empty", "[1, 2, 3]", "['x', 'y']", "range(4)", "range(2, 9, 3)"]);
        return this.pick([
          () => `(${inner("list")}) | list`,
          () => `(${inner("list")}) | sort`,
          () => `words | sort${this.pick(["", "(reverse=true)", "(case_sensitive=true)"])}`,
          () => `(${inner("list")}) | unique | list`,
          () => `words | map('${this.pick(["upper", "length", "capitalize", "title"])}') | list`,
          () => `people | map(attribute='${this.pick(["name", "city", "age"])}') | list`,
          () => `people | selectattr('city', 'equalto', 'London') | map(attribute='name') | list`,
          () => `people | rejectattr('age', '>', 35) | map(attribute='name') | list`,
          () => `items | ${this.pick(["select", "reject"])}('${this.pick(["odd", "even"])}') | list`,
          () => `people | sort(attribute='${this.pick(["age", "city,name"])}') | map(attribute='name') | list`,
          () => `(${inner("list")})[${this.pick(["1:", ":2", "::-1", "-2:"])}]`,
          () => `items + [${inner("number")}]`,
          () => `${inner("text")} | list`,
          () => `text.split(${this.pick(["", "'o'", "' ', 2"])})`,
          () => `items | batch(2) | list`,
          () => `items | batch(3, 0) | list`,
          () => `items | slice(3) | list`,
          () => `(${inner("list")}) | reverse | list`,
          () => `row.${this.pick(["keys", "values", "items"])}() | list`,
          () => `row | dictsort`,
          () => `row | items | list`,
          () => `[${inner("number")}, ${inner("text")}]`,
          () => `lines.splitlines()`,
        ])();
      case "boolean":
        if (depth <= 0) return this.pick(["yes", "no", "true", "false", "n > 3", "name", "zero", "items", "empty", "nothing"]);
        return this.pick([
          () => `${inner("number")} ${this.pick(["<", "<=", ">", ">=", "==", "!="])} ${inner("number")}`,
          () => `${inner("text")} ${this.pick(["<", "==", "!="])} ${inner("text")}`,
          () => `1 ${this.pick(["<", "<="])} n ${this.pick(["<", ">"])} 9`,
          () => `${inner("boolean")} and ${inner("boolean")}`,
          () => `${inner("boolean")} or ${inner("boolean")}`,
          () => `not ${inner("boolean")}`,
          () => `${this.pick(["3", "'fig'", "n"])} ${this.pick(["in", "not in"])} ${inner("list")}`,
          () => `'${this.pick(["a", "the", "q"])}' in ${inner("text")}`,
          () => `'${this.pick(["text", "no"])}' in row`,
          () => `n is ${this.pick(["odd", "even", "number", "string", "defined", "divisibleby 7", "divisibleby(2)", "integer", "float", "none", "sequence", "iterable", "mapping", "boolean"])}`,
          () => `${this.pick(["x", "name", "items", "row", "nothing", "yes", "missing"])} is ${this.pick(["defined", "undefined"])}`,
          () => `${this.pick(["x", "name", "items", "row", "nothing", "yes"])} is ${this.pick(["none", "string", "mapping", "sequence", "iterable", "number", "not string", "true", "false"])}`,
          () => `row.missing is defined`,
          () => `name.${this.pick(["startswith('A')", "endswith('e')", "isdigit()", "islower()"])}`,
          () => `items == [3, 1, 2, 3]`,
          () => `n is ${this.pick(["eq", "ne", "lt", "ge"])}(7)`,
          () => `'abc' is ${this.pick(["lower", "upper", "in ['abc']"])}`,
        ])();
      case "any":
        return this.pick([
          () => inner("number"),
          () => inner("text"),
          () => inner("list"),
          () => "nothing",
          () => "nothing | default('d', true)",
          () => "row | tojson",
          () => `${inner("list")} | tojson`,
          () => "{'k': n, 'l': [name]}",
          () => "{'k': n}.k",
          () => "nested.a",
          () => "(1, 'two', none)",
          () => "'x' if no",
          () => "n and name",
          () => "zero or name",
          () => "10 ** 20",
          () => "2 ** 64 - 1",
          () => "1e3",
          () => "1.5e-7",
          () => "nothing == none",
          () => "missing",
          () => "row.missing",
          () => "items[9]",
          () => "name + n",
          () => "people | groupby('city') | length",
          () => "dict(a=1).a",
          () => "7.0",
          () => "x | round",
          () => "2.5 | round",
          () => "yes == 1",
        ])();
    }
  }
}
