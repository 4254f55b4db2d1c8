/** Cells as spreadsheets put them on the clipboard: tabs between, a line a row, quotes round what has one of these or a quote in it. */
export function printTsv(rows: readonly (readonly string[])[]): string {
  const text = rows.map((row) => row.map(printField).join("\t")).join("\n");
  // A last line without anything in it would be taken for the end of the line before.
  return rows.length > 1 && text.endsWith("\n") ? `${text}""` : text;
}

function printField(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What `printTsv` printed, and what Excel and Google Sheets copy. A quote that does not begin a field is one; a quoted field that never ends takes the rest. */
export function parseTsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  for (;;) {
    const { field, end } = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    row.push(field);
    at = end;
    if (text[at] === "\t") {
      at += 1;
      continue;
    }
    rows.push(row);
    if (at >= text.length) return rows;
    at += text.startsWith("\r\n", at) ? 2 : 1;
    if (at >= text.length) return rows;
    row = [];
  }
}

function plainField(text: string, start: number): { field: string; end: number } {
  ends.lastIndex = start;
  const end = ends.exec(text)?.index ?? text.length;
  return { field: text.slice(start, end), end };
}

const ends = /[\t\r\n]/g;

function quotedField(text: string, start: number): { field: string; end: number } {
  let field = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { field: field + text.slice(at), end: text.length };
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      // What stands between the quote and the next tab belongs to the field: it was no quoted one.
      const { field: rest, end } = plainField(text, quote + 1);
      return rest === "" ? { field, end } : { field: text.slice(start, end), end };
    }
    field += '"';
    at = quote + 2;
  }
}
