import { notebookFile } from "../notebook/notebook-address.ts";

/** Where a call comes from, before what it is for: `letters.md · `; nothing outside notebooks. */
export function inNotebook(path: string): string {
  return path === "" ? "" : `${notebookFile(path)} · `;
}
