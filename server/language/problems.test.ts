import { describe, expect, test } from "vitest";
import { failure } from "./__fixtures__/evaluated.ts";
import { parseTemplate, templateProblems } from "./index.ts";

/** The problems of a template as `line:column+length message`. */
function problems(source: string): readonly string[] {
  return templateProblems(source).map(
    ({ message, position }) => `${position!.line}:${position!.column}+${position!.length} ${message}`,
  );
}

/** The one error that parsing it throws. */
function thrown(source: string): string {
  return failure(() => parseTemplate(source)).replace(/^\w+ /, "");
}

describe("templateProblems", () => {
  test("are none where there is nothing wrong", () => {
    expect(templateProblems("{% for x in xs %}{{ x | upper }}{% else %}-{% endfor %}\nuser:\nmessages: =h\n")).toEqual(
      [],
    );
    expect(templateProblems("")).toEqual([]);
  });

  test("are all there are, in their order", () => {
    expect(problems("{{ a b }}\n{{ x | uper }}\n{% for x on y %}{{ 1 + }}{% endfor %}\n{{ meta(1) }}")).toEqual([
      "1:6+1 `b` is too much here",
      "2:8+4 there is no filter `uper`; did you mean `upper`?",
      "3:10+2 expected `in` and found `on`",
      "3:24+2 expected a value and found the end",
      "4:4+7 `meta` takes the name of a cell",
    ]);
    const [problem] = templateProblems("{{ x | uper }}");
    expect(problem).toMatchObject({
      code: "language.undefined",
      position: { line: 1, column: 8, offset: 7, length: 4 },
    });
  });

  test("go on behind a tag that is never closed", () => {
    expect(problems("{{ a \n{% if x %}\n{{ b b }}\n{% endif %}")).toContain("3:6+1 `b` is too much here");
    expect(problems("a {{ 'open }} b {{ c c }}")).toEqual([
      "1:6+1 this text is never closed",
      "1:22+1 `c` is too much here",
    ]);
    expect(problems("{# a {{ b b }}")).toEqual(["1:1+2 `{#` is never closed", "1:11+1 `b` is too much here"]);
    expect(problems("{% raw %} {{ b b }}")).toEqual([
      "1:1+9 `{% raw %}` is never closed",
      "1:16+1 `b` is too much here",
    ]);
    expect(problems("{{ a")).toEqual(["1:1+2 `{{` is never closed"]);
    expect(problems("{% if a")).toEqual(["1:1+2 `{%` is never closed"]);
  });

  test("name a statement's problem once, and still read its body", () => {
    expect(problems("{% macro (a) %}{{ 1 1 }}{% endmacro %}")).toEqual([
      "1:10+1 expected a name and found `(`",
      "1:21+1 `1` is too much here",
    ]);
    expect(problems("{% if %}{% set = 1 %}{% elif ) %}{% else x %}{% endif y %}")).toEqual([
      "1:7+2 expected a value and found the end",
      "1:16+1 expected a name and found `=`",
      "1:30+1 expected a value and found `)`",
      "1:42+1 `x` is too much here",
      "1:55+1 `y` is too much here",
    ]);
    expect(
      problems(
        "{% call m %}{% endcall %}{% filter uper %}{% endfilter %}{% with a %}{% endwith %}{% set a | x %}{% endset %}",
      ),
    ).toEqual([
      "1:9+1 `call` needs a call of a macro",
      "1:36+4 there is no filter `uper`; did you mean `upper`?",
      "1:68+2 expected `=` and a value and found the end",
      "1:94+1 there is no filter `x`",
    ]);
    expect(problems("{% for x in y %}{% else 1 %}{% endfor 2 %}{% macro m() %}{% endmacro m n %}")).toEqual([
      "1:25+1 `1` is too much here",
      "1:39+1 `2` is too much here",
      "1:72+1 `n` is too much here",
    ]);
  });
});

describe("blocks that do not fit", () => {
  test("are named with what is missing", () => {
    expect(thrown("{% for x in y %}")).toBe("1:1+16 `{% for %}` is never ended → End it with `{% endfor %}`.");
    expect(thrown("{% if x %}{% else %}")).toBe("1:1+10 `{% if %}` is never ended → End it with `{% endif %}`.");
    expect(thrown("{% if x %}{% elif y %}")).toContain("`{% if %}` is never ended");
    expect(thrown("{% set x %}")).toContain("`{% set %}` is never ended → End it with `{% endset %}`.");
    expect(thrown("a{% endif %}")).toBe("1:5+5 `{% endif %}` ends nothing");
    expect(thrown("{% else %}")).toBe("1:4+4 `{% else %}` ends nothing");
    expect(thrown("{% for x in y %}\n{% if z %}\n{% endfor %}")).toBe(
      "3:4+6 `{% endfor %}` stands within the `{% if %}` of the line above → End that first.",
    );
    expect(thrown("{% for x in y %}{% elif z %}{% endfor %}")).toBe(
      "1:20+4 `{% elif %}` stands within the `{% for %}` of the same line → End that first.",
    );
    expect(thrown("{% endraw %}")).toBe("1:4+6 `{% endraw %}` ends nothing");
    expect(thrown("{% macro m() %}{% endmacro n o %}")).toBe("1:30+1 `o` is too much here");
  });

  test("and statements that do not exist are named with those that do", () => {
    const there = "There are `if`, `for`, `set`, `macro`, `call`, `filter`, `with`, `raw`.";
    expect(thrown("{% fro x in y %}")).toBe(`1:4+3 there is no statement \`fro\`; did you mean \`for\`? → ${there}`);
    expect(thrown("{% include 'a' %}")).toBe(`1:4+7 there is no statement \`include\` → ${there}`);
    expect(thrown("{% break %}")).toBe(
      "1:4+5 there is no statement `break` → `{% for x in xs if … %}` leaves elements out.",
    );
    expect(thrown("{% continue %}")).toContain("leaves elements out");
    expect(thrown("{% %}")).toBe("1:4+2 expected the name of a statement and found the end");
    expect(thrown("{% 5 %}")).toBe("1:4+1 expected the name of a statement and found `5`");
  });
});

describe("the end of a tag", () => {
  test("is the first `}}` outside a mapping, and any `%}`", () => {
    expect(thrown("{{ {'a': {'b': 1}} }}")).toBe("error");
    expect(thrown("{{ {'a': 1}}}")).toBe("error");
    expect(thrown("{{ (a }} {{ b }}")).toBe("1:7+2 expected `)` to close the parenthesis and found the end");
    expect(thrown("{{ '}}' }}")).toBe("error");
    expect(thrown("{% set x = '%}' %}")).toBe("error");
    expect(thrown("{% set x = {'a': 1 %}")).toBe("1:20+2 expected `}` to close the mapping and found the end");
    expect(thrown("{{ a -}}{{- b +}}")).toBe("error");
    expect(thrown("{{ a - }}")).toBe("1:8+2 expected a value and found the end");
    expect(thrown("a } b }} {{ 1 }} %} #}")).toBe("error");
  });
});
