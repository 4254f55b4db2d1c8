import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import { positionAt } from "#server/language/position.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** What is imported: a file of UTF-8 text, and how errors say where in it. */
export interface SourceText {
  readonly path: string;
  /** The error of a line, counted from 1; of the whole where the line is null. */
  error(code: string, line: number | null, message: string, cure: string): SheafError;
}

/** The source that is a dataset file: its errors name it. */
export function fileSourceText(path: string, name: string): SourceText {
  return {
    path,
    error: (code, line, message, cure) =>
      new SheafError(code, `${name}${line === null ? "" : `, line ${line}`}: ${message}`, { cure }),
  };
}

/** The source that is the text of a cell, written to `path`: its errors have a position in the text. */
export function cellSourceText(path: string, text: string): SourceText {
  return {
    path,
    error(code, line, message, cure) {
      if (line === null) return new SheafError(code, message, { cure });
      const [start, end] = lineAt(text, line);
      return new SheafError(code, `line ${line}: ${message}`, { cure, position: positionAt(text, start, end) });
    },
  };
}

function lineAt(text: string, line: number): [number, number] {
  const lineEnd = /\r\n|\n|\r/g;
  let start = 0;
  for (let count = 1; count < line && lineEnd.exec(text) !== null; count += 1) start = lineEnd.lastIndex;
  lineEnd.lastIndex = start;
  return [start, lineEnd.exec(text)?.index ?? text.length];
}

/**
 * Checks that a dataset file is text and gives it as UTF-8: as it is, or where it begins with a UTF-16 mark or `encoding`
 * names another encoding, decoded into `scratch`. Throws `data.binary` and `data.encoding`, never replacing a character.
 */
export async function openSourceFile(
  path: string,
  name: string,
  encoding: string | undefined,
  scratch: string,
): Promise<SourceText> {
  const source = fileSourceText(path, name);
  const from = encoding ?? (await markedEncoding(path));
  if (from === undefined || /^utf-?8$/i.test(from)) {
    await checkUtf8(source);
    return source;
  }
  if (!iconv.encodingExists(from))
    throw source.error(
      "data.encoding",
      null,
      `the encoding ${from} is not known`,
      "Name one such as latin1, shift_jis or utf-16le.",
    );
  await mkdir(scratch, { recursive: true });
  const decoded = join(scratch, `${randomUUID()}.txt`);
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    (bytes) => decode(source, from, bytes),
    createWriteStream(decoded),
  );
  return { ...source, path: decoded };
}

async function markedEncoding(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead < 2) return undefined;
    return { 0xfffe: "utf-16le", 0xfeff: "utf-16be" }[buffer.readUInt16BE()];
  } finally {
    await file.close();
  }
}

async function* decode(source: SourceText, encoding: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  let line = 1;
  let carried = "";
  const check = (text: string): string => {
    const at = text.search(/[\uFFFD\p{Surrogate}]/u);
    if (at >= 0)
      throw source.error(
        "data.encoding",
        line + lineEnds(text.slice(0, at)),
        `a character is not ${encoding}`,
        "Name the encoding the file really has, or save it as UTF-8.",
      );
    line += lineEnds(text);
    return text;
  };
  for await (const part of bytes) {
    const text = carried + decoder.write(part);
    // The other half of a character comes with the next part.
    carried = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? "";
    yield check(text.slice(0, text.length - carried.length));
  }
  yield check(carried + (decoder.end() ?? ""));
}

/** Throws where the file has a byte that no text has, or that is not UTF-8. */
async function checkUtf8(source: SourceText): Promise<void> {
  let offset = 0;
  let line = 1;
  let carried: Buffer = Buffer.alloc(0);
  const check = (bytes: Buffer): void => {
    if (offset === 0) checkMagic(source, bytes);
    const zero = bytes.indexOf(0);
    if (zero >= 0)
      throw source.error(
        "data.binary",
        null,
        `it is not text: byte ${offset + zero} is zero`,
        "Give a CSV, JSON, JSONL, YAML or Parquet file under its own ending; for UTF-16 without its mark say `encoding: utf-16le`.",
      );
    if (!isUtf8(bytes)) {
      const at = firstInvalid(bytes);
      const value = bytes[at]!.toString(16).toUpperCase().padStart(2, "0");
      throw source.error(
        "data.encoding",
        line + lineEnds(bytes.subarray(0, at).toString("latin1")),
        `byte ${offset + at} (0x${value}) is not UTF-8`,
        "Save it as UTF-8, or add its encoding, such as `encoding: latin1` or `encoding: shift_jis`.",
      );
    }
    offset += bytes.length;
    line += lineEnds(bytes.toString("latin1"));
  };
  for await (const part of createReadStream(source.path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([carried, part as Buffer]);
    const whole = completeLength(bytes);
    carried = bytes.subarray(whole);
    check(bytes.subarray(0, whole));
  }
  if (carried.length > 0) check(carried);
}

const magic: readonly (readonly [string, string])[] = [
  ["PK\u0003\u0004", "a zip archive (or an Excel or OpenDocument file)"],
  ["PAR1", "a Parquet file"],
  ["%PDF", "a PDF document"],
  ["\u001f\u008b", "a gzip archive"],
  ["SQLite format 3", "a SQLite database"],
];

function checkMagic(source: SourceText, bytes: Buffer): void {
  const start = bytes.toString("latin1", 0, 16);
  const found = magic.find(([prefix]) => start.startsWith(prefix));
  if (found !== undefined)
    throw source.error(
      "data.binary",
      null,
      `it is not text but ${found[1]}`,
      "Save its table as CSV, or name it by its own ending.",
    );
}

/** The number of bytes up to the last character that is complete. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function firstInvalid(bytes: Buffer): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  for (const part of text.split("\uFFFD")) {
    offset += Buffer.byteLength(part);
    // A real U+FFFD in the text is three bytes and no error.
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
  }
  return offset;
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
