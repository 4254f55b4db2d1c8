import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SqlAnalysis, SqlColumn, SqlName } from "#server/notebook/sql-analysis.ts";
import { positionAt } from "#server/language/position.ts";
import type { Session } from "./duckdb-session.ts";
import { visitSql } from "./sql-references.ts";
import { sqlTokens, withoutEnd, type SqlToken } from "./sql-tokens.ts";
import { isNode, parseSql, textOf, type SqlNode, type SqlTree } from "./sql-tree.ts";

/** What a statement or an expression reads. A text that does not parse is a result with message and position, no error. */
export async function analyseSql(
  session: Session,
  sql: string,
  kind: "statement" | "expression",
): Promise<SqlAnalysis> {
  try {
    const tree = kind === "statement" ? await parseSql(session, sql) : await parseExpression(session, sql);
    const overRows = kind === "expression" && hasWindow(tree.root);
    return { ok: true, ...referencesOf(tree), ...(overRows ? { overRows } : {}) };
  } catch (error) {
    if (!(error instanceof SheafError)) throw error;
    const { message, position = positionAt(sql, 0, sql.length), cure } = error;
    return { ok: false, message, position, ...(cure === undefined ? {} : { cure }) };
  }
}

/** The tree of one expression, refused where anything follows it: it may be put in parentheses as it is. */
export async function parseExpression(session: Session, sql: string): Promise<SqlTree> {
  const tree = await parseSql(session, sql, "select ", "\n");
  const { root } = tree;
  const list = root["select_list"];
  const from = root["from_table"];
  const members = ["type", "select_list", "from_table", "aggregate_handling"];
  const [item, ...others] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  const alone =
    isNode(item) &&
    others.length === 0 &&
    !("alias" in item) &&
    item["class"] !== "STAR" &&
    isNode(from) &&
    from["type"] === "EMPTY" &&
    Object.keys(root).every((key) => members.includes(key)) &&
    withoutEnd(sql) === sql;
  if (!alone)
    throw new SheafError("sql.expression", "this is not exactly one expression", {
      position: positionAt(sql, 0, sql.length),
      cure: "Write one expression over the row's columns; a query goes into an sql cell.",
    });
  const spread = spreadIn(item);
  if (spread !== undefined)
    throw new SheafError("sql.expression", "`unnest` and `columns` give several values, and a row has one", {
      position: tree.positionOf(Number(spread["query_location"] ?? 0), 1),
      cure: "Take one, as in `list[1]`, or make one of them: `(select max(x) from unnest(list) as t(x))`.",
    });
  return tree;
}

/** What of an expression gives more than one value, outside of its subqueries. */
function spreadIn(value: unknown): SqlNode | undefined {
  if (Array.isArray(value)) return value.map(spreadIn).find((found) => found !== undefined);
  if (!isNode(value)) return undefined;
  const name = textOf(value, "function_name").toLowerCase();
  if (name === "unnest" || name === "unlist" || value["columns"] === true) return value;
  return spreadIn(
    Object.keys(value)
      .filter((key) => key !== "subquery")
      .map((key) => value[key]),
  );
}

/** Whether an expression has a window function, outside of its subqueries: these have rows of their own. */
function hasWindow(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasWindow);
  if (!isNode(value)) return false;
  return value["class"] === "WINDOW" || Object.keys(value).some((key) => key !== "subquery" && hasWindow(value[key]));
}

/** The names a parsed statement reads, with their places. */
export function referencesOf(tree: SqlTree): Omit<SqlAnalysis & { ok: true }, "ok"> {
  const { sql, root } = tree;
  const tokens = sqlTokens(sql);
  const tables: SqlName[] = [];
  const qualifiers: SqlName[] = [];
  const columns: SqlColumn[] = [];
  const defines = new Set<string>();
  const unplaced = new Set<string>();
  const volatile = new Set<string>();

  visitSql(root, {
    onTable: (node, parts) => void tables.push(nameAt(tree, tokens, node, parts)),
    onDefinition: (name) => void defines.add(name),
    onUnplaced: (names) => names.forEach((name) => unplaced.add(name)),
    onColumn(node, parts, table, about = {}) {
      const name = nameAt(tree, tokens, node, parts);
      if (isClock(sql, name)) return void volatile.add(parts[0]!.toLowerCase());
      if (parts.at(-1) !== "*") columns.push({ ...name, ...about });
      if (table !== null) qualifiers.push(name);
    },
    onFunction(node, written) {
      const name = written.toLowerCase();
      const children = node["children"];
      // `age(t)` counts from today, `age(t, u)` does not.
      if (name === "age" ? Array.isArray(children) && children.length === 1 : volatileFunctions.has(name))
        volatile.add(name);
    },
    onSample(seeded) {
      if (!seeded) volatile.add("sample");
    },
  });
  const parameters = tokens
    .filter(({ type }) => type === "parameter")
    .map(({ text, start, end }) => ({ parts: [text], position: positionAt(sql, start, end) }));
  return {
    tables: inOrder(tables),
    qualifiers: inOrder(qualifiers),
    defines: [...defines],
    parameters,
    columns: inOrder(columns),
    unplaced: [...unplaced],
    volatile: [...volatile],
  };
}

/** Functions of DuckDB 1.5 whose answer differs from run to run. */
const volatileFunctions = new Set(
  `random uuid uuidv4 uuidv7 gen_random_uuid setseed now today ago get_current_time get_current_timestamp current_date
   current_localtime current_localtimestamp transaction_timestamp pg_conf_load_time pg_postmaster_start_time txid_current current_transaction_id
   current_connection_id current_query current_query_id current_database current_catalog nextval currval`.split(/\s+/),
);

/** Words that read the clock without parentheses, where no quotes make them a column. */
const clocks = new Set(["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"]);

function isClock(sql: string, { parts, position }: SqlName): boolean {
  return parts.length === 1 && clocks.has(parts[0]!.toLowerCase()) && sql[position.offset] !== '"';
}

/** A name with its place: the tokens from where DuckDB says it begins. */
function nameAt(tree: SqlTree, tokens: readonly SqlToken[], node: SqlNode, parts: readonly string[]): SqlName {
  const offset = tree.offsetOf(node);
  let first = offset === null ? undefined : tokenAt(tokens, offset);
  // The star of `columns(t.*)` begins where that function does.
  if (first !== undefined && node["type"] === "STAR" && node["columns"] === true) first += 2;
  const last = first === undefined ? undefined : tokens[first + 2 * (parts.length - 1)];
  const start = (first === undefined ? offset : tokens[first]?.start) ?? 0;
  return { parts, position: positionAt(tree.sql, start, last?.end ?? start) };
}

function tokenAt(tokens: readonly SqlToken[], offset: number): number | undefined {
  let low = 0;
  let high = tokens.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { start } = tokens[middle]!;
    if (start === offset) return middle;
    if (start < offset) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

function inOrder<Name extends SqlName>(names: readonly Name[]): readonly Name[] {
  return names.toSorted((left, right) => left.position.offset - right.position.offset);
}
