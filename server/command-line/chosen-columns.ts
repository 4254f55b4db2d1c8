import { chosenVariant } from "#server/notebook/axis.ts";
import { sheetSpecs } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { plainTable } from "./results-json.ts";

/** A column with axes at the labels that are shown, in the order of the rows; null where there is no value. */
export interface ChosenColumn {
  readonly name: string;
  /** Those labels: `small 5`. */
  readonly labels: string;
  readonly values: readonly unknown[];
}

/** A sheet's columns with axes, each at the labels that `choose` names or its first ones. */
export async function chosenColumns(
  sheet: string,
  { state }: Session,
  runtime: Runtime,
): Promise<readonly ChosenColumn[]> {
  const frame = state.frames.get(sheet);
  const varied = state.graph.sheets
    .get(sheet)!
    .columns.map((id) => state.graph.nodes.get(id)!)
    .filter((node) => node.axes.length > 0 && node.blocked === null)
    .map((node) => ({ node: node.name, at: chosenVariant(node.axes, state.graph.front.choose) }));
  if (frame === undefined || varied.length === 0) return [];
  const table = await runtime.tables.sheets.wideTable({
    frame: frame.frame,
    nodes: sheetSpecs(sheet, { state, tables: runtime.tables }),
    columns: varied,
  });
  const { columns, rows } = await plainTable(table, runtime);
  // They stand last, under names of their own where the row has a column of that name.
  const names = columns.slice(-varied.length).map(({ name }) => name);
  return varied.map(({ node, at }, index) => ({
    name: node,
    labels: Object.values(at).join(" "),
    values: rows.map((row) => row[names[index]!] ?? null),
  }));
}
