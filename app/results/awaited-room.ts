import type { CellView } from "#server/workbench/view.ts";

const line = 22;

/** Pixels to keep for what a cell has not come to yet: two lines of free text, one of an answer by a schema, the whole of a chart. */
export function awaitedRoom({
  kind,
  configuration,
  source,
}: Pick<CellView, "kind" | "configuration" | "source">): number {
  switch (kind) {
    case "prompt":
      return configuration["schema"] === undefined ? 2 * line : line + 2;
    case "chart":
      return 326;
    case "test":
      return 2 + 34 * Math.max(1, source.split("\n").filter((text) => /^\s*[^\s#]/.test(text)).length);
    default:
      return line + 2;
  }
}
