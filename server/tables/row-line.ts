import { isSeq, LineCounter, parseDocument, type Node } from "yaml";
import { readCsvHeader } from "./csv-header.ts";
import { csvScanner } from "./csv-scan.ts";
import type { SourceText } from "./source-file.ts";
import type { TextFormat } from "./tables.ts";

/** The line, from 1, on which a row begins, from 0, of a text that has been read as a table; null where it is not known. */
export function rowLine(source: SourceText, text: string, format: TextFormat, row: number): number | null {
  switch (format) {
    case "csv":
      return csvLine(source, text, row);
    case "jsonl": {
      const lines = [...text.split(/\r\n|\n|\r/).entries()].filter(([, line]) => line.trim() !== "");
      return lines[row]![0] + 1;
    }
    case "json":
    case "yaml": {
      // JSON is YAML, whose parser knows places.
      const lineCounter = new LineCounter();
      const { contents } = parseDocument(text, { version: "1.2", lineCounter, prettyErrors: false });
      const range = isSeq<Node>(contents) ? contents.items[row]?.range : undefined;
      return range === undefined || range === null ? null : lineCounter.linePos(range[0]).line;
    }
  }
}

function csvLine(source: SourceText, text: string, row: number): number | null {
  const { delimiter, names } = readCsvHeader(source, text, csvDelimiters);
  const lines: number[] = [];
  const scanner = csvScanner(source, delimiter.charCodeAt(0), names.length, (line) => void lines.push(line));
  for (const byte of Buffer.from(text.replace(/^\uFEFF/, ""))) scanner.push(byte);
  scanner.end();
  return lines[row + 1] ?? null;
}

/** What CSV may be delimited by. */
export const csvDelimiters = [",", ";", "\t", "|"];
