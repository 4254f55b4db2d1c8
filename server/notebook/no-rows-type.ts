import type { CellKind } from "./cell-kind.ts";
import type { RowsRead } from "./graph-node.ts";
import type { Cell, FrontMatter } from "./notebook.ts";

/** The types an input may have that gives a sheet its rows. */
const rowsTypes: ReadonlySet<string> = new Set(["table", "json", "messages"]);

/** What an input or a cell gives for rows, in a word, where that is known to be no rows; null otherwise. */
export function noRowsType(
  read: RowsRead,
  front: Pick<FrontMatter, "inputs">,
  drafts: ReadonlyMap<string, { readonly kind: CellKind | null; readonly wordings: readonly Cell[] }>,
): string | null {
  if (read.type === "input") {
    const { type } = front.inputs.find(({ name }) => name === read.input)!;
    return rowsTypes.has(type) ? null : type;
  }
  const { kind, wordings } = drafts.get(read.node)!;
  const known = read.type === "node" ? kind?.valueType?.(wordings[0]!) : undefined;
  if (known === undefined || known.type === "table") return null;
  if (known.type !== "plain") return known.type;
  const { type } = known.schema;
  return typeof type === "string" && type !== "array" ? type : null;
}
