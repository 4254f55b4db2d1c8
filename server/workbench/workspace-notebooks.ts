import { cp, mkdir, open as openHandle, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { sha256 } from "#server/notebook/hash.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { notesPath, openNotesFile } from "#server/runner/notes-file.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { createLiveNotebook, titleOf, type LiveNotebook } from "./live-notebook.ts";
import { largestNotebook, notebookText } from "./notebook-text.ts";
import { reportOnStderr, type Report } from "./report.ts";
import { ifThere, readText, writeText } from "./saved-file.ts";
import type { ViewEvent } from "./view.ts";
import { watchFolder } from "./watch-folder.ts";

/** A notebook's file, as a list shows it. */
export interface NotebookFileView {
  /** Below the workspace, with `/`. */
  readonly path: string;
  readonly title: string;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

/** The notebooks of a workspace: their files, and those that are open. */
export interface WorkspaceNotebooks {
  list(): Promise<readonly NotebookFileView[]>;
  /** Opens a notebook, or gives the one that is open. Throws `notebook.missing`, `notebook.too-large`, `notebook.not-text` or `notebook.path`. */
  open(path: string): Promise<LiveNotebook>;
  /**
   * What pages are told of a notebook, as `ViewFeed.subscribe`. Goes on where it was removed and is put back. Ends with `signal`, or when
   * the notebooks are closed; throws what `open` throws.
   */
  watch(path: string, since: number | null, signal: AbortSignal): AsyncGenerator<ViewEvent>;
  /** Makes a notebook with this text, under a free name made of its title; gives its path. */
  create(title: string, text?: string): Promise<string>;
  /** Copies an example of the gallery among the notebooks, unless it is there; gives its path. */
  takeExample(file: string): Promise<string>;
  /** Makes a notebook with the text of another and its notes, and says so in its title; gives its path. */
  duplicate(path: string): Promise<string>;
  rename(path: string, to: string): Promise<string>;
  /** Puts a notebook with its notes into `.sheaf/removed`, and gives the name it has there. */
  remove(path: string): Promise<string>;
  /** Puts what was removed back to its path, under the name it has in `.sheaf/removed`. Throws `notebook.exists` or `notebook.missing`. */
  restore(removed: string, path: string): Promise<void>;
  /** Shows what others of this workspace computed in the notebooks that are open. */
  reload(): Promise<void>;
  /** Called whenever the list may have changed; gives what takes it back. */
  onList(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface WorkspaceNotebooksSettings {
  readonly runtime: Runtime;
  /** The folder of the examples. */
  readonly examples: string;
  readonly firstSequence: number;
  readonly report?: Report;
}

/** Opens the notebooks of a runtime's workspace and watches their folder. */
export async function openWorkspaceNotebooks({
  runtime,
  examples,
  firstSequence,
  report = reportOnStderr,
}: WorkspaceNotebooksSettings): Promise<WorkspaceNotebooks> {
  const { folder, notebooks, datasets, state } = runtime.workspace;
  const opened = new Map<string, Promise<LiveNotebook>>();
  const listeners = new Set<() => void>();
  const { trusts } = runtime.store;
  const removedFolder = join(state, "..", "removed");
  /** Where notebooks were renamed to while they were open: a page that has not heard of it goes on there. */
  const moved = new Map<string, string>();
  /** Notebooks that were trusted when they were removed, by their names there. */
  const removedTrusted = new Set<string>();
  /** Paths whose files are being removed or put back. */
  const halfway = new Set<string>();
  /** Above all numbers that notebooks gave which are not open any more: a page that knows one of those knows none of now. */
  let sequence = firstSequence;
  let closed = false;
  await mkdir(notebooks, { recursive: true });
  const watched = (name: string) => (thrown: unknown) => report(`watching the folder ${name}`, toCellError(thrown));
  const watcher = watchFolder(
    notebooks,
    (changed) => {
      meetFile(pathOf(join(notebooks, changed))).catch((thrown: unknown) =>
        report(`looking at ${changed}`, toCellError(thrown)),
      );
      listChanged();
    },
    watched("notebooks"),
  );

  await mkdir(datasets, { recursive: true });
  const datasetWatcher = watchFolder(
    datasets,
    () => {
      for (const [path, live] of opened)
        live
          .then((each) => each.datasetTouched())
          .catch((thrown: unknown) => report(`looking at the datasets of ${path}`, toCellError(thrown)));
    },
    watched("datasets"),
  );

  function listChanged(): void {
    for (const listener of listeners) listener();
  }

  function pathOf(file: string): string {
    return relative(folder, file).split(sep).join("/");
  }

  /** The file of a path; nothing outside the folder of notebooks has one. */
  function fileOf(path: string): string {
    const file = resolve(folder, path);
    if (!file.startsWith(notebooks + sep) || !file.endsWith(".md"))
      throw new SheafError("notebook.path", `${path} is no notebook of this workspace`, {
        cure: "Notebooks are files `.md` in the folder `notebooks/`.",
      });
    return file;
  }

  /** The path a notebook has now. */
  async function currentPath(path: string): Promise<string> {
    const next = moved.get(path);
    if (next === undefined || (await exists(fileOf(path)))) return path;
    return currentPath(next);
  }

  /** The file of a notebook that is open was touched. Where it was renamed outside, the notebook goes along. */
  async function meetFile(path: string): Promise<void> {
    const live = await opened.get(path);
    const missing = (await live?.fileTouched()) ?? null;
    if (live === undefined || missing === null) return;
    for (const file of await notebookFiles()) {
      if ((await ifThere(stat(file)))?.ino !== missing.identity) continue;
      if (opened.has(pathOf(file)) || (await readText(file)) !== missing.text) continue;
      await moveNotebook(path, file, async () => {});
      return;
    }
  }

  /** Takes all that is kept of a notebook by its path to another, `work` its file; what is open of it goes on there. */
  async function moveNotebook(path: string, file: string, work: () => Promise<void>): Promise<string> {
    const to = pathOf(file);
    async function records(): Promise<void> {
      await work();
      await ifThere(rename(notesPath(fileOf(path)), notesPath(file)));
      await runtime.budgets.move(path, to, () => runtime.store.notebooks.move(path, to));
      await runtime.results.move(path, to);
      await runtime.tables.sheets.move({ from: `${path}#`, to: `${to}#` });
      moved.delete(to);
      moved.set(path, to);
    }
    const live = opened.get(path);
    if (live === undefined) await records();
    else {
      await (await live).move({ path: to, file }, records);
      opened.delete(path);
      opened.set(to, live);
      passNumbers(await live);
    }
    listChanged();
    return to;
  }

  async function notebookFiles(): Promise<readonly string[]> {
    const entries = await readdir(notebooks, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
      .map(({ parentPath, name }) => join(parentPath, name));
  }

  async function openFile(path: string): Promise<LiveNotebook> {
    const file = fileOf(path);
    const text = await notebookText(file, path);
    const trusted = await trusts.meet(path, sha256(text), runtime.now());
    const notes = openNotesFile(notesPath(file));
    const session = await openSession(runtime, { path, text, notes, trusted });
    return createLiveNotebook({
      runtime,
      session,
      file,
      notes,
      text,
      firstSequence: sequence,
      report,
      onTrust: (at, now) => trusts.trust(at, sha256(now), runtime.now()),
    });
  }

  async function list(): Promise<NotebookFileView[]> {
    const found = await Promise.all(
      (await notebookFiles()).map(async (file) => {
        try {
          const { mtimeMs, size } = await stat(file);
          const text = size > largestNotebook ? null : await readText(file);
          const { title, isNotebook } = text === null ? { title: null, isNotebook: false } : titleOf(text);
          if (!isNotebook) return [];
          return [{ path: pathOf(file), title: title ?? basename(file, ".md"), modifiedAt: mtimeMs }];
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
    const { datasets } = runtime.workspace;
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
    if (trusted) await trusts.trust(pathOf(file), sha256(text), runtime.now());
    return pathOf(file);
  }

  async function closeOne(path: string): Promise<void> {
    const live = opened.get(path);
    opened.delete(path);
    await (await live)?.close();
    if (live !== undefined) passNumbers(await live);
  }

  /** Has notebooks that are opened from now on begin above the numbers of one. */
  function passNumbers({ feed, revision }: LiveNotebook): void {
    sequence = Math.max(sequence, feed.sequence + 1, revision + 1);
  }

  async function open(asked: string): Promise<LiveNotebook> {
    const path = opened.has(asked) ? asked : await currentPath(asked);
    let live = opened.get(path);
    if (live === undefined) {
      opened.set(path, (live = openFile(path)));
      // Whoever asked is told; who asks next tries anew.
      live.catch(() => opened.delete(path));
    }
    return live;
  }

  /** Moves the files of a notebook while nobody who waits for it opens it. */
  async function halfwayDone<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
    halfway.add(path);
    try {
      return await work();
    } finally {
      halfway.delete(path);
      listChanged();
    }
  }

  /** Waits until a notebook that was closed is there again, or nobody waits for it. */
  async function untilThere(path: string, signal: AbortSignal): Promise<void> {
    const there = Promise.withResolvers<void>();
    const look = (): void => void isThere().then((is) => is && there.resolve(), there.reject);
    const isThere = async (): Promise<boolean> => {
      const now = await currentPath(path);
      return signal.aborted || closed || ((await exists(fileOf(now))) && !halfway.has(now));
    };
    listeners.add(look);
    signal.addEventListener("abort", look);
    try {
      look();
      await there.promise;
    } finally {
      listeners.delete(look);
      signal.removeEventListener("abort", look);
    }
  }

  return {
    list,
    open,
    async *watch(path, since, signal) {
      for (let last = since; ;) {
        const { feed } = await open(path);
        for await (const event of feed.subscribe(last, signal)) {
          last = event.sequence;
          yield event;
        }
        await untilThere(path, signal);
        if (signal.aborted || closed) return;
      }
    },
    create: (title, text = `---\nsheaf: 1\ntitle: ${JSON.stringify(title)}\n---\n\n# ${title}\n`) =>
      makeFile(title, text),
    async duplicate(path) {
      const file = fileOf(path);
      const live = opened.get(path);
      const text = live === undefined ? await notebookText(file, path) : (await live).session.state.notebook.text;
      const title = `${titleOf(text).title ?? basename(path, ".md")} copy`;
      const { text: copied } = applyOperation(text, { type: "set-front-matter", path: ["title"], value: title });
      const made = await makeFile(title, copied, await trusts.meet(path, sha256(text), runtime.now()));
      await ifThere(cp(notesPath(file), notesPath(fileOf(made))));
      return made;
    },
    async takeExample(name) {
      const file = join(notebooks, basename(name));
      if (!(await exists(file))) {
        const example = join(examples, basename(name));
        await takeDatasets(example);
        const [notes, kept] = [notesPath(example), notesPath(file)];
        if ((await exists(notes)) && !(await exists(kept))) await cp(notes, kept);
        await cp(example, file);
        await trusts.trust(pathOf(file), sha256((await readText(file)) ?? ""), runtime.now());
      }
      return pathOf(file);
    },
    async rename(path, to) {
      const from = fileOf(path);
      const target = fileOf(to);
      if (await exists(target)) throw taken(to);
      const live = await opened.get(path);
      if (live?.board.busy === true)
        throw new SheafError("notebook.busy", "a run is on in this notebook", {
          cure: "Wait until it has ended, or stop it, and rename then.",
        });
      if (live === undefined) await notebookText(from, path);
      return moveNotebook(path, target, async () => {
        await mkdir(dirname(target), { recursive: true });
        if (!(await place(target, () => rename(from, target)))) throw taken(to);
      });
    },
    remove: (path) =>
      halfwayDone(path, async () => {
        const file = fileOf(path);
        await closeOne(path);
        const text = await notebookText(file, path);
        await mkdir(removedFolder, { recursive: true });
        const name = `${runtime.now()}-${basename(file)}`;
        const kept = join(removedFolder, name);
        await cp(file, kept);
        await ifThere(cp(notesPath(file), notesPath(kept)));
        await rm(file);
        await rm(notesPath(file), { force: true });
        if (await trusts.meet(path, sha256(text), runtime.now())) removedTrusted.add(name);
        await trusts.forget(path);
        return name;
      }),
    restore: (removed, path) =>
      halfwayDone(path, async () => {
        const file = fileOf(path);
        const kept = join(removedFolder, basename(removed));
        const text = await notebookText(kept, path);
        await mkdir(dirname(file), { recursive: true });
        if (!(await place(file, () => cp(kept, file)))) throw taken(path);
        await ifThere(cp(notesPath(kept), notesPath(file)));
        if (removedTrusted.has(basename(removed))) await trusts.trust(path, sha256(text), runtime.now());
      }),
    async reload() {
      await Promise.all([...opened.values()].map(async (live) => (await live).reload()));
    },
    onList(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      listChanged();
      watcher?.close();
      datasetWatcher?.close();
      await Promise.all([...opened.keys()].map(closeOne));
    },
  };
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

function taken(path: string): SheafError {
  return new SheafError("notebook.exists", `there is a notebook ${path} already`, { cure: "Choose another name." });
}
