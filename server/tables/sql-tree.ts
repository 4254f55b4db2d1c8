import { isMapping } from "#server/notebook/is-mapping.ts";
import { foldName } from "#server/notebook/names.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { quotedSqlWords } from "#server/notebook/sql-keywords.ts";
import { positionAt } from "#server/language/position.ts";
import type { Position } from "#server/notebook/value.ts";
import type { Session } from "./duckdb-session.ts";
import { sqlTokens, withPlainSpaces } from "./sql-tokens.ts";
import { utf16Offsets } from "./utf8-offsets.ts";

/** A node of DuckDB's own tree of a statement, as `json_serialize_sql` writes it. */
export interface SqlNode {
  readonly [key: string]: unknown;
}

/** A parsed statement: one query, and how its places are places in the text. */
export interface SqlTree {
  /** The statement's text, with plain spaces. */
  readonly sql: string;
  readonly root: SqlNode;
  /** The UTF-16 offset of a node; null where DuckDB does not say. */
  offsetOf(node: SqlNode): number | null;
  /** The place of a byte offset as DuckDB's errors have it. */
  positionOf(bytes: number | undefined, length?: number): Position;
}

/**
 * Parses SQL that must be exactly one query. `prefix` and `suffix` are put around it (to make a statement of an expression)
 * and places are counted without them. Throws `sql.syntax` with position, and `sql.statement` for anything but one query.
 */
export async function parseSql(session: Session, text: string, prefix = "", suffix = ""): Promise<SqlTree> {
  const sql = withPlainSpaces(text);
  const prefixBytes = Buffer.byteLength(prefix);
  const offsets = utf16Offsets(sql);
  const tree = {
    sql,
    offsetOf(node: SqlNode) {
      const bytes = node["query_location"];
      return typeof bytes === "number" && bytes >= prefixBytes ? offsets(bytes - prefixBytes) : null;
    },
    positionOf(bytes: number | undefined, length = 0) {
      if (bytes === undefined) return positionAt(sql, 0, sql.length);
      const start = offsets(bytes - prefixBytes);
      return positionAt(sql, start, Math.min(start + length, sql.length));
    },
  };
  const parsed = await serialize(session, prefix + sql + suffix);
  if ("error_message" in parsed) {
    const { error_message: message, error_type: type, position } = parsed;
    const whole = tree.positionOf(undefined);
    if (type === "parser") {
      const place = position === undefined ? whole : syntaxPosition(sql, Number(position) - prefix.length, message);
      const name = unquotedName(sql, place.offset);
      throw new SheafError("sql.syntax", message, {
        position: place,
        cure:
          name === null ? "Correct the SQL here." : `As the name of a table \`${name}\` needs quotes: \`"${name}"\`.`,
      });
    }
    throw new SheafError("sql.statement", oneQuery, { position: whole, cure: queryCure });
  }
  const [statement, ...others] = parsed.statements ?? [];
  if (statement === undefined || others.length > 0)
    throw new SheafError("sql.statement", statement === undefined ? "there is no statement" : oneQuery, {
      position: tree.positionOf(undefined),
      cure: queryCure,
    });
  return { ...tree, root: statement.node };
}

/** A word that stands for a table where SQL has another use for it: the parser stops at it or right behind it. Null where none is. */
function unquotedName(sql: string, stop: number): string | null {
  const tokens = sqlTokens(sql);
  const found = tokens.findIndex(({ start }) => start >= stop);
  const last = found === -1 ? tokens.length : found;
  for (const index of [last, last - 1]) {
    const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
    const isTable = next?.text === "." || (before?.type === "identifier" && /^(?:from|join|table)$/i.test(before.text));
    if (isTable && token?.type === "identifier" && quotedSqlWords.has(foldName(token.text))) return token.text;
  }
  return null;
}

/** Where the parser stopped. Unlike every other place it gives, this one counts characters. */
function syntaxPosition(sql: string, characters: number, message: string): Position {
  let start = 0;
  for (let count = 0; count < characters && start < sql.length; count += 1)
    start += sql.codePointAt(start)! > 0xffff ? 2 : 1;
  const near = /at or near "([\s\S]*)"$/.exec(message)?.[1] ?? "";
  return positionAt(sql, start, start + (sql.startsWith(near, start) ? near.length : 0));
}

const oneQuery = "this is not exactly one query";
const queryCure = "Write one SELECT, FROM, VALUES or WITH … SELECT; what changes data, settings or files is not run.";

type Serialized =
  | { readonly error_type: string; readonly error_message: string; readonly position?: string }
  | { readonly statements?: readonly { readonly node: SqlNode }[] };

async function serialize(session: Session, sql: string): Promise<Serialized> {
  const reader = await session.connection.runAndReadAll(
    "select json_serialize_sql($sql::varchar, skip_null := true, skip_empty := true, skip_default := true)",
    { sql },
  );
  return JSON.parse(String(reader.value(0, 0))) as Serialized;
}

/** Whether a value of the tree is a node. */
export function isNode(value: unknown): value is SqlNode {
  return isMapping(value);
}

/** The text of a node's key, or the empty text. */
export function textOf(node: SqlNode, key: string): string {
  const value = node[key];
  return typeof value === "string" ? value : "";
}
