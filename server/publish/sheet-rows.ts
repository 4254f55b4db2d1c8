import { chosenVariant } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Sheet } from "#server/notebook/graph-node.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { keyName, rowKey } from "#server/notebook/row-key.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import type { SessionState } from "#server/runner/session-state.ts";
import type { ShownResult } from "#server/tables/sheet-store.ts";
import type { Tables } from "#server/tables/tables.ts";
import { callerError } from "./caller-error.ts";
import { callerValue } from "./caller-value.ts";

/** A sheet as a caller gets it: a row for each of its rows, in their order, with its columns at the chosen labels. */
export interface CallerSheet {
  readonly rows: readonly { readonly [column: string]: unknown }[];
  /** How many rows have an `error`. */
  readonly failed: number;
}

/** The member of a value that a path leads to; null where there is none. */
function memberAt(value: Datum, path: readonly string[]): Datum {
  return path.reduce<Datum>((found, name) => (isMapping(found) ? (found[name] ?? null) : null), value);
}

/** The rows of a sheet whose columns have been computed. An error in a row is in its `error`, and fails nothing else. */
export async function sheetRows(
  { id, columns, key: named, of, nodes }: Sheet,
  { graph, frames }: SessionState,
  tables: Tables,
): Promise<CallerSheet> {
  const { frame, rowCount } = frames.get(id)!;
  const range = { frame, from: 0, to: rowCount };
  const key = named === null ? null : rowKey(named, of);
  const page = await tables.sheets.page({ ...range, columns: key === null || rowCount === 0 ? [] : [key.column] });
  const chosenOf = (node: string): Coordinates => chosenVariant(graph.nodes.get(node)!.axes, graph.front.choose);
  const resultsOf = async (node: string): Promise<ReadonlyMap<string, ShownResult>> => {
    const { name } = graph.nodes.get(node)!;
    const found = await tables.sheets.results({ ...range, node: name, variants: [chosenOf(node)] });
    return new Map(found.map((result) => [result.row, result]));
  };
  const shown = await Promise.all(
    columns.map(async (node) => ({ name: graph.nodes.get(node)!.name, results: await resultsOf(node) })),
  );
  let causes: Promise<ReadonlyMap<string, CellError>> | undefined;

  /** The first error of each row, also in columns that are not shown. */
  async function findCauses(): Promise<ReadonlyMap<string, CellError>> {
    const found = new Map<string, CellError>();
    for (const node of nodes)
      for (const [row, { outcome, error }] of await resultsOf(node))
        if (outcome === "error" && error !== null && !found.has(row)) found.set(row, JSON.parse(error) as CellError);
    return found;
  }

  let failed = 0;
  const rows: { [column: string]: unknown }[] = [];
  for (const [index, row] of page.rows.entries()) {
    const plain: { [column: string]: unknown } =
      key === null ? {} : { [keyName(key)]: memberAt(page.columns[0]![index] ?? null, key.path) };
    let error: object | undefined;
    for (const { name, results } of shown) {
      const result = results.get(row);
      const hasValue = result?.outcome === "ok" && result.value !== null;
      plain[name] = hasValue ? await callerValue(decodeValue(result.value), tables) : null;
      if (hasValue || result?.outcome === "skipped" || error !== undefined) continue;
      const own = result?.outcome === "error" && result.error !== null ? (JSON.parse(result.error) as CellError) : null;
      const cause = own ?? (await (causes ??= findCauses())).get(row) ?? { code: "cell.no-result" };
      plain["error"] = error = { output: name, ...callerError(cause) };
    }
    if (error !== undefined) failed += 1;
    rows.push(plain);
  }
  return { rows, failed };
}
