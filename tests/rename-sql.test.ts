import { afterAll, beforeAll, expect, test } from "vitest";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import { temporaryTables, type TemporaryTables } from "#server/tables/__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** The notebook after a rename, its SQL read by DuckDB. */
async function renamed(text: string, cell: string, to: string): Promise<string> {
  const analyses = new Map<string, SqlAnalysis>();
  for (const { cell } of cellsOf(parseNotebook(text))) {
    if (cell.kind !== "sql" && cell.kind !== "formula") continue;
    analyses.set(
      cell.name,
      await workspace.tables.analyse(cell.source, cell.kind === "sql" ? "statement" : "expression"),
    );
  }
  const applied = applyOperation(text, { type: "rename", cell, to }, { sql: ({ name }) => analyses.get(name) });
  expect(applied.warnings).toEqual([]);
  return applied.text;
}

const notebook = (sql: string, formula: string): string =>
  `---\nsheaf: 1\ninputs: { message: string }\n---\n\`\`\`js topic\n\`\`\`\n~~~~sheet triage\n~~~js correct\n~~~\n~~~~\n\`\`\`sql q\n${sql}\n\`\`\`\n\`\`\`formula f\n${formula}\n\`\`\`\n`;

test.each([
  [
    "a table, its columns and its quoted name",
    "topic",
    'select topic.x, "topic".y, \'topic\' from topic join "topic" b on b.k = topic.k',
    'select answer.x, "answer".y, \'topic\' from answer join "answer" b on b.k = answer.k',
  ],
  [
    "no common table expression, alias, column, string or comment of the name",
    "topic",
    "with topic as (select 1 as topic) select topic.topic, 'topic' from topic -- topic\n",
    "with topic as (select 1 as topic) select topic.topic, 'topic' from topic -- topic\n",
  ],
  ["no alias", "topic", "select topic.x from other topic", "select topic.x from other topic"],
  [
    "a table that a common table expression of its name reads",
    "topic",
    "with topic as (from topic) from topic",
    "with topic as (from answer) from topic",
  ],
  [
    "a table in another case, behind letters of two code units",
    "topic",
    "select '😀' as \"é😀\" from TOPIC",
    "select '😀' as \"é😀\" from answer",
  ],
  ["a parameter", "message", "select $message, '$message' -- $message\n", "select $answer, '$message' -- $message\n"],
  [
    "a path with comments between",
    "triage.correct",
    "select 1 from triage /* of */ . -- the sheet\n correct",
    "select 1 from triage /* of */ . -- the sheet\n answer",
  ],
  ["a path's sheet", "triage", 'select x from "triage"."correct", triage', 'select x from "answer"."correct", answer'],
])("a rename in SQL reaches %s", async (_, cell, sql, expected) => {
  const [kind, name] = cell === "message" ? ["message: string", "answer: string"] : [`js ${cell}\n`, "js answer\n"];
  const before = notebook(sql, "1 + 1");
  const after = await renamed(before, cell, "answer");
  const declared = before
    .replace(kind, name)
    .replace("sheet triage", cell === "triage" ? "sheet answer" : "sheet triage");
  const inner = cell === "triage.correct" ? declared.replace("js correct\n", "js answer\n") : declared;
  expect(after).toBe(inner.replace(sql, () => expected));
});

test("a rename reaches the names in a formula", async () => {
  const after = await renamed(notebook("select 1", "topic * 2 + length('topic') + price"), "topic", "answer");
  expect(after).toContain("\nanswer * 2 + length('topic') + price\n");
});
