import type { Node, Read } from "#server/notebook/graph-node.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { CellError, Position } from "#server/notebook/value.ts";
import { someNames } from "#server/notebook/some-names.ts";
import type { RunContext } from "./run-context.ts";
import type { SheetFrame } from "./sheet-frame.ts";

/** The error of a column that reads what the sheet's rows do not have, itself or through what the sheet binds; null where all is there. */
export function missingColumn(node: Node, frame: SheetFrame, { state }: Pick<RunContext, "state">): CellError | null {
  const { cell, bindings } = state.graph.sheets.get(node.sheet!)!;
  const isMissing = (column: string): boolean => !frame.columns.includes(column);
  for (const read of node.reads) {
    // What neither the row nor a table of the formula has, DuckDB says.
    if (read.type === "row" && isMissing(read.column) && !read.reference.tolerant && !read.reference.mayBeOther)
      return error(read.column, read.reference.position);
    if (read.type !== "bound") continue;
    const binding = bindings.find(({ input }) => input === read.input)!;
    const path = `with.${read.input}`;
    const place =
      cell.configuration.positions[`expression:${path}`] ?? cell.configuration.positions[path] ?? cell.position;
    if (binding.type === "column" && isMissing(binding.column)) return error(binding.column, place);
    const inner = binding.type === "expression" ? binding.reads.find(isLacking) : undefined;
    if (inner?.type === "row") return error(inner.column, place);
  }
  return null;

  function isOutside(name: string): boolean {
    const { nodes, front } = state.graph;
    return nodes.has(name) || front.inputs.some((input) => input.name === name);
  }

  function isLacking(read: Read): boolean {
    return read.type === "row" && isMissing(read.column) && !read.reference.tolerant;
  }

  function error(column: string, position: Position): CellError {
    if (column === "")
      return {
        code: "sheet.whole-row",
        message: "`row` is read as a whole, and a result follows the columns it names",
        cure: `Name those it needs, as in \`row.NAME\` or \`row["NAME"]\`. There are: ${someNames(frame.columns)}.`,
        position,
      };
    const near = nearestName(column, frame.columns);
    const outside = node.kind?.body === "expression-sql" && isOutside(column);
    return {
      code: "sheet.no-column",
      message: `the rows of \`${cell.name}\` have no column \`${column}\``,
      cure: outside
        ? `What stands outside the sheet is \`$${column}\` in a formula.`
        : near === null
          ? `They have: ${someNames(frame.columns)}.`
          : `Did you mean \`${near}\`?`,
      position,
    };
  }
}
