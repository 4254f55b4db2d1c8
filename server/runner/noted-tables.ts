import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import type { Note } from "#server/notebook/notes.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { inlineRows, type Datum, type Table, type Value } from "#server/notebook/value.ts";
import type { Tables } from "#server/tables/tables.ts";

/** A table in a note has at most so many rows, and the note so many characters: it goes to git, line by line. */
const mostRows = 10_000;
const mostCharacters = 1_000_000;

/** A value as a note keeps it: a table with its rows, whose file no clone has. Throws `notes.too-large`. */
export async function withRows(value: Value, address: string, tables: Tables): Promise<Value> {
  const table = tableOf(value);
  if (table === null) return value;
  if (table.rowCount > mostRows) throw tooLarge(address, `${table.rowCount.toLocaleString("en")} rows`);
  const rows = table.rows ?? (await tables.rows(table, 0, table.rowCount));
  const { length } = canonicalJson(rows as unknown as CanonicalInput);
  if (length > mostCharacters) throw tooLarge(address, `${length.toLocaleString("en")} characters`);
  return withTable(value, { ...table, rows });
}

/** A note as it is used: the rows of a long table are in a file. */
export async function withoutRows<One extends Note>(note: One, tables: Tables): Promise<One> {
  if (note.type !== "locked" && note.type !== "edited") return note;
  const table = tableOf(note.value);
  if (table?.rows === undefined || table.rows.length <= inlineRows) return note;
  const { columns } = table;
  const rows = table.rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index): [string, Datum] => [name, row[index] ?? null])),
  );
  // What somebody wrote there by hand may be no table of such columns: then its rows stay where they are.
  const kept = await tables.fromRows(rows, columns).catch(() => table);
  return { ...note, value: withTable(note.value, kept) };
}

function tableOf(value: Value): Table | null {
  return value.type === "table" ? value.value : value.type === "chart" ? value.value.table : null;
}

function withTable(value: Value, table: Table): Value {
  if (value.type === "table") return { ...value, value: table };
  return value.type === "chart" ? { ...value, value: { ...value.value, table } } : value;
}

function tooLarge(address: string, size: string): SheafError {
  const most = `${mostRows.toLocaleString("en")} rows and ${mostCharacters.toLocaleString("en")} characters`;
  return new SheafError("notes.too-large", `the table at ${address} has ${size}, and a note keeps at most ${most}`, {
    cure: "Keep it as a file below datasets/, and read that with a data cell.",
  });
}
