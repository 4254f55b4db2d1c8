import { LineCounter, parseDocument } from "yaml";
import type { Datum } from "#server/notebook/value.ts";

/** What is wrong with a text as YAML, in which line where that is known. */
export class YamlProblem extends Error {
  readonly line: number | null;
  readonly cure: string;

  constructor(line: number | null, message: string, cure: string) {
    super(message);
    this.line = line;
    this.cure = cure;
  }
}

/** YAML 1.2 as data, with integers beyond 2^53 exact as `bigint`. Throws a `YamlProblem`. */
export function parseYaml(text: string): Datum {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { version: "1.2", intAsBigInt: true, lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw new YamlProblem(
      lineCounter.linePos(error.pos[0]).line,
      `it is not YAML: ${error.message}`,
      "Correct it; a text with `: ` or a leading sign needs quotes.",
    );
  try {
    return plain(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new YamlProblem(null, `it is not YAML that can be read: ${said}`, "Write the values out instead of aliases.");
  }
}

/** Data with integers as numbers where they are exact. */
function plain(value: unknown): Datum {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
  return (value ?? null) as Datum;
}
