import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openTables } from "../index.ts";
import type { TableFolders, Tables } from "../tables.ts";

/** Tables in a folder of their own, for tests. */
export interface TemporaryTables extends AsyncDisposable {
  readonly tables: Tables;
  readonly folders: TableFolders;
  /** Writes a dataset file. */
  write(path: string, content: string | Uint8Array): Promise<void>;
}

/** Opens them in a folder whose name begins so; disposing closes their processes and removes the folder. */
export async function temporaryTables(prefix = "sheaf-tables-"): Promise<TemporaryTables> {
  const root = await mkdtemp(join(tmpdir(), prefix));
  const folders = { files: join(root, "files"), cache: join(root, "cache"), datasets: join(root, "datasets") };
  await mkdir(folders.datasets);
  const tables = openTables(folders);
  return {
    tables,
    folders,
    async write(path, content) {
      const file = join(folders.datasets, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    async [Symbol.asyncDispose]() {
      await tables.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
