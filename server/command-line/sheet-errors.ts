import { resultsTable } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { metaColumn } from "./meta-column.ts";
import { settledOutcomes } from "./settled-outcomes.ts";

/** An error of a sheet's column, with how many of its results have it. */
export interface ColumnError {
  readonly column: string;
  readonly message: string;
  readonly count: number;
}

/** The errors in the rows of a sheet, by column and then in the order in which they come first. */
export async function sheetErrors(sheet: string, session: Session, runtime: Runtime): Promise<readonly ColumnError[]> {
  const { state } = session;
  const { tables } = runtime;
  const found: ColumnError[] = [];
  for (const id of state.graph.sheets.get(sheet)!.columns) {
    const { error = 0 } = await settledOutcomes(id, session, runtime);
    if (error === 0) continue;
    const { table } = await resultsTable(id, {}, { state, tables });
    const meta = metaColumn(table);
    const counted = await tables.query({
      sql: `select error, count(*) as count from (
          select ${meta}.error as error, row_number() over () as place from results where ${meta}.outcome = 'error')
        group by error order by min(place)`,
      tables: { results: table },
      parameters: {},
    });
    for (const [message, count] of await tables.rows(counted, 0, counted.rowCount))
      found.push({ column: state.graph.nodes.get(id)!.name, message: String(message), count: Number(count) });
  }
  return found;
}
