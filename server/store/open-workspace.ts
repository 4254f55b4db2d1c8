import { randomUUID } from "node:crypto";
import { access, constants, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { storeError } from "./store-error.ts";

/** A workspace: a folder, and where everything in it is. All paths are absolute. */
export interface Workspace {
  /** The `workspace_id` of its rows. */
  readonly id: string;
  readonly folder: string;
  /** Notebooks and what stands beside them. Made by whoever first writes into it, as are `datasets` and `models`. */
  readonly notebooks: string;
  readonly datasets: string;
  /** Model files, fetched or put there by people. */
  readonly models: string;
  /** What cannot be recomputed: back this up. */
  readonly state: string;
  /** In it, files that values name by their content: pictures and other inputs. Made by whoever first writes into it. */
  readonly files: string;
  /** What can: may be deleted at any time. */
  readonly cache: string;
}

/** What opening a workspace needs of the file system. */
export interface WorkspaceFiles {
  makeFolder(path: string): Promise<void>;
  /** Rejects where this user cannot write in the folder. */
  checkWritable(folder: string): Promise<void>;
  /** The file's text; null where there is no such file. */
  read(path: string): Promise<string | null>;
  /** Writes the file whole or not at all. */
  write(path: string, text: string): Promise<void>;
}

/** The layout of `.sheaf` that this program writes. */
const layoutVersion = 1;

/** A folder holds one workspace, so its rows need no other name until they move to a shared database. */
const localWorkspace = "local";

/**
 * Opens the workspace in a folder, and makes it one where it is not: `.sheaf/state` and `.sheaf/cache`, kept out of git. Nothing else in the
 * folder is touched. Rejects with `store.unwritable`, `store.full`, `store.newer` or `store.corrupt`.
 */
export async function openWorkspace(folder: string, files: WorkspaceFiles = nodeFiles): Promise<Workspace> {
  const root = resolve(folder);
  const own = join(root, ".sheaf");
  const workspace: Workspace = {
    id: localWorkspace,
    folder: root,
    notebooks: join(root, "notebooks"),
    datasets: join(root, "datasets"),
    models: join(root, "models"),
    state: join(own, "state"),
    files: join(own, "state", "files"),
    cache: join(own, "cache"),
  };
  const guarded = async <Result>(path: string, work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (thrown) {
      throw storeError(thrown, path);
    }
  };
  for (const path of [workspace.state, workspace.cache]) {
    await guarded(path, files.makeFolder(path));
    await guarded(path, files.checkWritable(path));
  }
  const ignored = join(own, ".gitignore");
  if ((await guarded(ignored, files.read(ignored))) === null) await guarded(ignored, files.write(ignored, "*\n"));
  const version = join(workspace.state, "version");
  const written = await guarded(version, files.read(version));
  if (written === null) await guarded(version, files.write(version, `${layoutVersion}\n`));
  else checkVersion(version, written.trim());
  return workspace;
}

function checkVersion(file: string, written: string): void {
  if (!/^\d{1,9}$/.test(written))
    throw new SheafError(
      "store.corrupt",
      `${file} should have the number of the workspace's layout, not "${written}"`,
      {
        cure: `Put back ${file} from your backup, or write ${layoutVersion} into it.`,
      },
    );
  if (Number(written) > layoutVersion)
    throw new SheafError(
      "store.newer",
      `${file} says that the workspace was written by a newer version of Sheaf (layout ${written}, this version knows ${layoutVersion})`,
      { cure: "Use that version of Sheaf or a newer one; nothing has been changed." },
    );
}

/** Makes a folder and those above it. Node's own recursion never ends where a filesystem makes no folders at all, as /proc. */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch(async (thrown: unknown) => {
      const exists = (thrown as NodeJS.ErrnoException).code === "EEXIST" && (await stat(path)).isDirectory();
      if (!exists) throw thrown;
    });
  try {
    await make();
  } catch (thrown) {
    const parent = dirname(path);
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || parent === path) throw thrown;
    await makeFolder(parent);
    await make();
  }
}

const nodeFiles: WorkspaceFiles = {
  makeFolder,
  checkWritable: (folder) => access(folder, constants.W_OK | constants.X_OK),
  async read(path) {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  },
  async write(path, text) {
    const half = `${path}.${randomUUID()}`;
    await writeFile(half, text);
    await rename(half, path);
  },
};
