import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CellView } from "#server/workbench/view.ts";

const line = 22;
/** Of a row of a tree of JSON. */
const rowHeight = 20;

/** Pixels to keep for what a cell has not come to yet: two lines of free text, one for each field of an answer by a schema, the whole of a chart. */
export function awaitedRoom({
  kind,
  configuration,
  source,
}: Pick<CellView, "kind" | "configuration" | "source">): number {
  switch (kind) {
    case "prompt":
      return configuration["schema"] === undefined
        ? 2 * line
        : Math.max(line + 2, rowHeight * treeRows(configuration["schema"]));
    case "chart":
      return 326;
    case "test":
      return 2 + 34 * Math.max(1, source.split("\n").filter((text) => /^\s*[^\s#]/.test(text)).length);
    default:
      return line + 2;
  }
}

/** Rows that the tree of an answer by a schema has at first: itself and its fields; one of what has none. */
function treeRows(schema: Datum): number {
  if (!isMapping(schema)) return 1;
  const { enum: labels, type, properties } = schema;
  if (typeof properties === "object" && properties !== null) return 1 + Object.keys(properties).length;
  return typeof type === "string" || labels !== undefined ? 1 : 1 + Object.keys(schema).length;
}
