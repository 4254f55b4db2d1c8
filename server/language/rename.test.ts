import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpus } from "./__fixtures__/corpus.ts";
import { failure } from "./__fixtures__/evaluated.ts";
import { LanguageError, parseTemplate, references, renameInExpression, renameInTemplate } from "./index.ts";

describe("rename", () => {
  test("changes every free use of a name", () => {
    expect(
      renameInTemplate("{{ a }} {% if a.b %}{{ x[a] ~ f(a) }}{% endif %}{% for i in a %}{% endfor %}", "a", "topic"),
    ).toBe("{{ topic }} {% if topic.b %}{{ x[topic] ~ f(topic) }}{% endif %}{% for i in topic %}{% endfor %}");
    expect(renameInExpression("a + a.a + a['a'] | default(a) is divisibleby a", "a", "b")).toBe(
      "b + b.a + b['a'] | default(b) is divisibleby b",
    );
    expect(renameInTemplate("user:\nmessages: =a\n{{ meta(a).cost }}", "a", "b")).toBe(
      "user:\nmessages: =b\n{{ meta(b).cost }}",
    );
  });

  test("changes nothing else", () => {
    const source =
      "a {{ 'a' ~ x.a ~ {'a': 1} ~ dict(a=1) }}{# a #}{% raw %}{{ a }}{% endraw %}{% macro m(a) %}{{ a }}{% endmacro %}{% for a in xs %}{{ a }}{% endfor %}{{ t.at(a=1) }}";
    expect(renameInTemplate(source, "a", "b")).toBe(source);
    expect(renameInTemplate("{% set a = a %}{{ a }}", "a", "b")).toBe("{% set a = b %}{{ a }}");
    expect(renameInTemplate("messages: =a", "a", "b", { roles: false })).toBe("messages: =a");
    expect(renameInTemplate("{{ a }}", "c", "b")).toBe("{{ a }}");
    expect(renameInTemplate("{{ a }}", "a", "a")).toBe("{{ a }}");
  });

  test("changes a member, however it is written", () => {
    expect(
      renameInExpression(
        "triage.correct.at(m='x') + triage['correct'].score + triage.other + correct + x.correct + meta(triage.correct)",
        "triage.correct",
        "triage.right",
      ),
    ).toBe(
      "triage.right.at(m='x') + triage[\"right\"].score + triage.other + correct + x.correct + meta(triage.right)",
    );
    expect(renameInExpression("row.text ~ row . text ~ row['text']", "row.text", "body")).toBe(
      'row.body ~ row . body ~ row["body"]',
    );
    expect(renameInExpression("row.text.x ~ row['text']", "row.text", 'a "b"\\')).toBe(
      'row["a \\"b\\"\\\\"].x ~ row["a \\"b\\"\\\\"]',
    );
    expect(renameInExpression("row['a b'] ~ row['a.b']", "row.a b", "c")).toBe("row[\"c\"] ~ row['a.b']");
    expect(renameInExpression("row['a.b']", "row.a.b", "row.c")).toBe('row["c"]');
    expect(renameInExpression("triage.correct + triage.x", "triage.correct", "grading.right")).toBe(
      "grading.right + triage.x",
    );
    expect(renameInExpression("triage.correct", "triage.correct", "grading.correct")).toBe("grading.correct");
  });

  test("refuses a name that a use could not have", () => {
    const cure = "Choose a name that the text does not set itself.";
    expect(failure(() => renameInTemplate("{% for b in xs %}{{ a }}{% endfor %}", "a", "b"))).toBe(
      `rename 1:21+1 \`b\` means something else here → ${cure}`,
    );
    expect(failure(() => renameInTemplate("{% set b = 1 %}{{ b }}\n{{ a }}", "a", "b"))).toBe(
      `rename 2:4+1 \`b\` means something else here → ${cure}`,
    );
    expect(failure(() => renameInTemplate("{% if c %}{% set b = 1 %}{% endif %}{{ a }}", "a", "b"))).toContain(
      "rename 1:40+1 `b` means something else here",
    );
    expect(failure(() => renameInTemplate("{% macro m(b) %}{{ a }}{% endmacro %}", "a", "b"))).toContain(
      "rename 1:20+1 `b` means something else here",
    );
    expect(failure(() => renameInExpression("a(1)", "a", "range"))).toContain(
      "rename 1:1+1 `range` means something else here",
    );
    expect(renameInTemplate("{{ a }}{% set b = 1 %}", "a", "b")).toBe("{{ b }}{% set b = 1 %}");
    expect(failure(() => renameInTemplate("{% if c %}{% set a = 1 %}{% endif %}{{ a }}", "a", "b"))).toBe(
      "rename 1:40+1 `a` is set here on some ways and read from outside on others → Rename it by hand.",
    );
    for (const to of ["true", "a b", "1a", "", "not"])
      expect(failure(() => renameInExpression("a", "a", to))).toBe(
        `rename 1:1+0 \`${to}\` cannot replace \`a\` → A name is letters, digits and \`_\`.`,
      );
    expect(failure(() => renameInExpression("a", "a", "b.c"))).toContain("`b.c` cannot replace `a`");
    expect(failure(() => renameInExpression("a.b", "a.b", "a."))).toContain("`a.` cannot replace `a.b`");
  });

  test("there and back is the same source, and references differ only in the name", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom("n", "name", "row", "items", "people", "text"),
        (seed, name) => {
          const source = corpus(seed, 1)[0]!;
          let renamed: string;
          try {
            renamed = renameInTemplate(source, name, "other_name");
          } catch (thrown) {
            if (thrown instanceof LanguageError && thrown.code === "language.rename") return;
            throw thrown;
          }
          const names = (text: string) => references(parseTemplate(text)).map((reference) => reference.name);
          expect(names(renamed)).toEqual(names(source).map((one) => (one === name ? "other_name" : one)));
          expect(renameInTemplate(renamed, "other_name", name)).toBe(source);
        },
      ),
      { numRuns: 150, seed: 2 },
    );
  });
});
