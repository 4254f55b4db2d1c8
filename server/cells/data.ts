import { z } from "zod";
import { positionAt } from "#server/language/position.ts";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** A line of configuration, as it is left without `---` around it. */
const settingLine = /^(?:file|format|key|encoding):(?:\s|$)/;

const formats = ["csv", "json", "jsonl", "yaml"] as const;

/** Rows written in the notebook, or a file of the workspace's datasets. */
export const data = defineCellKind({
  kind: "data",
  version: 2,
  title: "Data",
  description: "Rows written here, or a dataset file.",
  body: "data",
  starter: () => "text\nfirst\nsecond",
  configuration: z.strictObject({
    file: z.string().optional(),
    format: z.enum(formats).optional(),
    key: z.string().optional(),
    encoding: z.string().optional(),
  }),
  fields: [
    { key: "file", label: "File", control: "file", help: "A file below datasets/: CSV, JSON, JSONL or Parquet." },
    { key: "format", label: "Format", control: "choice", options: formats },
    { key: "key", label: "Key", control: "text", help: "The column that tells rows apart." },
    { key: "encoding", label: "Encoding", control: "text", help: "UTF-8 unless you say: `latin1`, `shift_jis`, …" },
  ],
  early: ["key"],
  effect: () => "local",
  valueType: () => ({ type: "table" }),
  async *run({ source, items }, services) {
    for (const [index, { configuration }] of items.entries()) {
      const { file, format, encoding, key } = configuration;
      if (file !== undefined && source.trim() !== "") {
        throw new SheafError("data.two-sources", "the cell has rows of its own and a `file:`", {
          cure: "Keep one of them.",
        });
      }
      const lines = source.split("\n").filter((line) => line.trim() !== "");
      if (format === undefined && lines.length > 0 && lines.every((line) => settingLine.test(line))) {
        throw new SheafError("data.configuration", "the cell's rows look like its configuration", {
          cure: "Put a line `---` before and after the configuration.",
          position: positionAt(source, source.indexOf(lines[0]!), source.trimEnd().length),
        });
      }
      const keyed = key === undefined ? {} : { key };
      const value =
        file === undefined
          ? await services.importText(source, format ?? formatOf(source), keyed)
          : await services.importFile(file, encoding === undefined ? keyed : { ...keyed, encoding });
      yield { type: "value", item: index, value: { type: "table", value } };
    }
  },
});

/** What rows without a stated format are: JSON and JSONL by their first character, YAML by a list's dash, CSV otherwise. */
function formatOf(source: string): (typeof formats)[number] {
  const start = source.trimStart();
  if (start.startsWith("[")) return "json";
  if (start.startsWith("{")) return "jsonl";
  return start.startsWith("- ") ? "yaml" : "csv";
}
