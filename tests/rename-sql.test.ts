import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

const priced = (formula: string, sheet = "", above = ""): string =>
  `---\nsheaf: 1\ninputs: { rate: number, share: number }\noutputs: [twice]\n---\n\`\`\`data rows\nid,price,rate\n1,2,3\n\`\`\`\n\`\`\`js price\nreturn 100\n\`\`\`\n\`\`\`js twice\nreturn share * 2\n\`\`\`\n${above}~~~~sheet s\n---\nrows: rows\n${sheet}---\n~~~js own\nreturn 1\n~~~\n~~~formula f\n${formula}\n~~~\n~~~~\n`;

describe("a rename in a formula of a sheet", () => {
  const formula = async (source: string, cell: string, to: string, sheet?: string): Promise<string> =>
    /~~~formula f\n(.*)\n~~~/.exec(await renamed(priced(source, sheet), cell, to))![1]!;

  test("follows a cell or an input outside by `$name` alone: the bare name is the row's column", async () => {
    expect(await formula("price * 10 + $price", "price", "cost")).toBe("price * 10 + $cost");
    expect(await formula("rate * 10 + $rate", "rate", "part")).toBe("rate * 10 + $part");
    expect(await formula("twice + $twice", "twice", "double")).toBe("twice + $double");
  });

  test("follows the sheet's cells, its columns and the inputs its rows give by their bare names too", async () => {
    expect(await formula("own + $own + price", "s.own", "mine")).toBe("mine + $mine + price");
    const given = "with: { share: =row.id }\n";
    expect(await formula("share + $share", "share", "part", given)).toBe("part + $part");
    expect(await formula("twice + $twice", "twice", "doubled", given)).toBe("doubled + $doubled");
    expect(await formula("twice + $twice", "twice", "doubled", `${given}columns: [twice]\n`)).toBe(
      "doubled + $doubled",
    );
    expect(await formula("twice + $twice", "twice", "doubled", `${given}columns: [f]\n`)).toBe("twice + $doubled");
  });

  test("is refused where the row's column of the new name would be covered", async () => {
    await expect(formula("own + price", "s.own", "id")).resolves.toBe("id + price");
    await expect(formula("own + id", "s.own", "id")).rejects.toMatchObject({
      code: "operation.would-capture",
      message: "in `f`: `id` is the row's column there",
    });
    await expect(formula("rate + id", "price", "id")).resolves.toBe("rate + id");
    await expect(formula("id", "share", "id", "with: { share: =row.id }\n")).rejects.toMatchObject({
      code: "operation.would-capture",
    });
  });
});
