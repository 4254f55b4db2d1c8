import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { Readable } from "node:stream";
import type { Handler } from "hono";
import { z } from "zod";
import type { ApiContext } from "#server/api/context.ts";
import { notebookPath } from "#server/api/schemas.ts";
import { sheetView } from "#server/api/view-schemas.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";

const types = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  jsonl: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
} as const;

const asked = z.object({
  notebook: notebookPath,
  sheet: z.string().min(1).max(300),
  format: z.enum(["csv", "json", "jsonl", "parquet"]),
  view: z.string().max(100_000).default('{"filters":[],"sort":[],"search":""}'),
});

/** Downloads the rows of a view of a sheet: `/api/export?notebook=…&sheet=…&format=csv&view=…`, the view as JSON. */
export function exportSheetHandler({ notebooks }: Pick<ApiContext, "notebooks">): Handler {
  return async (context) => {
    try {
      const { notebook, sheet, format, view } = asked.parse(context.req.query());
      const { session } = await notebooks.open(notebook);
      const file = await session.exportSheet(sheet, sheetView.parse(JSON.parse(view)), format);
      if (file === null)
        throw new SheafError("sheet.no-rows", `the rows of \`${sheet}\` are not there`, {
          cure: "Run the cell that gives them first.",
        });
      const { size } = await stat(file.path);
      const bytes = createReadStream(file.path);
      // It was written for this download alone.
      bytes.on("close", () => void rm(dirname(file.path), { recursive: true, force: true }));
      return context.body(Readable.toWeb(bytes) as ReadableStream, 200, {
        "content-type": types[format],
        "content-length": String(size),
        "content-disposition": `attachment; filename="${basename(file.path)}"`,
        "x-content-type-options": "nosniff",
      });
    } catch (thrown) {
      if (thrown instanceof SheafError) return context.json({ error: toCellError(thrown) }, 400);
      if (thrown instanceof z.ZodError || thrown instanceof SyntaxError)
        return context.json({ error: { code: "api.input", message: thrown.message } }, 400);
      throw thrown;
    }
  };
}
