import { exactInteger } from "#server/notebook/value-json.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { RequestRecord } from "#server/store/store.ts";

type Row = { [column: string]: unknown };

/**
 * Requests as the lines of a JSONL dataset, oldest first, a column for each input and output: `request`, `asked_at`, `version` and
 * `status`, then what was given, then what was answered. An output that is called like one of those is `NAME_output`. Requests that have no
 * end yet are left out.
 */
export function requestRows(requests: readonly RequestRecord[]): readonly string[] {
  const ended = requests.filter(({ status }) => status === "done" || status === "failed");
  const rows = ended.map(rowOf);
  // Every row has every column: a dataset's first rows say which there are.
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return rows
    .toReversed()
    .map((row) => toJson(Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))));
}

function rowOf({ id, startedAt, version, status, inputs, answer }: RequestRecord): Row {
  const given = JSON.parse(inputs, exactInteger) as Row;
  const { outputs = {} } = JSON.parse(answer ?? "{}", exactInteger) as { readonly outputs?: Row };
  const row: Row = { request: id, asked_at: new Date(startedAt).toISOString(), version, status };
  for (const [name, value] of Object.entries(given)) row[Object.hasOwn(row, name) ? `${name}_input` : name] = value;
  const taken = new Set(Object.keys(row));
  for (const [name, value] of Object.entries(outputs)) row[taken.has(name) ? `${name}_output` : name] = value;
  return row;
}
