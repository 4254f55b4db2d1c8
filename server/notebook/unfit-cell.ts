import type { CellKind } from "./cell-kind.ts";
import type { Cell } from "./notebook.ts";
import type { CellError } from "./value.ts";

/** Why a cell cannot be computed whatever it reads; null where nothing is wrong with it. `misnamed` is what is wrong with names, by the cells' offsets. */
export function unfitCell(
  wordings: readonly Cell[],
  kind: CellKind | null,
  sheet: string | null,
  misnamed: ReadonlyMap<number, CellError>,
): CellError | null {
  const cell = wordings[0]!;
  if (kind === null) {
    return {
      code: "notebook.unknown-kind",
      message: `no kind of cell \`${cell.kind}\` is known here`,
      cure: "The cell is kept as it is; open it with a release that knows the kind.",
    };
  }
  // Half a configuration might send, and pay for, what nobody asked for.
  const misread = wordings.find(({ configuration }) => configuration.problem !== undefined);
  if (misread !== undefined) {
    const { code, message, cure, position } = misread.configuration.problem!;
    return { code, message, position, ...(cure === undefined ? {} : { cure }) };
  }
  const doubled = wordings.length > 1 && wordings.some((wording) => wording.label === null);
  if (doubled) {
    return {
      code: "graph.duplicate",
      message: `${wordings.length} cells are called \`${cell.name}\``,
      cure: `Rename one, or make them wordings of one cell: \`${cell.name}.short\`, \`${cell.name}.long\`.`,
    };
  }
  const ofName = wordings.flatMap(({ position }) => misnamed.get(position.offset) ?? [])[0];
  if (ofName !== undefined) return ofName;
  if (kind.body === "cells" && sheet !== null) {
    return {
      code: "graph.nested-sheet",
      message: `the sheet \`${cell.name}\` stands in the rows of \`${sheet}\``,
      cure: "A sheet within a sheet's rows is not there yet: put it beside, and join the two in SQL.",
    };
  }
  if (kind.body === "cells" && wordings.length > 1) {
    return {
      code: "graph.sheet-wordings",
      message: `\`${cell.name}.${cell.label}\` and \`${cell.name}.${wordings[1]!.label}\` are wordings of a sheet, which has none`,
      cure: "Give each sheet a name of its own, or make wordings of the cells in one.",
      position: wordings[1]!.position,
    };
  }
  return null;
}
