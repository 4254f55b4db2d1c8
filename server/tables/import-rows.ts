import { readFile, stat } from "node:fs/promises";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./duckdb-session.ts";
import { parseJson } from "./parse-json.ts";
import { repeatedKey } from "./repeated-key.ts";
import { parseYaml, YamlProblem } from "./parse-yaml.ts";
import type { SourceText } from "./source-file.ts";

/** A row as an object by column. */
export type Row = { readonly [column: string]: Datum };

/** Reads the rows of a text that is a list of objects. The error of one that is not says which and on which line. */
export async function readRows(
  session: Session,
  source: SourceText,
  format: "json" | "jsonl" | "yaml",
): Promise<readonly Row[]> {
  if ((await stat(source.path)).size > largestText)
    throw source.error("data.size", null, "it is larger than 256 MB", "Give it as CSV or Parquet.");
  const text = (await readFile(source.path, "utf8")).replace(/^\uFEFF/, "");
  if (text.trim() === "")
    throw source.error("data.empty", null, "there is nothing in it", `Give a list of rows as ${format.toUpperCase()}.`);
  switch (format) {
    case "json":
      return rowsOf(source, await readJson(session, source, text, 1));
    case "jsonl":
      return await readLines(session, source, text);
    case "yaml":
      return rowsOf(source, readYaml(source, text));
  }
}

const largestText = 256 * 1024 * 1024;

function rowsOf(source: SourceText, data: Datum): readonly Row[] {
  if (!Array.isArray(data))
    throw source.error(
      "data.rows",
      1,
      `it is ${kindOf(data)} and no list of rows`,
      "Give a list of objects, `[{ … }, { … }]`.",
    );
  return data.map((row: Datum, index) => {
    if (!isRow(row))
      throw source.error(
        "data.rows",
        null,
        `row ${index + 1} is ${kindOf(row)} and no object`,
        "Give every row as an object whose keys are the columns.",
      );
    return row;
  });
}

async function readLines(session: Session, source: SourceText, text: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const row = await readJson(session, source, line, index + 1);
    if (!isRow(row))
      throw source.error("data.rows", index + 1, `it is ${kindOf(row)} and no object`, "Give one object a line.");
    rows.push(row);
  }
  return rows;
}

async function readJson(session: Session, source: SourceText, text: string, firstLine: number): Promise<Datum> {
  const lineAt = (before: string): number => firstLine + (before.match(/\r\n|\n|\r/g)?.length ?? 0);
  let data: Datum;
  try {
    data = parseJson(text);
  } catch (error) {
    const offset = await malformedAt(session, text);
    const before = offset === null ? "" : Buffer.from(text).toString("utf8", 0, offset);
    const said = error instanceof Error ? error.message : String(error);
    throw source.error(
      "data.json",
      offset === null ? null : lineAt(before),
      `it is not JSON: ${said}`,
      "Correct it; keys and texts stand in double quotes.",
    );
  }
  const repeated = repeatedKey(text);
  if (repeated === null) return data;
  throw source.error(
    "data.json",
    lineAt(text.slice(0, repeated.offset)),
    `an object has ${JSON.stringify(repeated.key)} twice`,
    "Give each key of an object once.",
  );
}

/** Where JSON ends to be JSON, a byte offset: `JSON.parse` does not always say, DuckDB's parser does. */
async function malformedAt(session: Session, text: string): Promise<number | null> {
  try {
    await session.queryColumns("select cast($text as JSON)", { text });
    return null;
  } catch (error) {
    const at = /at byte (\d+)/.exec(error instanceof Error ? error.message : "");
    return at === null ? null : Number(at[1]);
  }
}

function readYaml(source: SourceText, text: string): Datum {
  try {
    return parseYaml(text);
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem;
    throw source.error("data.yaml", problem.line, problem.message, problem.cure);
  }
}

function isRow(datum: Datum): datum is Row {
  return isMapping(datum);
}

function kindOf(datum: Datum): string {
  if (datum === null) return "null";
  if (Array.isArray(datum)) return "a list";
  return typeof datum === "object" ? "an object" : `a ${typeof datum === "bigint" ? "number" : typeof datum}`;
}
