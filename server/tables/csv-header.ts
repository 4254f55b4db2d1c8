import type { SourceText } from "./source-file.ts";
import { checkWidth } from "./table-limits.ts";

/** The delimiter of a CSV text and the names of its columns. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
  /** How many lines before it are blank. */
  readonly blankLines: number;
}

/**
 * Reads the header, the first record that is not blank, from the beginning of a text. The delimiter is the one of comma,
 * semicolon, tab and bar that gives the most names, the comma where none does. Names are kept as they are; a column without one is called by
 * its number, `column1`. Two columns with one name (SQL ignores case) are an error.
 */
export function readCsvHeader(source: SourceText, beginning: string, delimiters: readonly string[]): CsvHeader {
  const [before] = /^\uFEFF?[\r\n]*/.exec(beginning)!;
  const text = beginning.slice(before.length);
  if (text.trim() === "")
    throw source.error("data.empty", null, "there is nothing in it", "Its first line must name the columns.");
  const headers = delimiters.map((delimiter) => ({ delimiter, names: firstRecord(text, delimiter) }));
  const best = headers.reduce((best, next) => (next.names.length > best.names.length ? next : best));
  return {
    delimiter: best.delimiter,
    names: checkedNames(source, best.names),
    blankLines: before.match(/\r\n|\n|\r/g)?.length ?? 0,
  };
}

function checkedNames(source: SourceText, written: readonly string[]): readonly string[] {
  checkWidth(source, written.length, 1);
  const names = written.map((name, index) => (name.trim() === "" ? `column${index + 1}` : name));
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const before = seen.get(name.toLowerCase());
    if (before !== undefined)
      throw source.error(
        "data.duplicate-column",
        1,
        `columns ${before + 1} and ${index + 1} are both named ${JSON.stringify(name)} (case does not tell columns apart)`,
        "Rename one of them.",
      );
    seen.set(name.toLowerCase(), index);
  }
  return names;
}

function firstRecord(text: string, delimiter: string): readonly string[] {
  const names: string[] = [];
  let at = 0;
  for (;;) {
    const spaces = /^ *(?=")/.exec(text.slice(at, at + 100))?.[0].length ?? 0;
    if (text[at + spaces] === '"') {
      const [name, end] = quotedField(text, at + spaces + 1);
      names.push(name);
      at = end;
      while (text[at] === " ") at += 1;
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
      names.push(text.slice(start, at));
    }
    if (text[at] !== delimiter) return names;
    at += 1;
  }
}

function quotedField(text: string, start: number): [string, number] {
  let at = start;
  while (at < text.length) {
    if (text[at] !== '"') at += 1;
    else if (text[at + 1] === '"') at += 2;
    else break;
  }
  return [text.slice(start, at).replaceAll('""', '"'), at + 1];
}
