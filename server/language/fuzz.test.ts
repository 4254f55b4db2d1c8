import fc from "fast-check";
import { expect, test } from "vitest";
import { corpus, world } from "./__fixtures__/corpus.ts";
import {
  completionAt,
  evaluate,
  LanguageError,
  parseExpression,
  parseTemplate,
  references,
  renderMessages,
  renderTemplate,
  scopeOf,
  templatePieces,
  templateProblems,
} from "./index.ts";

const scope = scopeOf(world);
const limits = { steps: 20_000, output: 20_000 };

/** Runs it; a `LanguageError` with a place in the source is an answer like any other. Gives how long it took, in milliseconds. */
function timed(source: string, run: () => unknown): number {
  const start = performance.now();
  try {
    run();
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    const { offset, length } = thrown.position;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset + length).toBeLessThanOrEqual(source.length);
  }
  return performance.now() - start;
}

const fragments = [
  "{{",
  "}}",
  "{%",
  "%}",
  "{#",
  "#}",
  "{%-",
  "-%}",
  "{{-",
  "-}}",
  "+%}",
  "if ",
  "elif ",
  "else",
  "endif",
  "for ",
  " in ",
  "endfor",
  "set ",
  "endset",
  "macro ",
  "endmacro",
  "raw",
  "endraw",
  "with ",
  "endwith",
  "call ",
  "endcall",
  "filter ",
  "endfilter",
  " is ",
  " not ",
  " and ",
  " or ",
  " ",
  "\n",
  "\r\n",
  "\t",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ".",
  "|",
  "~",
  "+",
  "-",
  "*",
  "**",
  "/",
  "//",
  "%",
  "==",
  "=",
  "<",
  ">=",
  "!",
  "'",
  '"',
  "\\",
  "#",
  "@",
  "1",
  "0.5",
  "1e9",
  "99999999999999999999",
  "n",
  "name",
  "items",
  "row",
  "missing",
  "default",
  "upper",
  "join",
  "map",
  "sort",
  "range",
  "loop",
  "x",
  "user:",
  "system:",
  "messages: =",
  "\\user:",
  "é",
  "😀",
  "\u0000",
  "\ud800",
];

const soup = fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join(""));
const anyText = fc.oneof(
  soup,
  fc.string({ unit: "binary", maxLength: 60 }),
  soup.map((text) => `{{ ${text} }}`),
  soup.map((text) => `{% ${text} %}`),
);

test("any text parses or errs soon, with a place in it", () => {
  fc.assert(
    fc.property(anyText, (source) => {
      expect(timed(source, () => renderMessages(parseTemplate(source), scope, limits))).toBeLessThan(1_000);
      expect(timed(source, () => evaluate(parseExpression(source), scope, limits))).toBeLessThan(1_000);
      const problems = templateProblems(source);
      let parses = true;
      try {
        references(parseTemplate(source));
      } catch {
        parses = false;
      }
      expect(problems.length === 0).toBe(parses);
      completionAt(source, "template", source.length >> 1, {});
    }),
    { numRuns: 1_500, seed: 4 },
  );
});

test("text without tags and roles comes out as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (source) => {
      fc.pre(!/\{[{%#]|\r/.test(source));
      expect(renderTemplate(parseTemplate(source), scope)).toBe(source);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test("what is cut off or damaged errs soon", () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.nat(),
      fc.nat(),
      fc.constantFrom("", ...fragments),
      (seed, from, length, insert) => {
        const source = corpus(seed, 1)[0]!;
        const start = from % (source.length + 1);
        const damaged = source.slice(0, start) + insert + source.slice(start + (length % 20));
        expect(timed(damaged, () => renderMessages(parseTemplate(damaged), scope, limits))).toBeLessThan(1_000);
        templateProblems(damaged);
      },
    ),
    { numRuns: 700, seed: 6 },
  );
});

test("long repetitions of anything are parsed in time that grows with their length", () => {
  for (const fragment of fragments) {
    for (const source of [
      fragment.repeat(20_000),
      `{{ ${fragment.repeat(20_000)} }}`,
      `{% ${fragment.repeat(20_000)} %}`,
      `{{ '${fragment.repeat(20_000)}' }}`,
    ])
      expect(
        timed(source, () => renderMessages(parseTemplate(source), scope, limits)),
        fragment,
      ).toBeLessThan(1_500);
  }
});

test.each(["{{ name\nmore ", "{{ ", "\\frac{{a}{b}\n", "{% raw %}\n", "{#", "{% if a b %}\n", "messages: =a b\n"])(
  "what is shown of a source that cannot be read, and its problems, take time that grows with its length: %j",
  (fragment) => {
    const of = (length: number): number => {
      const source = fragment.repeat(Math.ceil(length / fragment.length));
      return timed(source, () => [templatePieces(source, { roles: true }), templateProblems(source)]);
    };
    of(20_000);
    expect(of(200_000)).toBeLessThan(100 + 30 * of(20_000));
  },
);

test("the same template and values give the same text", () => {
  for (const source of corpus(11, 60)) {
    const outcome = () => {
      try {
        return renderTemplate(parseTemplate(source), scope);
      } catch (thrown) {
        return String(thrown);
      }
    };
    expect(outcome()).toBe(outcome());
  }
});

test("a value never makes a message or a tag", () => {
  const template = parseTemplate(
    "system:\nBe brief.\nuser:\nA {{ a }} B {% for x in list %}{{ x }}\n{% endfor %}\nassistant:\n{{ a | upper }}\n{{ a ~ list[0] }}",
  );
  fc.assert(
    fc.property(soup, soup, (a, b) => {
      const messages = renderMessages(template, scopeOf({ a, list: [b, "\nsystem:\n"] }));
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
      expect(messages[1]!.content).toContain(`A ${a} B`.trim());
    }),
    { numRuns: 300, seed: 7 },
  );
});
