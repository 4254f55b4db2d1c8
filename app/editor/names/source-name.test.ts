import { describe, expect, test } from "vitest";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { nameAt, namesAmong, piecesOf } from "./source-name.ts";

function names(language: BodyLanguage, source: string): readonly string[] {
  return namesAmong(piecesOf(language, source)!, source).map(({ parts }) => parts.map(({ text }) => text).join("."));
}

describe("the names in a cell's text", () => {
  test("are the free ones of a template, with their members", () => {
    expect(
      names("messages", "{% for hit in examples[:vary.shots] %}{{ hit.text }}{{ triage.correct.score }}{% endfor %}"),
    ).toEqual(["examples", "vary.shots", "triage.correct.score"]);
  });

  test("are those of a test's lines, comments left out", () => {
    expect(names("expressions", "# mean(a)\nmean(triage.correct) >= 0.9 # a\n\nb == '#c'")).toEqual([
      "triage.correct",
      "b",
    ]);
  });

  test("are in a configuration those of expressions, and words where a field names a cell", () => {
    expect(names("none", "from: known\ntext: body\nquery: =message\nk: 5")).toEqual(["known", "message"]);
    expect(names("none", "data: triage.correct\nx: model")).toEqual(["triage.correct"]);
  });

  test("are found by their place, with the part that stands there", () => {
    const source = "{{ triage.correct }}";
    const all = namesAmong(piecesOf("template", source)!, source);
    expect(nameAt(all, source.indexOf("age"))).toMatchObject({ part: 0 });
    expect(nameAt(all, source.indexOf("rrect"))).toMatchObject({ part: 1 });
    expect(nameAt(all, 0)).toBeNull();
  });
});
