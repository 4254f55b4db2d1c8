/** A token of SQL text that can name something: `start` and `end` are UTF-16 offsets, `text` what it means, without quotes. */
export interface SqlToken {
  readonly type: "identifier" | "quoted" | "string" | "parameter" | "symbol";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const lexemes = new RegExp(
  [
    "(?<space>\\s+|--[^\\n\\r]*)",
    "(?<comment>/\\*)",
    "(?<escaped>[eE]'[^'\\\\]*(?:(?:\\\\[\\s\\S]|'')[^'\\\\]*)*')",
    "(?<string>'[^']*(?:''[^']*)*')",
    '(?<quoted>"[^"]*(?:""[^"]*)*")',
    "(?<dollar>\\$(?:[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*)?\\$)",
    "(?<parameter>\\$[\\w\\u0080-\\uffff]+)",
    "(?<identifier>[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*)",
    "(?<number>\\d[\\w.]*)",
    "(?<symbol>[\\s\\S])",
  ].join("|"),
  "y",
);

/** The tokens of a SQL text; white space, comments and numbers are left out. Text that is not SQL still gives tokens. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let start = 0; start < sql.length;) {
    lexemes.lastIndex = start;
    const groups = lexemes.exec(sql)!.groups!;
    const token = (type: SqlToken["type"], text: string, end = lexemes.lastIndex): void => {
      tokens.push({ type, text, start, end });
    };
    let end = lexemes.lastIndex;
    if (groups["comment"] !== undefined) end = commentEnd(sql, start);
    else if (groups["dollar"] !== undefined) {
      const close = sql.indexOf(groups["dollar"], end);
      const closed = close < 0 ? sql.length : close + groups["dollar"].length;
      token("string", sql.slice(end, close < 0 ? sql.length : close), closed);
      end = closed;
    } else if (groups["string"] !== undefined) token("string", groups["string"].slice(1, -1).replaceAll("''", "'"));
    else if (groups["escaped"] !== undefined) token("string", groups["escaped"].slice(2, -1));
    else if (groups["quoted"] !== undefined) token("quoted", groups["quoted"].slice(1, -1).replaceAll('""', '"'));
    else if (groups["parameter"] !== undefined) token("parameter", groups["parameter"].slice(1));
    else if (groups["identifier"] !== undefined) token("identifier", groups["identifier"]);
    else if (groups["symbol"] !== undefined) token("symbol", groups["symbol"]);
    start = end;
  }
  return tokens;
}

/** What DuckDB takes for a space as well, outside of strings and quoted names. */
const otherSpaces = /[\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/g;

/** The text with plain spaces for all others, at the same UTF-16 offsets: DuckDB counts its bytes as if they had been plain. */
export function withPlainSpaces(sql: string): string {
  if (sql.search(otherSpaces) < 0) return sql;
  const plain = sql.replace(otherSpaces, " ");
  let text = "";
  let from = 0;
  for (const { type, start, end } of sqlTokens(sql)) {
    if (type !== "string" && type !== "quoted") continue;
    text += plain.slice(from, start) + sql.slice(start, end);
    from = end;
  }
  return text + plain.slice(from);
}

/** The end of the block comment at `start`: they nest. */
function commentEnd(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

/** The statement without the semicolons and comments after it, which it could not be put in parentheses with. */
export function withoutEnd(sql: string): string {
  const tokens = sqlTokens(sql);
  const last = tokens.findLastIndex(({ type, text }) => type !== "symbol" || text !== ";");
  const semicolon = tokens[last + 1];
  return semicolon === undefined ? sql : sql.slice(0, semicolon.start);
}
