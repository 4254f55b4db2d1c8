import { notebookAddress } from "../notebook/notebook-address";

/** The page on which a prompt's variants stand side by side. */
export function compareAddress(path: string, node: string): string {
  return `${notebookAddress(path)}?compare=${encodeURIComponent(node)}`;
}
