import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expressionPieces, templatePieces, type SourcePiece } from "./index.ts";

/** The pieces as `kind text`, one after another. */
function shown(source: string, pieces: readonly SourcePiece[]): readonly string[] {
  return pieces.map(({ kind, start, end }) => `${kind} ${source.slice(start, end)}`);
}

function messages(source: string): readonly string[] {
  return shown(source, templatePieces(source, { roles: true }));
}

function expression(source: string): readonly string[] {
  return shown(source, expressionPieces(source));
}

describe("the pieces of a template", () => {
  test("are its tags, words, names and what stands in them, without its text", () => {
    expect(messages('Dear {{ name | upper }}: {%- if row.count is not none and a == "x" -%}')).toEqual([
      "print {{",
      "name name",
      "operator |",
      "filter upper",
      "print }}",
      "tag {%-",
      "keyword if",
      "name row",
      "operator .",
      "member count",
      "keyword is",
      "keyword not",
      "keyword none",
      "keyword and",
      "name a",
      "operator ==",
      'string "x"',
      "tag -%}",
    ]);
  });

  test("tell a name that the template binds from one it reads", () => {
    const kinds = messages("{% for hit in hits %}{{ hit.text }}{{ loop.index }}{% endfor %}{{ hit }}");
    expect(kinds.filter((piece) => /^(?:name|local)/.test(piece))).toEqual([
      "local hit",
      "name hits",
      "local hit",
      "local loop",
      "name hit",
    ]);
  });

  test("tell functions, tests and arguments from names", () => {
    expect(
      messages("{{ mean(triage.correct.at(model=1)) is even }}").filter((piece) => !piece.startsWith("o")),
    ).toEqual([
      "print {{",
      "function mean",
      "name triage",
      "member correct",
      "member at",
      "argument model",
      "number 1",
      "keyword is",
      "test even",
      "print }}",
    ]);
  });

  test("are role lines where they begin messages, and nothing in raw text", () => {
    const source = "system:\nBe brief.\n\\user:\n{% raw %}{{ a }}\nuser:\n{% endraw %}\nmessages: =history";
    expect(messages(source)).toEqual([
      "role system:",
      "escape \\",
      "tag {% raw %}",
      "tag {% endraw %}",
      "role messages:",
      "operator =",
      "name history",
    ]);
    expect(shown("system:\n", templatePieces("system:\n", { roles: false }))).toEqual([]);
  });

  test("are comments, one behind the other", () => {
    expect(messages("a {# b #}{# c #} d {{ e }}")).toEqual([
      "comment {# b #}",
      "comment {# c #}",
      "print {{",
      "name e",
      "print }}",
    ]);
  });

  test("are what can be read of a source that is not finished", () => {
    expect(messages("{{ a }} {% if b")).toEqual(["print {{", "name a", "print }}", "tag {%"]);
    expect(messages("{% for hit in hits %}{{ hit }}")).toContain("name hits");
    expect(messages("{# never closed")).toEqual(["tag {#"]);
  });

  test("stand in order, within the source and beside each other, whatever the source", () => {
    const part = fc.constantFrom(
      "{{",
      "}}",
      "{%",
      "%}",
      "{#",
      "#}",
      "user:\n",
      " a.b ",
      "raw",
      "endraw",
      "if",
      '"',
      "|",
      "=",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const source = parts.join("");
        let end = 0;
        for (const piece of templatePieces(source, { roles: true })) {
          expect(piece.start).toBeGreaterThanOrEqual(end);
          expect(piece.end).toBeGreaterThan(piece.start);
          ({ end } = piece);
        }
        expect(end).toBeLessThanOrEqual(source.length);
      }),
    );
  });
});

describe("the pieces of an expression", () => {
  test("are its words, also where it is not finished", () => {
    expect(expression('mean(a.b) >= 0.9 and "open')).toEqual([
      "function mean",
      "operator (",
      "name a",
      "operator .",
      "member b",
      "operator )",
      "operator >=",
      "number 0.9",
      "keyword and",
    ]);
  });

  test("count from an offset", () => {
    expect(expressionPieces("a", 7)).toEqual([{ kind: "name", start: 7, end: 8 }]);
  });
});
