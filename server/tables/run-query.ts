import { nearestName } from "#server/notebook/nearest-name.ts";
import type { Moment } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import type { SqlName } from "#server/notebook/sql-analysis.ts";
import { createFromData } from "./data-table.ts";
import { quoted, type Session } from "./duckdb-session.ts";
import { parameterValue } from "./parameter-value.ts";
import { pinMoment } from "./pin-moment.ts";
import { guardQuery } from "./query-guard.ts";
import { referencesOf } from "./sql-analyse.ts";
import { sqlError } from "./sql-error.ts";
import { withoutEnd } from "./sql-tokens.ts";
import { isNode, parseSql, type SqlTree } from "./sql-tree.ts";
import { exportTable, type Exported } from "./table-export.ts";
import { fileSource } from "./table-files.ts";

/** A query as it comes to the process: everything but the signal. */
export interface QueryRequest {
  readonly sql: string;
  readonly tables: { readonly [name: string]: Table };
  readonly parameters: { readonly [name: string]: Datum };
  readonly moment?: Moment;
  /** Where its result is written if that is a file. */
  readonly path: string;
}

/**
 * Runs one query in a session of its own over the tables it names in the folder `files`, and exports its result. Throws errors of
 * `sql.*` with the place in the text. Stops between its steps once `signal` is aborted; within one, the session's connection is interrupted.
 */
export async function runQuery(
  session: Session,
  { sql, tables, parameters, moment, path }: QueryRequest,
  files: string,
  signal: AbortSignal,
): Promise<Exported> {
  const tree = await parseSql(session, sql);
  guardQuery(tree);
  const references = referencesOf(tree);
  const values = valuesOf(references.parameters, parameters);
  for (const [name, parts, table] of tablesOf(references.tables, tables, parameters)) {
    signal.throwIfAborted();
    await define(session, name, parts, table, files);
  }
  signal.throwIfAborted();
  if (moment !== undefined && references.volatile.length > 0) await pinMoment(session, moment);
  await materialize(session, tree, values);
  signal.throwIfAborted();
  try {
    return await exportTable(session, "temp.main.sheaf_result", path);
  } catch (error) {
    throw sqlError(error, tree, null);
  }
}

async function materialize(session: Session, tree: SqlTree, values: { readonly [name: string]: Datum }): Promise<void> {
  const { connection } = session;
  const from = tree.root["from_table"];
  // DESCRIBE and SUMMARIZE are queries only within a `from`; any other keeps its order only outside of one.
  const described = isNode(from) && from["type"] === "SHOW_REF";
  const prefix = `create temp table sheaf_result as ${described ? "from " : ""}(\n`;
  try {
    const statements = await connection.extractStatements(`${prefix}${withoutEnd(tree.sql)}\n)`);
    if (statements.count !== 1)
      throw new SheafError("sql.statement", "this is not exactly one query", { position: tree.positionOf(undefined) });
    const statement = await statements.prepare(0);
    try {
      // `?` and `$1` are parameters without a name.
      if (statement.parameterCount !== Object.keys(values).length)
        throw new SheafError("sql.unknown-parameter", "a parameter has no name", {
          position: tree.positionOf(undefined),
          cure: "Use the name of an input after `$`, written the same each time.",
        });
      for (const [name, datum] of Object.entries(values)) {
        const { value, type } = parameterValue(datum);
        statement.bindValue(statement.parameterIndex(name), value, type);
      }
      await statement.run();
    } finally {
      statement.destroySync();
    }
  } catch (error) {
    throw sqlError(error, tree, Buffer.byteLength(prefix));
  }
}

/** The values of the parameters a statement names. */
function valuesOf(
  names: readonly SqlName[],
  given: { readonly [name: string]: Datum },
): { readonly [name: string]: Datum } {
  const values = new Map<string, Datum>();
  for (const { parts, position } of names) {
    const name = parts[0]!;
    if (!Object.hasOwn(given, name)) {
      const nearest = nearestName(name, Object.keys(given));
      throw new SheafError("sql.unknown-parameter", `there is no value for $${name}`, {
        position,
        cure: nearest === null ? "Use the name of an input after `$`." : `Did you mean $${nearest}?`,
      });
    }
    values.set(name, given[name]!);
  }
  return Object.fromEntries(values);
}

/** The given tables a statement names, each once, with its name as the statement has it in parts. */
function tablesOf(
  names: readonly SqlName[],
  given: { readonly [name: string]: Table },
  values: { readonly [name: string]: Datum },
): Iterable<readonly [string, readonly string[], Table]> {
  const folded = new Map(Object.keys(given).map((name) => [name.toLowerCase(), name]));
  const found = new Map<string, readonly [string, readonly string[], Table]>();
  for (const { parts, position } of names) {
    const written = parts.join(".");
    const name = Object.hasOwn(given, written) ? written : folded.get(written.toLowerCase());
    if (name === undefined && Object.hasOwn(values, written))
      throw new SheafError("sql.no-table", `\`${written}\` is ${wordFor(values[written]!)} and no table`, {
        position,
        cure: `Use its value as \`$${written}\`.`,
      });
    if (name === undefined || parts.length > 2) {
      const nearest = nearestName(written, Object.keys(given));
      throw new SheafError("sql.unknown-table", `there is no table ${written}`, {
        position,
        cure: nearest === null ? "Name a cell, or a dataset by its path." : `Did you mean ${nearest}?`,
      });
    }
    if (parts.length === 2 && ownSchemas.has(parts[0]!.toLowerCase()))
      throw new SheafError("sql.own-schema", `SQL has a schema ${parts[0]} of its own, and none of that name else`, {
        position,
        cure: "Give the sheet another name.",
      });
    const key = JSON.stringify(parts).toLowerCase();
    const other = found.get(key)?.[0] ?? name;
    if (other !== name)
      throw new SheafError(
        "sql.same-name",
        `${name} and ${other} differ in case alone, and SQL has one name for both`,
        {
          position,
          cure: "Rename one of them, or read them in two cells.",
        },
      );
    found.set(key, [name, parts, given[name]!]);
  }
  return found.values();
}

/** Schemas and catalogs of DuckDB's own: no table can be named through another of that name. */
const ownSchemas = new Set(["information_schema", "pg_catalog", "system", "temp"]);

function wordFor(datum: Datum): string {
  if (datum === null) return "null";
  if (Array.isArray(datum)) return "a list";
  switch (typeof datum) {
    case "string":
      return "a text";
    case "number":
    case "bigint":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "an object";
  }
}

async function define(
  session: Session,
  name: string,
  parts: readonly string[],
  table: Table,
  files: string,
): Promise<void> {
  if (table.columns.length === 0)
    throw new SheafError("sql.no-columns", `the table ${name} has no columns, so SQL cannot read it`, {
      cure: "Give it a column.",
    });
  if (parts.length === 2) await session.execute(`create schema if not exists ${quoted(parts[0]!)}`);
  const target = (parts.length === 1 ? ["main", ...parts] : parts).map(quoted).join(".");
  if (table.rows === undefined) {
    await session.execute(`create view ${target} as from ${fileSource(files, table)}`);
    return;
  }
  const { rows } = table;
  await createFromData(
    session,
    `table ${target}`,
    table.columns,
    table.columns.map((_, index) => rows.map((row) => row[index]!)),
  );
}
