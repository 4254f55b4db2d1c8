import type { Cell } from "../notebook.ts";

/** The columns that the rows written in a data cell begin with; null where they are in a file, or are no CSV. */
export function writtenColumns({ kind, source, configuration }: Cell): readonly string[] | null {
  const { file, format } = configuration.values;
  if (kind !== "data" || file !== undefined) return null;
  const [header = ""] = source.trimStart().split(/[\r\n]/, 1);
  const isCsv = format === undefined ? !/^(?:[[{]|- )/.test(header) : format === "csv";
  return isCsv ? header.split(/[,;|\t]/).map((name) => name.trim().replace(/^"(.*)"$/, "$1")) : null;
}
