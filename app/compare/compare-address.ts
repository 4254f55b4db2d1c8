import { notebookAddress } from "../notebook/notebook-address";

/** The page on which a prompt's variants stand side by side, of one in a sheet in a row by its number. */
export function compareAddress(path: string, node: string, row: number | null = null): string {
  return `${notebookAddress(path)}?compare=${encodeURIComponent(node)}${row === null ? "" : `&row=${row}`}`;
}
