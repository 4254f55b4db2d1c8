import type { RowsForm } from "./graph-node.ts";

/** Where a row's key stands: in a column, or in a member of its value that the path leads to. */
export interface RowKey {
  readonly column: string;
  readonly path: readonly string[];
}

/** What the setting `key` of a sheet names: a column, or of a list's elements a member, `item.id`. */
export function rowKey(key: string, of: RowsForm | null): RowKey {
  const [column = "", ...path] = key.split(".");
  return of === "list" && column === "item" ? { column, path } : { column: key, path: [] };
}

/** The key's own name, `id` of `item.id`. */
export function keyName({ column, path }: RowKey): string {
  return path.at(-1) ?? column;
}
