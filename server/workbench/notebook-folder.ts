import { cp, mkdir, open as openHandle, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { sha256 } from "#server/notebook/hash.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { pathsBeside } from "#server/runner/path-beside.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { titleOf } from "./live-notebook.ts";
import { largestNotebook, notebookText } from "./notebook-text.ts";
import { ifThere, readText, writeText } from "./saved-file.ts";

/** A notebook's file, as a list shows it. */
export interface NotebookFileView {
  /** Below the workspace, with `/`. */
  readonly path: string;
  readonly title: string;
  /** Milliseconds. */
  readonly modifiedAt: number;
  /** Why it is none where it was meant to be one. */
  readonly problem?: string;
}

/**
 * The folder of a workspace's notebooks: files with their notes and baselines beside them, named by paths below the workspace. Knows nothing of which are
 * open. What is made here is trusted.
 */
export interface NotebookFolder {
  pathOf(file: string): string;
  /** The file of a path; nothing outside the folder has one. Throws `notebook.path`. */
  fileOf(path: string): string;
  has(path: string): Promise<boolean>;
  files(): Promise<readonly string[]>;
  list(): Promise<readonly NotebookFileView[]>;
  /** Makes a notebook under a free name made of its title; gives its path. */
  create(title: string, text: string): Promise<string>;
  /** Makes a notebook of another's text, notes and baseline, and says so in its title; gives its path. It is trusted where the other is. */
  duplicate(path: string, text: string): Promise<string>;
  /** Copies an example with what stands beside it and its datasets into the workspace, each unless it is there; gives its path. */
  takeExample(name: string): Promise<string>;
  /** Gives a file another name; what stands beside it stays, as that is moved with all else that is kept. Throws `notebook.exists`. */
  rename(path: string, to: string): Promise<void>;
  /** Puts a notebook with its notes and its baseline into `.sheaf/removed`, and gives the name it has there. Throws what `notebookText` throws. */
  remove(path: string): Promise<string>;
  /** Puts what was removed back, under the name it has in `.sheaf/removed`. Throws `notebook.exists` or `notebook.missing`. */
  restore(removed: string, path: string): Promise<void>;
}

/** The folder of a workspace's notebooks; `examples` is the folder of those that ship. */
export function notebookFolder({ workspace, store, now }: Runtime, examples: string): NotebookFolder {
  const { folder, notebooks, datasets, state } = workspace;
  const { trusts } = store;
  const removedFolder = join(state, "..", "removed");
  /** Notebooks that were trusted when they were removed, by their names there. */
  const removedTrusted = new Set<string>();

  function pathOf(file: string): string {
    return relative(folder, file).split(sep).join("/");
  }

  function fileOf(path: string): string {
    const file = resolve(folder, path);
    if (!file.startsWith(notebooks + sep) || !file.endsWith(".md"))
      throw new SheafError("notebook.path", `${path} is no notebook of this workspace`, {
        cure: "Notebooks are files `.md` in the folder `notebooks/`.",
      });
    return file;
  }

  async function files(): Promise<readonly string[]> {
    const entries = await readdir(notebooks, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
      .map(({ parentPath, name }) => join(parentPath, name));
  }

  async function list(): Promise<NotebookFileView[]> {
    const found = await Promise.all(
      (await files()).map(async (file) => {
        try {
          const { mtimeMs, size } = await stat(file);
          const text = size > largestNotebook ? null : await readText(file);
          if (text === null) return [];
          const { title, isNotebook, problem } = titleOf(text);
          if (!isNotebook && problem === null) return [];
          const found = { path: pathOf(file), title: title ?? basename(file, ".md"), modifiedAt: mtimeMs };
          return [problem === null ? found : { ...found, problem }];
        } catch {
          // A file that went away or is no text is no notebook.
          return [];
        }
      }),
    );
    return found.flat().sort((left, right) => left.title.localeCompare(right.title));
  }

  /** Writes a file under a free name made of a title. */
  async function writeFree(title: string, text: string): Promise<string> {
    const name =
      title
        .normalize("NFKD")
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "")
        .slice(0, 60) || "notebook";
    for (let number = 1; ; number += 1) {
      const file = join(notebooks, `${name}${number === 1 ? "" : `-${number}`}.md`);
      if (await place(file, () => writeText(file, text))) return file;
    }
  }

  /** Copies the dataset files an example names into the workspace, where they are not there. */
  async function takeDatasets(example: string): Promise<void> {
    const shipped = join(examples, "../../datasets");
    if (resolve(shipped) === datasets) return;
    const text = (await readText(example)) ?? "";
    for (const [, name] of text.matchAll(/['" ]([\w-]+\/[\w.-]+\.(?:csv|jsonl?|parquet))\b/g)) {
      const from = join(shipped, name!);
      const to = join(datasets, name!);
      if ((await exists(from)) && !(await exists(to))) await cp(from, to);
    }
  }

  /** Writes a notebook that is made here under a free name. */
  async function makeFile(title: string, text: string, trusted = true): Promise<string> {
    const file = await writeFree(title, text);
    if (trusted) await trusts.trust(pathOf(file), sha256(text), now());
    return pathOf(file);
  }

  return {
    pathOf,
    fileOf,
    has: (path) => exists(fileOf(path)),
    files,
    list,
    create: makeFile,
    async duplicate(path, text) {
      const title = `${titleOf(text).title ?? basename(path, ".md")} copy`;
      const { text: copied } = applyOperation(text, { type: "set-front-matter", path: ["title"], value: title });
      const made = await makeFile(title, copied, await trusts.meet(path, sha256(text), now()));
      await copyBeside(fileOf(path), fileOf(made));
      return made;
    },
    async takeExample(name) {
      const file = join(notebooks, basename(name));
      if (!(await exists(file))) {
        const example = join(examples, basename(name));
        await takeDatasets(example);
        for (const { from, to } of pathsBeside(example, file))
          if ((await exists(from)) && !(await exists(to))) await cp(from, to);
        await cp(example, file);
        await trusts.trust(pathOf(file), sha256((await readText(file)) ?? ""), now());
      }
      return pathOf(file);
    },
    async rename(path, to) {
      const [from, target] = [fileOf(path), fileOf(to)];
      await mkdir(dirname(target), { recursive: true });
      if (!(await place(target, () => rename(from, target)))) throw taken(to);
    },
    async remove(path) {
      const file = fileOf(path);
      const text = await notebookText(file, path);
      await mkdir(removedFolder, { recursive: true });
      const name = `${now()}-${basename(file)}`;
      const kept = join(removedFolder, name);
      await cp(file, kept);
      await copyBeside(file, kept);
      await rm(file);
      for (const { from } of pathsBeside(file, kept)) await rm(from, { force: true });
      if (await trusts.meet(path, sha256(text), now())) removedTrusted.add(name);
      await trusts.forget(path);
      return name;
    },
    async restore(removed, path) {
      const file = fileOf(path);
      const kept = join(removedFolder, basename(removed));
      const text = await notebookText(kept, path);
      await mkdir(dirname(file), { recursive: true });
      if (!(await place(file, () => cp(kept, file)))) throw taken(path);
      await copyBeside(kept, file);
      if (removedTrusted.has(basename(removed))) await trusts.trust(path, sha256(text), now());
    },
  };
}

/** Copies what stands beside a notebook's file to beside another, over what is there. */
async function copyBeside(notebook: string, other: string): Promise<void> {
  for (const { from, to } of pathsBeside(notebook, other)) await ifThere(cp(from, to));
}

/** Puts a file where there is none: the name is taken at once, and free again where the work fails. False where there is one. */
async function place(file: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await (await openHandle(file, "wx")).close();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
  try {
    await work();
    return true;
  } catch (thrown) {
    await rm(file, { force: true });
    throw thrown;
  }
}

async function exists(file: string): Promise<boolean> {
  return (await ifThere(stat(file))) !== null;
}

/** What is thrown where a name has a notebook already. */
export function taken(path: string): SheafError {
  return new SheafError("notebook.exists", `there is a notebook ${path} already`, { cure: "Choose another name." });
}
