import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Column, Table } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { checkedType, storedType } from "./column-type.ts";
import { fileLiteral, quoted, type Session } from "./duckdb-session.ts";
import { draftPath, removeDraft } from "./table-draft.ts";
import { exportTable, type Exported } from "./table-export.ts";

/** The immutable Parquet files of tables, `HASH.parquet` in one folder. */
export interface TableFiles {
  /** Keeps the table `name` (as SQL has it, a stored table or a projection of one) of a session as an immutable table. */
  keep(session: Session, name: string): Promise<Table>;
  /** Names an exported file by its hash and gives the handle. The file may stay where the table is kept already. */
  adopt(exported: Exported): Promise<Table>;
  /** The `from` clause that reads a table's file with its exact types. */
  source(table: Table): string;
  /** Whether the rows of a handle can be read. */
  has(table: Table): boolean;
}

/** The files in `folder`. */
export function openTableFiles(folder: string): TableFiles {
  const files: TableFiles = {
    async keep(session, name) {
      await mkdir(folder, { recursive: true });
      const path = draftPath(folder);
      try {
        return await files.adopt(await exportTable(session, name, path));
      } finally {
        await removeDraft(path);
      }
    },
    async adopt(exported) {
      if (exported.type === "inline") return exported.table;
      const { path, columns, rowCount } = exported;
      const hash = await hashFile(path);
      const target = join(folder, `${hash}.parquet`);
      if (!existsSync(target)) {
        await sync(path);
        await rename(path, target);
        await sync(folder);
      }
      return { columns, rowCount, hash };
    },
    source(table) {
      return fileSource(folder, table);
    },
    has(table) {
      return table.rows !== undefined || existsSync(join(folder, `${table.hash}.parquet`));
    },
  };
  return files;
}

/**
 * The `from` clause that reads the file of a table in `folder` with its exact types; with `number`, a column more, of that name, which
 * has the number of the row from 0. Throws `data.missing` where there is none.
 */
export function fileSource(folder: string, table: Table, number?: string): string {
  if (!/^[0-9a-f]{64}$/.test(table.hash))
    throw new SheafError("data.missing", `a table's hash is 64 hex digits, and not ${table.hash}`);
  const path = join(folder, `${table.hash}.parquet`);
  if (!existsSync(path))
    throw new SheafError("data.missing", `the rows of the table ${table.hash.slice(0, 12)}… are no longer kept`, {
      cure: "Run the cell that makes the table again; where its value is locked, unlock it first, or get `.sheaf/state/tables` from where it was locked.",
    });
  const columns = table.columns.map(fileExpression);
  if (number !== undefined) columns.push(`${rowNumber(table)} as ${quoted(number)}`);
  return `(select ${columns.join(", ")} from ${parquetFile(path)})`;
}

/** What reads a Parquet file's own columns: DuckDB would take the folders `year=2026` of its path for columns too. */
export function parquetFile(path: string): string {
  return `read_parquet(${fileLiteral(path)}, hive_partitioning = false)`;
}

/** DuckDB's own number of a row in a file, by which it can leave out parts of it; a column of that name stands before it. */
function rowNumber({ columns }: Table): string {
  const isTaken = columns.some(({ name }) => name.toLowerCase() === "file_row_number");
  return isTaken ? "row_number() over () - 1" : "file_row_number";
}

function fileExpression(column: Column): string {
  const name = quoted(column.name);
  const type = checkedType(column);
  return type === storedType(type) ? name : `cast(${name} as ${type}) as ${name}`;
}

/** SHA-256 in hex of a file's bytes. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
