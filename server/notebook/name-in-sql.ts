import type { Names } from "./graph-names.ts";
import { foldName } from "./names.ts";
import type { Cell } from "./notebook.ts";
import type { Reference } from "./reference.ts";

/**
 * A name in SQL, which tells no upper from lower case, as the cell or the column of a sheet it names is written; as it is where it
 * names neither. `nested` are the cells of the reader's own sheet, `columnsOf` says which columns a sheet has.
 */
export function nameInSql(
  reference: Reference,
  { inputs, outer }: Pick<Names, "inputs" | "outer">,
  nested: ReadonlyMap<string, unknown>,
  columnsOf: (sheet: Cell) => readonly string[],
): Reference {
  const {
    name: written,
    path: [member, ...rest],
  } = reference;
  const isOne = inputs.has(written) || outer.has(written) || nested.has(written);
  const name = isOne ? written : (folded(written, [...nested.keys(), ...outer.keys()]) ?? written);
  const [sheet] = outer.get(name) ?? [];
  if (member === undefined || sheet?.kind !== "sheet") return isOne ? reference : { ...reference, name };
  const columns = columnsOf(sheet);
  const column = columns.includes(member) ? member : (folded(member, columns) ?? member);
  return { ...reference, name, path: [column, ...rest] };
}

function folded(name: string, names: readonly string[]): string | undefined {
  const fold = foldName(name);
  return names.find((one) => foldName(one) === fold);
}
