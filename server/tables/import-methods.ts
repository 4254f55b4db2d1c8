import { randomUUID } from "node:crypto";
import { mkdir, open, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, sep } from "node:path";
import type { Table } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { checkKey } from "./check-key.ts";
import type { Session } from "./duckdb-session.ts";
import { tableFromRows } from "./file-methods.ts";
import { importCsv } from "./import-csv.ts";
import { readRows } from "./import-rows.ts";
import { inferColumns } from "./infer-columns.ts";
import { csvDelimiters, rowLine } from "./row-line.ts";
import { cellSourceText, fileSourceText, openSourceFile, type SourceText } from "./source-file.ts";
import { hashFile, parquetFile, type TableFiles } from "./table-files.ts";
import { checkWidth, withinMemory } from "./table-limits.ts";
import type { ImportOptions, TableFolders, TextFormat } from "./tables.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** Imports of dataset files and of text. */
export function importMethods(folders: TableFolders, database: TablesDatabase, files: TableFiles) {
  const scratch = join(folders.cache, "scratch", String(process.pid));
  const versions = new Map<string, { readonly stamp: string; readonly hash: string }>();
  const imported = new Map<string, Table>();

  async function versionOf(file: string): Promise<string> {
    const stamp = await stampOf(file);
    const known = versions.get(file);
    if (known?.stamp === stamp) return known.hash;
    const hash = await hashFile(file);
    versions.set(file, { stamp, hash });
    return hash;
  }

  async function importRows(session: Session, source: SourceText, format: "json" | "jsonl" | "yaml"): Promise<Table> {
    const rows = await readRows(session, source, format);
    const columns = inferColumns(rows);
    checkWidth(source, columns.length);
    return await tableFromRows(database, files, rows, columns);
  }

  async function importAnew(file: string, name: string, encoding: string | undefined): Promise<Table> {
    const format = formatOf(name);
    return await database.use(async (session) => {
      if (format === "parquet") return await importParquet(session, files, file, name);
      const source = await openSourceFile(file, name, encoding, scratch);
      try {
        return await withinMemory(source, () => {
          if (format === "csv") return importCsv(session, files, source, csvDelimiters, scratch);
          if (format === "tsv") return importCsv(session, files, source, ["\t"], scratch);
          return importRows(session, source, format);
        });
      } finally {
        if (source.path !== file) await rm(source.path, { force: true });
      }
    });
  }

  async function importOnce(file: string, name: string, encoding: string | undefined): Promise<Table> {
    const version = await versionOf(file);
    const known = JSON.stringify([version, formatOf(name), encoding ?? null]);
    const before = imported.get(known);
    if (before !== undefined && files.has(before)) return before;
    const table = await importAnew(file, name, encoding);
    if ((await stampOf(file)) !== versions.get(file)?.stamp)
      throw new SheafError("data.changed", `${name} was changed while it was imported`, { cure: "Import it again." });
    imported.set(known, table);
    return table;
  }

  return {
    async fileVersion({ path }: { readonly path: string }): Promise<string> {
      return await versionOf(await datasetFile(folders.datasets, path));
    },

    async importFile({ path, encoding, key }: { readonly path: string } & ImportOptions): Promise<Table> {
      const file = await datasetFile(folders.datasets, path);
      const table = await importOnce(file, path, encoding);
      const source = fileSourceText(file, path);
      if (key !== undefined) await database.use((session) => checkKey(session, files, table, key, source, () => null));
      return table;
    },

    importAnyFile({ file, name }: { readonly file: string; readonly name: string }): Promise<Table> {
      return importOnce(file, name, undefined);
    },

    async importText({
      text,
      format,
      key,
    }: {
      readonly text: string;
      readonly format: TextFormat;
    } & Pick<ImportOptions, "key">): Promise<Table> {
      await mkdir(scratch, { recursive: true });
      const path = join(scratch, `${randomUUID()}.txt`);
      const source = cellSourceText(path, text);
      if (text.includes("\0"))
        throw source.error("data.binary", null, "it is not text: it has a zero byte", "Give the table as text.");
      await writeFile(path, text);
      try {
        return await database.use(async (session) => {
          const table = await withinMemory(source, () =>
            format === "csv"
              ? importCsv(session, files, source, csvDelimiters, scratch)
              : importRows(session, source, format),
          );
          const lineOf = (row: number): number | null => rowLine(source, text, format, row);
          if (key !== undefined) await checkKey(session, files, table, key, source, lineOf);
          return table;
        });
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

async function importParquet(session: Session, files: TableFiles, file: string, path: string): Promise<Table> {
  const source = fileSourceText(file, path);
  await checkParquet(source);
  try {
    const { names } = await session.queryColumns(`from ${parquetFile(file)} limit 0`);
    checkWidth(source, names.length);
    return await withinMemory(source, async () => {
      await session.execute(`create temp table raw as from ${parquetFile(file)}`);
      return await files.keep(session, "temp.main.raw");
    });
  } catch (error) {
    if (error instanceof SheafError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw source.error("data.parquet", null, said, "Write the file again.");
  } finally {
    await session.execute("drop table if exists temp.main.raw");
  }
}

async function checkParquet(source: SourceText): Promise<void> {
  const handle = await open(source.path);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    if (buffer.toString("latin1") !== "PAR1")
      throw source.error(
        "data.parquet",
        null,
        "it does not end as a Parquet file does",
        "Fetch or write it again: it is another format, or was cut off.",
      );
  } finally {
    await handle.close();
  }
}

function formatOf(path: string): TextFormat | "tsv" | "parquet" {
  const ending = extname(path).toLowerCase();
  switch (ending) {
    case ".csv":
      return "csv";
    case ".tsv":
    case ".tab":
      return "tsv";
    case ".json":
      return "json";
    case ".jsonl":
    case ".ndjson":
      return "jsonl";
    case ".yaml":
    case ".yml":
      return "yaml";
    case ".parquet":
      return "parquet";
    default:
      throw new SheafError(
        "data.format",
        `${path} has ${ending === "" ? "no ending" : `the ending ${ending}`}, so its format is not known`,
        {
          cure: "Tables are .csv, .tsv, .json, .jsonl, .yaml or .parquet files.",
        },
      );
  }
}

/** The real path of a dataset file, refused where it leads out of the folder. */
async function datasetFile(datasets: string, path: string): Promise<string> {
  const root = await realpath(datasets).catch(() => datasets);
  const file = await realpath(join(root, path)).catch(() => undefined);
  if (file === undefined || !(await stat(file)).isFile())
    throw new SheafError("data.not-found", `there is no dataset file ${path}`, {
      cure: `Give its path within \`datasets/\` of the workspace ${dirname(datasets)}, as in \`banking77/train.csv\`.`,
    });
  if (!file.startsWith(root + sep))
    throw new SheafError("data.outside", `${path} is not in the folder of datasets`, {
      cure: `Copy the file into \`datasets/\` of the workspace ${dirname(datasets)}; links out of it are not followed.`,
    });
  return file;
}

async function stampOf(file: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(" ");
}
