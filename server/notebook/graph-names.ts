import { nearestName } from "./nearest-name.ts";
import type { Cell, Notebook } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import type { CellError } from "./value.ts";

/** The names of a notebook: what stands at the top, what stands in sheets, and who reads what. */
export interface Names {
  readonly inputs: ReadonlySet<string>;
  /** Cells at the top by name, with their wordings, or with all that share a name by mistake. */
  readonly outer: ReadonlyMap<string, readonly Cell[]>;
  /** The sheet of each cell that stands in one. */
  readonly nestedIn: ReadonlyMap<string, string>;
  /** For each name, the cells at the top that read it. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
}

export function namesOf(notebook: Notebook, referencesOf: (cells: readonly Cell[]) => readonly Reference[]): Names {
  const outer = byName(notebook.cells);
  const nestedIn = new Map<string, string>();
  const readers = new Map<string, string[]>();
  for (const [name, cells] of outer) {
    for (const cell of cells) for (const child of cell.cells) nestedIn.set(child.name, cell.name);
    for (const reference of referencesOf(cells)) {
      const known = readers.get(reference.name);
      if (known === undefined) readers.set(reference.name, [name]);
      else known.push(name);
    }
  }
  return { inputs: new Set(notebook.front.inputs.map((input) => input.name)), outer, nestedIn, readers };
}

/** Cells by their name in the spelling of the first, whatever its case. */
export function byName(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const map = new Map<string, Cell[]>();
  const spelled = new Map<string, string>();
  for (const cell of cells) {
    const name = spelled.get(cell.name.toLowerCase()) ?? cell.name;
    spelled.set(cell.name.toLowerCase(), name);
    const list = map.get(name);
    if (list === undefined) map.set(name, [cell]);
    else list.push(cell);
  }
  return map;
}

/** The error of a name that stands for nothing, with the nearest one there is. `within` is the sheet the reader stands in. */
export function unknownName(
  { name, position }: Pick<Reference, "name" | "position">,
  { inputs, outer, nestedIn }: Names,
  within: { readonly cell: Cell; readonly nested: ReadonlyMap<string, unknown> } | null,
  what = "input or cell",
): CellError {
  const names = [...inputs, ...outer.keys(), ...(within?.nested.keys() ?? [])];
  const near = nearestName(name, names);
  const owner = nestedIn.get(name);
  const cure =
    owner !== undefined && within?.cell.name !== owner
      ? `It is a cell of the sheet \`${owner}\`: read \`${owner}.${name}\`.`
      : near === null
        ? `There are: ${names.slice(0, 12).join(", ") || "none yet"}.`
        : `Did you mean \`${near}\`?`;
  return { code: "graph.unknown-name", message: `there is no ${what} \`${name}\``, cure, position };
}
