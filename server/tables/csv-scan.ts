import type { SourceText } from "./source-file.ts";

/** What a CSV text is made of. */
export interface CsvFacts {
  /** Records after the header. */
  readonly records: number;
  /** Whether it ends its lines in more than one way, outside quotes. */
  readonly mixedLineEnds: boolean;
}

/** Reads CSV byte by byte (RFC 4180): counts records, and throws where one does not fit. */
export interface CsvScanner {
  /** Takes the next byte and says whether it stands inside quotes. */
  push(byte: number): boolean;
  end(): CsvFacts;
}

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const space = 32;

/** A scanner for text with a delimiter, a byte, and a header of `columns` names. Records must have as many fields; of each, the header's first, the line is told. */
export function csvScanner(
  source: SourceText,
  delimiter: number,
  columns: number,
  onRecord?: (line: number) => void,
): CsvScanner {
  let state: "start" | "plain" | "quoted" | "closing" | "closed" = "start";
  let line = 1;
  let recordLine = 1;
  let quoteLine = 1;
  let fields = 1;
  let empty = true;
  let records = 0;
  let previous = 0;
  const ends = { lf: 0, crlf: 0, cr: 0 };

  function endRecord(): void {
    // A line without anything is no record, except where an empty field is all that a record has.
    if (!empty || (columns === 1 && records > 0)) {
      if (fields !== columns)
        throw source.error(
          "data.ragged",
          recordLine,
          `${fields} ${fields === 1 ? "field" : "fields"} where the header has ${columns}`,
          "Give every line as many fields as the header; put a field that holds the delimiter or a line end in double quotes.",
        );
      records += 1;
      onRecord?.(recordLine);
    }
    fields = 1;
    empty = true;
    state = "start";
  }

  function afterQuote(byte: number): void {
    if (byte === space) state = "closed";
    else
      throw source.error(
        "data.quote",
        line,
        "text follows a closing double quote",
        "Write a double quote inside a quoted field twice.",
      );
  }

  return {
    push(byte) {
      if (state === "quoted") {
        if (byte === quote) state = "closing";
        else if (byte === lineFeed ? previous !== carriageReturn : byte === carriageReturn) line += 1;
        previous = byte;
        return true;
      }
      if (byte === lineFeed && previous === carriageReturn) {
        ends.cr -= 1;
        ends.crlf += 1;
        recordLine = line;
      } else if (byte === lineFeed || byte === carriageReturn) {
        ends[byte === lineFeed ? "lf" : "cr"] += 1;
        endRecord();
        line += 1;
        recordLine = line;
      } else {
        empty = false;
        if (byte === delimiter) {
          fields += 1;
          state = "start";
        } else if (state === "start") {
          if (byte === quote) {
            state = "quoted";
            quoteLine = line;
          } else if (byte !== space) state = "plain";
        } else if (state === "closing" && byte === quote) state = "quoted";
        else if (state === "closing" || state === "closed") afterQuote(byte);
      }
      previous = byte;
      return false;
    },
    end() {
      if (state === "quoted")
        throw source.error(
          "data.quote",
          quoteLine,
          "a double quote opens here and is never closed",
          "Close it, or write a double quote inside a quoted field twice.",
        );
      if (!empty) endRecord();
      return {
        records: records - 1,
        mixedLineEnds: [ends.lf, ends.crlf, ends.cr].filter((count) => count > 0).length > 1,
      };
    },
  };
}
