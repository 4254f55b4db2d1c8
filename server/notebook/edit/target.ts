import { cellsNamed, cellsOf, type PlacedCell } from "../cells-of.ts";
import { nearestName } from "../nearest-name.ts";
import type { Cell, Notebook } from "../notebook.ts";
import { SheafError } from "../sheaf-error.ts";

/** The cells a path names, all wordings of a name together. Throws `operation.no-cell` where there is none. */
export function targets(notebook: Notebook, path: string): readonly PlacedCell[] {
  const found = cellsNamed(notebook, path);
  if (found.length > 0) return found;
  const paths = cellsOf(notebook).map((placed) => placed.path);
  const near = nearestName(path, paths);
  throw new SheafError("operation.no-cell", `there is no cell \`${path}\``, {
    cure: near === null ? `There are: ${paths.slice(0, 12).join(", ") || "none yet"}.` : `Did you mean \`${near}\`?`,
  });
}

/** The one cell a path names. Throws `operation.ambiguous` where several do: wordings are named with their label. */
export function target(notebook: Notebook, path: string): PlacedCell {
  const found = targets(notebook, path);
  if (found.length > 1)
    throw new SheafError("operation.ambiguous", `\`${path}\` names ${found.length} cells`, {
      cure:
        found[0]!.cell.label === null
          ? "Rename one of them first."
          : `Name one: ${found.map((placed) => `\`${placed.path}\``).join(", ")}.`,
    });
  return found[0]!;
}

/** A cell and what contains it, from the inside out. */
export function chainOf(notebook: Notebook, cell: Cell): readonly Cell[] {
  const chain: Cell[] = [];
  const containers = new Map(cellsOf(notebook).map((placed) => [placed.cell, placed.container]));
  for (let at: Cell | null = cell; at !== null; at = containers.get(at) ?? null) chain.push(at);
  return chain;
}
