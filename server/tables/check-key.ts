import { nearestName } from "#server/notebook/nearest-name.ts";
import type { Table } from "#server/notebook/value.ts";
import { createFromData } from "./data-table.ts";
import { quoted, type Session } from "./duckdb-session.ts";
import { keyProblem } from "./key-problem.ts";
import { identityText } from "./sheet-input-sql.ts";
import type { SourceText } from "./source-file.ts";
import type { TableFiles } from "./table-files.ts";

/**
 * Throws where the column `key` does not tell the rows of an imported table apart: `data.no-key` where there is no such column,
 * `data.empty-key` and `data.duplicate-key` with the rows' numbers and the line `lineOf` has for one of them.
 */
export async function checkKey(
  session: Session,
  files: TableFiles,
  table: Table,
  key: string,
  source: SourceText,
  lineOf: (row: number) => number | null,
): Promise<void> {
  const names = table.columns.map(({ name }) => name);
  const place = names.indexOf(key);
  if (place < 0) {
    const near = nearestName(key, names);
    const cure = near === null ? `The columns are ${names.join(", ") || "none"}.` : `Did you mean \`${near}\`?`;
    throw source.error("data.no-key", null, `there is no column ${key} to tell rows apart by`, cure);
  }
  const column = table.columns[place]!;
  if (table.rows !== undefined) {
    const data = table.rows.map((row) => row[place] ?? null);
    await createFromData(session, "temp table keyed", [column], [data]);
  }
  const rows = table.rows === undefined ? files.source(table) : "temp.main.keyed";
  const label = identityText(quoted(key), column);
  const labelled = `(select row_number() over () - 1 as ordinal, ${label} as label from ${rows})`;
  const problem = await keyProblem(session, labelled, key);
  if (problem !== null) throw source.error(`data.${problem.type}`, lineOf(problem.row), problem.message, problem.cure);
}
