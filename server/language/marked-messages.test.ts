import { describe, expect, test } from "vitest";
import { parseTemplate, renderMarkedMessages, renderMarkedTemplate, renderMessages, scopeOf } from "./index.ts";
import type { LanguageRecord } from "./index.ts";

/** Each message with what was printed in brackets. */
function marked(source: string, values: LanguageRecord): readonly string[] {
  return renderMarkedMessages(parseTemplate(source), scopeOf(values)).map(
    ({ role, content, values }) => `${role}: ${bracketed(content, values)}`,
  );
}

function bracketed(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  return spans.reduceRight(
    (all, { start, end }) => `${all.slice(0, start)}[${all.slice(start, end)}]${all.slice(end)}`,
    text,
  );
}

describe("where messages have values", () => {
  test("what tags print is marked, and the template's own text is not", () => {
    const source =
      "system:\nBe {{ tone }}.\nuser:\n{% for hit in hits %}\n- {{ hit | upper }}\n{% endfor %}\n{{ message }}\n";
    expect(marked(source, { tone: "brief", hits: ["a", "b"], message: "Hello" })).toEqual([
      "system: Be [brief].",
      "user: - [A]\n- [B]\n[Hello]",
    ]);
  });

  test("white space that is cut off at a message's ends is not marked", () => {
    expect(marked("{{ a }}", { a: "  x  " })).toEqual(["user: [x]"]);
    expect(marked("{{ a }}{{ b }}", { a: "  ", b: "x" })).toEqual(["user: [x]"]);
  });

  test("spliced messages are values as a whole", () => {
    expect(marked("messages: =history", { history: [{ role: "user", content: "first" }] })).toEqual(["user: [first]"]);
  });

  test("what a macro wrote is one value where it is printed, and nothing of it before", () => {
    const source = "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set y %}{{ a }}{% endset %}a {{ m(1) }} {{ y }}";
    expect(marked(source, { a: "A" })).toEqual(["user: a [<1>] [A]"]);
  });

  test("the messages are those that are sent", () => {
    const template = parseTemplate("Intro {{ a }}\n\nassistant:\n {{ a }} \n");
    const scope = scopeOf({ a: " 1 " });
    expect(renderMarkedMessages(template, scope).map(({ role, content }) => ({ role, content }))).toEqual(
      renderMessages(template, scope),
    );
  });

  test("a text to be continued has them too", () => {
    const template = parseTemplate("Topic: {{ a }}\nuser:\n{{ empty }}", { roles: false });
    const { text, values } = renderMarkedTemplate(template, scopeOf({ a: "x", empty: "" }));
    expect(bracketed(text, values)).toBe("Topic: [x]\nuser:\n");
  });
});
