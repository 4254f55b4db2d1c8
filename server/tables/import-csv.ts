import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Table } from "#server/notebook/value.ts";
import { csvScanner, type CsvFacts } from "./csv-scan.ts";
import { readCsvHeader, type CsvHeader } from "./csv-header.ts";
import { findColumnTypes } from "./csv-types.ts";
import { fileLiteral, literal, quoted, type Session } from "./duckdb-session.ts";
import type { SourceText } from "./source-file.ts";
import type { TableFiles } from "./table-files.ts";
import { isOutOfMemory } from "./table-limits.ts";

/**
 * Imports CSV text with a header. Every record must have the header's number of fields; blank lines are passed over; an
 * empty field is null, `""` the empty text. The text is read twice: by a scanner that knows lines and counts records, then by
 * DuckDB, whose count must be the same, so that nothing is dropped or padded unseen.
 */
export async function importCsv(
  session: Session,
  files: TableFiles,
  source: SourceText,
  delimiters: readonly string[],
  scratch: string,
): Promise<Table> {
  const header = readCsvHeader(source, await beginning(source.path), delimiters);
  const facts = await scan(source, header);
  const path = facts.mixedLineEnds ? await withOneLineEnd(source, header, scratch) : source.path;
  try {
    await load(session, source, path, header);
    const [[rows]] = (await session.queryColumns("select count(*) from temp.main.raw")).columns as [[number]];
    if (rows !== facts.records)
      throw source.error(
        "data.csv",
        null,
        `DuckDB reads ${rows} of its ${facts.records} records`,
        "Save it as plain CSV again.",
      );
    const columns = await findColumnTypes(
      session,
      "temp.main.raw",
      header.names.map((name, index) => ({ name: `c${index}`, as: name })),
    );
    const casts = columns.map(({ name, sql }, index) =>
      sql === "VARCHAR" ? `c${index} as ${quoted(name)}` : `cast(trim(c${index}) as ${sql}) as ${quoted(name)}`,
    );
    return await files.keep(session, `(select ${casts.join(", ")} from temp.main.raw)`);
  } finally {
    await session.execute("drop table if exists temp.main.raw");
    if (path !== source.path) await rm(path, { force: true });
  }
}

/** A header, and a field, may be this long. DuckDB would keep sixteen times as much in memory. */
const longestRecord = 16_000_000;

async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const length = Math.min((await file.stat()).size, longestRecord);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function scannerOf(source: SourceText, { delimiter, names }: CsvHeader) {
  return csvScanner(source, delimiter.charCodeAt(0), names.length);
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  let first = true;
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = part as Buffer;
    yield first && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
    first = false;
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

async function scan(source: SourceText, header: CsvHeader): Promise<CsvFacts> {
  const scanner = scannerOf(source, header);
  for await (const bytes of bytesOf(source.path)) for (const byte of bytes) scanner.push(byte);
  return scanner.end();
}

/** DuckDB reads one kind of line end: the text with every line end outside quotes as `\n`. */
async function withOneLineEnd(source: SourceText, header: CsvHeader, scratch: string): Promise<string> {
  await mkdir(scratch, { recursive: true });
  const path = join(scratch, `${randomUUID()}.csv`);
  const scanner = scannerOf(source, header);
  let afterReturn = false;
  async function* lines(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const bytes of parts) {
      const out = Buffer.alloc(bytes.length);
      let length = 0;
      for (const byte of bytes) {
        const inside = scanner.push(byte);
        if (!inside && byte === 10 && afterReturn) {
          afterReturn = false;
          continue;
        }
        afterReturn = !inside && byte === 13;
        out[length++] = afterReturn ? 10 : byte;
      }
      yield out.subarray(0, length);
    }
  }
  await pipeline(bytesOf(source.path), lines, createWriteStream(path));
  return path;
}

async function load(
  session: Session,
  source: SourceText,
  path: string,
  { delimiter, names, blankLines }: CsvHeader,
): Promise<void> {
  const columns = names.map((_, index) => `'c${index}': 'VARCHAR'`).join(", ");
  try {
    await session.execute(
      `create temp table raw as from read_csv(${fileLiteral(path)}, columns = { ${columns} }, auto_detect = false,
         delim = ${literal(delimiter)}, quote = '"', escape = '"', header = true, skip = ${blankLines}, strict_mode = true, null_padding = false,
         ignore_errors = false, allow_quoted_nulls = false, max_line_size = ${longestRecord},
         buffer_size = ${2 * longestRecord})`,
    );
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const line = /Line: (\d+)/.exec(message)?.[1];
    const said = /(?:Original Line|Possible fixes)/.test(message)
      ? message.split(/\n(?:Original Line|Possible fixes)/)[0]!
      : message;
    throw source.error(
      "data.csv",
      line === undefined ? null : Number(line),
      said,
      "Save it as plain CSV in UTF-8 again.",
    );
  }
}
