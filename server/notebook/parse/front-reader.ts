import { nearestName } from "../nearest-name.ts";
import type { Configuration, Diagnostic } from "../notebook.ts";
import type { Datum } from "../value.ts";

/** What the readers of front matter share: where values stand, and where to report. */
export interface FrontReader {
  readonly configuration: Configuration;
  readonly text: string;
  readonly report: (
    path: string,
    code: string,
    message: string,
    cure: string,
    severity?: Diagnostic["severity"],
  ) => void;
}

/** Reports keys nobody reads; they stay in the text. */
export function reportUnknownKeys(
  reader: FrontReader,
  keys: readonly string[],
  path: string,
  known: readonly string[],
  of: string,
): void {
  for (const key of keys) {
    // A line without a key is an error of its YAML.
    if (known.includes(key) || key === "") continue;
    const near = nearestName(key, known);
    const cure = near === null ? `Known keys are ${known.join(", ")}.` : `Did you mean \`${near}\`?`;
    const message = `\`${key}\` is not a key of ${of}; it is kept and not read`;
    reader.report(`key:${path}${key}`, "notebook.unknown-key", message, cure, "warning");
  }
}

/** A scalar's source text: `0.10` stays `0.10`, a quoted text is its content; null for a list or a mapping. */
export function scalarText(reader: FrontReader, path: string, value: Datum): string | null {
  if (typeof value === "string") return value;
  if (value !== null && typeof value === "object") return null;
  const { positions } = reader.configuration;
  const position = positions[`computed:${path}`] === undefined ? positions[path] : undefined;
  const source = position === undefined ? "" : reader.text.slice(position.offset, position.offset + position.length);
  return source === "" || source.startsWith("*") ? String(value) : source;
}
