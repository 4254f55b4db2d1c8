import { looks, type EarlyFields } from "./early-fields.ts";
import type { Graph, Sheet } from "./graph-node.ts";
import type { Cell, Diagnostic } from "./notebook.ts";

/** Warnings of early fields that read an input which a sheet binds in each of its rows: they were worked out before there were any. */
export function boundEarlyFields(graph: Graph, { cells, front }: Pick<EarlyFields, "cells" | "front">): Diagnostic[] {
  if (cells.size === 0 && front.size === 0) return [];
  return [...graph.sheets.values()].flatMap((sheet) => {
    const bound = new Set(sheet.bindings.map(({ input }) => input));
    const inFront = warnings(sheet, bound, front, graph.front.positions);
    const ofCells = [...cellsBehind(sheet, graph)].flatMap((cell) =>
      warnings(sheet, bound, cells.get(cell)?.inputs ?? new Map(), cell.configuration.positions, cell),
    );
    return [...inFront, ...ofCells];
  });
}

function warnings(
  { cell: { name: sheet } }: Sheet,
  bound: ReadonlySet<string>,
  fields: ReadonlyMap<string, readonly string[]>,
  positions: Cell["configuration"]["positions"],
  cell?: Cell,
): Diagnostic[] {
  // How a cell looks is the same in all rows.
  const others = [...fields].filter(([field]) => !looks.includes(field));
  return others.flatMap(([field, inputs]) =>
    inputs
      .filter((input) => bound.has(input))
      .map((input) => ({
        severity: "warning",
        code: "sheet.early-field",
        message: `\`${field}\`${cell === undefined ? "" : ` of \`${cell.name}\``} is read before there are rows: it goes by the notebook's \`${input}\`, whatever \`${sheet}\` binds it to`,
        cure: `Take \`${input}\` out of the \`with\` of \`${sheet}\`, or let \`${field}\` go by another input.`,
        position: positions[field] ?? cell?.position ?? { line: 1, column: 1, offset: 0, length: 0 },
        ...(cell === undefined ? {} : { cell: cell.name }),
      })),
  );
}

/** A sheet's cell, and those of what its rows are computed with. */
function cellsBehind(sheet: Sheet, { nodes }: Graph): ReadonlySet<Cell> {
  const reached = new Set([sheet.id, ...sheet.nodes]);
  for (const id of reached)
    for (const read of nodes.get(id)!.reads) if (read.type === "node" && id !== sheet.id) reached.add(read.node);
  return new Set([...reached].flatMap((id) => nodes.get(id)!.wordings));
}
