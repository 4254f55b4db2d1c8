import { describe, expect, test } from "vitest";
import { fence, notebookText } from "../__fixtures__/graph-of.ts";
import { parseNotebook } from "../format.ts";
import type { SqlAnalysis, SqlName } from "../sql-analysis.ts";
import { renameInSql } from "./rename-sql.ts";

/** Names at the places where `source` has them the n-th time: `topic`, `topic#2`. */
function named(source: string, list: readonly string[]): SqlName[] {
  return list.map((text) => {
    const [name = "", count = "1"] = text.split("#");
    let offset = -1;
    for (let left = Number(count); left > 0; left -= 1) offset = source.indexOf(name, offset + 1);
    const parts = name
      .replace(/^\$/, "")
      .replaceAll(/["']|\/\*.*?\*\/|--.*\n|\s/g, "")
      .split(".");
    return { parts, position: { line: 1, column: offset + 1, offset, length: name.length } };
  });
}

type Lists = { readonly [list in "tables" | "qualifiers" | "parameters" | "columns"]?: readonly string[] };

function rename(source: string, from: string, to: string, lists: Lists, kind = "sql") {
  const [cell] = parseNotebook(notebookText("", fence(`${kind} s`, source))).cells;
  const of = (list: keyof Lists): SqlName[] => named(source, lists[list] ?? []);
  const tables = of("tables").map(({ parts }) => parts);
  const origin = { table: tables.length === 1 ? tables[0]! : null, row: null, at: 0, mayBeOf: tables, isOutput: false };
  const analysis: SqlAnalysis = {
    ok: true,
    tables: of("tables"),
    qualifiers: of("qualifiers"),
    parameters: of("parameters"),
    columns: of("columns").map((name) => (name.parts.length > 1 ? name : { ...name, origin })),
    defines: [],
    unplaced: [],
    volatile: [],
  };
  const pair = { from: from.split("."), to: to.split(".") };
  return renameInSql(cell!, { pairs: [pair], isInput: false }, analysis);
}

const text = (...given: Parameters<typeof rename>): string => rename(...given).source;

describe("a rename in SQL", () => {
  test("changes what begins with the name, and nothing else", () => {
    const source = "select topic.x, other.topic from topic join other join topical";
    expect(
      text(source, "topic", "answer", {
        tables: ["topic join", "other#2", "topical"].map((name) => name.replace("topic join", "topic#3")),
        qualifiers: ["topic.x", "other.topic"],
      }),
    ).toBe("select answer.x, other.topic from answer join other join topical");
  });

  test("changes a member through its sheet, with comments and white space between", () => {
    expect(text("from triage . correct", "triage.correct", "triage.fit", { tables: ["triage . correct"] })).toBe(
      "from triage . fit",
    );
    expect(
      text('from "triage"/* here */."correct"', "triage.correct", "triage.fit", {
        tables: ['"triage"/* here */."correct"'],
      }),
    ).toBe('from "triage"/* here */."fit"');
    expect(
      text("from triage.-- here\ncorrect", "triage.correct", "triage.fit", { tables: ["triage.-- here\ncorrect"] }),
    ).toBe("from triage.-- here\nfit");
  });

  test("leaves a member alone that another sheet has", () => {
    const source = "from triage.correct join other.correct join triage.corrected";
    expect(
      text(source, "triage.correct", "triage.fit", {
        tables: ["triage.correct", "other.correct", "triage.corrected"],
      }),
    ).toBe("from triage.fit join other.correct join triage.corrected");
  });

  test("changes a member's bare name where only its table can be meant", () => {
    const source = "select correct.score, triage.x from triage.correct";
    const qualifiers = ["correct.score", "triage.x"];
    expect(text(source, "triage.correct", "triage.fit", { tables: ["triage.correct"], qualifiers })).toBe(
      "select fit.score, triage.x from triage.fit",
    );
    expect(
      text(`${source} join correct`, "triage.correct", "triage.fit", {
        tables: ["triage.correct", "correct#3"],
        qualifiers,
      }),
    ).toBe("select correct.score, triage.x from triage.fit join correct");
    expect(
      text("select correct.score from other", "triage.correct", "triage.fit", {
        tables: ["other"],
        qualifiers: ["correct.score"],
      }),
    ).toBe("select correct.score from other");
  });

  test("reaches the column that is the member where one table is read alone, and warns of it among several", () => {
    const member = (lists: Lists, from = "triage.correct") =>
      rename("select correct, x.correct from triage join triage.correct join other", from, "triage.fit", lists);
    const after = (lists: Lists): string => member(lists).source.split(",")[0]!;
    const warns = (lists: Lists, from?: string): number => member(lists, from).warnings.length;
    for (const table of ["triage", "triage.correct"]) {
      expect(after({ tables: [table], columns: ["correct"] })).toBe("select fit");
      expect(after({ tables: [table], columns: ["other", "correct"] })).toBe("select fit");
      expect(warns({ tables: [table], columns: ["correct"] })).toBe(0);
      expect(after({ tables: [table, "other"], columns: ["correct"] })).toBe("select correct");
      expect(warns({ tables: [table, "other"], columns: ["correct"] })).toBe(1);
      expect(warns({ tables: [table, "other"], columns: ["x.correct"] })).toBe(0);
      expect(warns({ tables: [table, "other"], columns: ["other"] })).toBe(0);
    }
    expect(warns({ tables: ["other"], columns: ["correct"] })).toBe(0);
    expect(warns({ tables: ["triage"], columns: ["triage"] }, "triage")).toBe(0);
  });
});
