import { toCellError } from "#server/notebook/sheaf-error.ts";

/** Whether an error says that rows of a sheet went while they were worked on, as where the cache is deleted: of rows that a run opened, nothing else does. */
export function isLost(thrown: unknown): boolean {
  return ["sheet.frame", "sheet.row"].includes(toCellError(thrown).code);
}
