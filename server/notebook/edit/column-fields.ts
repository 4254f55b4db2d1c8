import type { Cell } from "../notebook.ts";

/** The fields of a kind that name columns as they are, and the field that names their table. */
export function columnFields({ kind }: Pick<Cell, "kind">): {
  readonly table: string;
  readonly columns: readonly string[];
} | null {
  switch (kind) {
    case "sheet":
      return { table: "rows", columns: ["key"] };
    case "chart":
      return { table: "data", columns: ["x", "y", "series"] };
    case "retrieve":
      return { table: "from", columns: ["text"] };
    default:
      return null;
  }
}
