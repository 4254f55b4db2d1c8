import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpus, world } from "./__fixtures__/corpus.ts";
import { failure } from "./__fixtures__/evaluated.ts";
import {
  comparisonSides,
  evaluate,
  LanguageError,
  parseExpression,
  parseTemplate,
  references,
  renderMessages,
  scopeOf,
  type Template,
} from "./index.ts";

/** The references of a template as `name.path{at}?` with `?` for tolerant, `@` for meta, `Σ` for aggregated, and the place. */
function shown(source: string): readonly string[] {
  return show(parseTemplate(source));
}

function shownIn(source: string): readonly string[] {
  return references(parseExpression(source)).map((reference) => show1(reference));
}

function show(template: Template): readonly string[] {
  return references(template).map(
    (reference) => `${show1(reference)} ${reference.position.line}:${reference.position.column}`,
  );
}

function show1({ name, path, at, tolerant, meta, aggregated }: ReturnType<typeof references>[number]): string {
  const labels =
    at === null
      ? ""
      : `{${Object.entries(at)
          .map(([axis, label]) => `${axis}=${label}`)
          .join()}}`;
  return `${meta ? "@" : ""}${aggregated === true ? "Σ" : ""}${[name, ...path].join(".")}${labels}${tolerant ? "?" : ""}`;
}

describe("references", () => {
  test("are the free names with their places, in the order of the source", () => {
    expect(
      shown("{{ b }}\n{% if a > c %}{{ b | upper }}{% endif %}\n{% for x in xs %}{{ x }}{{ y }}{% endfor %}"),
    ).toEqual(["b 1:4", "a 2:7", "c 2:11", "b 2:18", "xs 3:13", "y 3:28"]);
    const [reference] = references(parseTemplate("ab\n {{ topic.text }}"));
    expect(reference).toEqual({
      name: "topic",
      path: ["text"],
      at: null,
      tolerant: false,
      meta: false,
      position: { line: 2, column: 5, offset: 7, length: 5 },
      field: null,
    });
  });

  test("have the members that are fixed", () => {
    expect(shownIn("row.text")).toEqual(["row.text"]);
    expect(shownIn("triage.correct.score + row['a b'].c")).toEqual(["triage.correct.score", "row.a b.c"]);
    expect(shownIn("examples[0].text")).toEqual(["examples"]);
    expect(shownIn("examples[:vary.shots]")).toEqual(["examples", "vary.shots"]);
    expect(shownIn("row[column].x")).toEqual(["row", "column"]);
    expect(shownIn("row.text.strip().x")).toEqual(["row.text"]);
    expect(shownIn("row.items()")).toEqual(["row"]);
    expect(shownIn("(row).text ~ (a.b if c.d else e)['f']")).toEqual(["row.text", "a.b", "c.d", "e"]);
    expect(shownIn("row.get(key)")).toEqual(["row", "key"]);
    expect(shownIn("f(a)(b)[c].d")).toEqual(["f", "a", "b", "c"]);
  });

  test("have the labels of `.at` as they are written", () => {
    expect(shownIn('triage.correct.at(model="small", shots=5, t=0.50, n=-1, on=true)')).toEqual([
      "triage.correct{model=small,shots=5,t=0.50,n=-1,on=true}",
    ]);
    expect(shownIn("topic.at(model='a').x.y")).toEqual(["topic{model=a}"]);
    expect(shownIn("topic.at()")).toEqual(["topic{}"]);
    expect(failure(() => parseTemplate("{{ topic.at(model=m) }}"))).toMatch(/^syntax 1:13\+7 `\.at` takes labels/);
  });

  test("are tolerant where an absent value is taken", () => {
    expect(shownIn("a or b")).toEqual(["a?", "b"]);
    expect(shownIn("a or b or c")).toEqual(["a?", "b?", "c"]);
    expect(shownIn("a.b | default(c)")).toEqual(["a.b?", "c"]);
    expect(shownIn("a | d(b | d)")).toEqual(["a?", "b?"]);
    expect(shownIn("a is defined and b is skipped and c is undefined and d is none")).toEqual(["a?", "b?", "c?", "d"]);
    expect(shownIn("first(a, b.c)")).toEqual(["a?", "b.c?"]);
    expect(shownIn("(a if b else c) | default(1)")).toEqual(["a?", "b", "c?"]);
    expect(shownIn("(a and b) or c")).toEqual(["a?", "b?", "c"]);
    expect(shownIn("a and b")).toEqual(["a", "b"]);
    expect(shownIn("a | upper | default(1)")).toEqual(["a"]);
    expect(shownIn("a[b].c | default(1)")).toEqual(["a?", "b"]);
    expect(shownIn("a.at(m='x') | default(1)")).toEqual(["a{m=x}?"]);
    expect(shownIn("a.f() | default(a[1:])")).toEqual(["a", "a"]);
    expect(shownIn("[a] | default(1)")).toEqual(["a"]);
  });

  test("are of meta where only facts of the result are read", () => {
    expect(shownIn("meta(topic).cost + topic")).toEqual(["@topic", "topic"]);
    expect(shownIn("meta(triage.correct.at(model='a')).cost")).toEqual(["@triage.correct{model=a}"]);
    expect(shownIn("meta(topic)[key] | default(0)")).toEqual(["@topic?", "key"]);
    expect(shownIn("meta ~ meta.x")).toEqual(["meta", "meta.x"]);
  });

  test("are aggregated where they are all that an aggregate is taken of", () => {
    expect(shownIn("mean(triage.correct.at(model='a')) >= 0.9")).toEqual(["Σtriage.correct{model=a}"]);
    expect(shownIn("max(a, b) + max(c)")).toEqual(["a", "b", "Σc"]);
    expect(shownIn("paired(a.x, b.y)")).toEqual(["Σa.x", "Σb.y"]);
    expect(shownIn("mean(a | list) + count([b])")).toEqual(["a", "b"]);
    expect(shownIn("mean(a[:3]) + sum(b.at(m='x')[0].c) + max(c.f())")).toEqual(["a", "b{m=x}", "c"]);
    expect(shownIn("triage.correct | mean")).toEqual(["Σtriage.correct"]);
    expect(shownIn("a | sum + (b | sum(attribute='x'))")).toEqual(["Σa", "b"]);
    expect(shownIn("a | upper")).toEqual(["a"]);
  });

  test("are no names the template binds, no functions, filters, tests, members or argument names", () => {
    expect(shown("{% set a = b %}{{ a }}")).toEqual(["b 1:12"]);
    expect(shown("{{ a }}{% set a = 1 %}{{ a }}")).toEqual(["a 1:4"]);
    expect(shown("{% set a = a %}{{ a }}")).toEqual(["a 1:12"]);
    expect(shown("{% for a, (b, c) in d if a %}{{ a }}{{ b }}{{ c }}{{ loop.index }}{% endfor %}{{ a }}")).toEqual([
      "d 1:21",
      "a 1:82",
    ]);
    expect(shown("{% for a in b %}{% else %}{{ a }}{% endfor %}")).toEqual(["b 1:13", "a 1:30"]);
    expect(
      shown("{% macro m(a, b=c) %}{{ a }}{{ b }}{{ caller() }}{{ m() }}{{ d }}{% endmacro %}{{ m(e, b=f) }}"),
    ).toEqual(["c 1:17", "d 1:62", "e 1:85", "f 1:90"]);
    expect(shown("{% call(x) m(y) %}{{ x }}{{ z }}{% endcall %}")).toEqual(["m 1:12", "y 1:14", "z 1:29"]);
    expect(shown("{% with a = b, c = a %}{{ a }}{{ c }}{% endwith %}")).toEqual(["b 1:13", "a 1:20"]);
    expect(shown("{% set a %}{{ a }}{% set b = 1 %}{% endset %}{{ a }}{{ b }}")).toEqual(["a 1:15", "b 1:56"]);
    expect(shown("{% set ns = namespace(n=0) %}{% set ns.n = ns.n + x %}")).toEqual(["x 1:51"]);
    expect(shown("{% set ns.n = 1 %}")).toEqual(["ns 1:8"]);
    expect(shown("{% filter replace(a, 'b') | upper %}{{ c }}{% endfilter %}")).toEqual(["a 1:19", "c 1:40"]);
    expect(shownIn("range(a) | truncate(length=b) is divisibleby(c)")).toEqual(["a", "b", "c"]);
    expect(shownIn("dict(a=b).a ~ {'a': c, d: 1}")).toEqual(["b", "c", "d"]);
    expect(shownIn("range ~ first ~ f(1)")).toEqual(["range", "first", "f"]);
    expect(shown("{# {{ a }} #}{% raw %}{{ b }}{% endraw %}{{ 'c' }}")).toEqual([]);
  });

  test("are names that the template sets on some ways only", () => {
    expect(shown("{% if c %}{% set a = 1 %}{% endif %}{{ a }}")).toEqual(["c 1:7", "a 1:40"]);
    expect(shown("{% if c %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}")).toEqual(["c 1:7"]);
    expect(
      shown("{% if c %}{% set a = 1 %}{% elif d %}{% set a = 3 %}{% endif %}{{ a }}{% set a = 4 %}{{ a }}"),
    ).toEqual(["c 1:7", "d 1:34", "a 1:67"]);
    expect(shown("{% for x in xs %}{% set a = 1 %}{% endfor %}{{ a }}")).toEqual(["xs 1:13", "a 1:48"]);
    expect(shown("{% macro m() %}{{ a }}{% endmacro %}{% set a = 1 %}{{ m() }}")).toEqual([]);
    expect(shown("{% if c %}{% set a = 1 %}{% endif %}{% macro m() %}{{ a }}{% endmacro %}")).toEqual([
      "c 1:7",
      "a 1:55",
    ]);
  });

  test("stand in `messages: =…` too, where roles are read", () => {
    expect(shown("user:\nmessages: =history[a:]\nsystem:\n")).toEqual(["history 2:12", "a 2:20"]);
    expect(references(parseTemplate("messages: =history", { roles: false }))).toEqual([]);
  });

  test("are all that an evaluation asks its scope for", () => {
    const templates = corpus(7, 150);
    for (const source of templates) {
      const template = parseTemplate(source);
      const names = new Set(references(template).map(({ name }) => name));
      const scope = scopeOf(world);
      try {
        renderMessages(template, {
          get: (name) => {
            expect(names, source).toContain(name);
            return scope.get(name);
          },
        });
      } catch (thrown) {
        if (!(thrown instanceof LanguageError)) throw thrown;
      }
    }
  });

  test("each stand where their position says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const [source] = corpus(seed, 1);
        for (const { name, position } of references(parseTemplate(source!)))
          expect(source!.slice(position.offset, position.offset + position.length)).toBe(name);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe("comparisonSides", () => {
  test("are the two sides of an expression that is one comparison", () => {
    const sides = comparisonSides(parseExpression("mean(a.b) + 1 >= c"))!;
    const scope = scopeOf({ a: { b: [1, 2] }, c: 2 });
    expect([evaluate(sides.left, scope), sides.operator, evaluate(sides.right, scope)]).toEqual([2.5, ">=", 2]);
    expect(references(sides.left).map(({ name, position }) => `${name} ${position.column}`)).toEqual(["a 6"]);
    expect(references(sides.right).map(({ name, position }) => `${name} ${position.column}`)).toEqual(["c 18"]);
    expect(failure(() => evaluate(sides.right, scopeOf({})))).toBe("undefined 1:18+1 `c` is not defined");
    expect(comparisonSides(parseExpression("(a not in b)"))!.operator).toBe("not in");
  });

  test("are not there for anything else", () => {
    for (const source of ["a", "a < b < c", "a and b == c", "not a == b", "a is odd", "(a == b) if c else d"])
      expect(comparisonSides(parseExpression(source)), source).toBeNull();
  });
});
