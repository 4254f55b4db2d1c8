import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "#server/notebook/hash.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { notesPath, openNotesFile } from "#server/runner/notes-file.ts";
import { pathsBeside } from "#server/runner/path-beside.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { reportOnStderr, type Report } from "#server/runner/report.ts";
import { createLiveNotebook, type LiveNotebook } from "./live-notebook.ts";
import { notebookFolder, taken, type NotebookFileView } from "./notebook-folder.ts";
import { notebookText } from "./notebook-text.ts";
import { ifThere, readText } from "./saved-file.ts";
import type { ViewEvent } from "./view.ts";
import { watchFolder } from "./watch-folder.ts";

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
  /** Makes a notebook with the text of another, its notes and its baseline, and says so in its title; gives its path. */
  duplicate(path: string): Promise<string>;
  rename(path: string, to: string): Promise<string>;
  /** Stops what runs in a notebook, puts it with its notes and its baseline into `.sheaf/removed`, and gives the name it has there. */
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
  const { notebooks, datasets } = runtime.workspace;
  const folder = notebookFolder(runtime, examples);
  const { pathOf, fileOf } = folder;
  const opened = new Map<string, Promise<LiveNotebook>>();
  const listeners = new Set<() => void>();
  const { trusts } = runtime.store;
  /** Where notebooks were renamed to while they were open: a page that has not heard of it goes on there. */
  const moved = new Map<string, string>();
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

  /** The path a notebook has now. */
  async function currentPath(path: string): Promise<string> {
    const next = moved.get(path);
    if (next === undefined || (await folder.has(path))) return path;
    return currentPath(next);
  }

  /** The file of a notebook that is open was touched. Where it was renamed outside, the notebook goes along. */
  async function meetFile(path: string): Promise<void> {
    const live = await opened.get(path);
    const missing = (await live?.fileTouched()) ?? null;
    if (live === undefined || missing === null) return;
    for (const file of await folder.files()) {
      if ((await ifThere(stat(file)))?.ino !== missing.identity) continue;
      if (opened.has(pathOf(file)) || (await readText(file)) !== missing.text) continue;
      await moveNotebook(path, pathOf(file), async () => {});
      return;
    }
  }

  /** Takes all that is kept of a notebook by its path to another, `work` its file; what is open of it goes on there. */
  async function moveNotebook(path: string, to: string, work: () => Promise<void>): Promise<string> {
    const file = fileOf(to);
    async function records(): Promise<void> {
      await work();
      for (const beside of pathsBeside(fileOf(path), file)) await ifThere(rename(beside.from, beside.to));
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
      return signal.aborted || closed || ((await folder.has(now)) && !halfway.has(now));
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
    list: () => folder.list(),
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
      folder.create(title, text),
    async duplicate(path) {
      const live = await opened.get(path);
      return folder.duplicate(path, live?.session.state.notebook.text ?? (await notebookText(fileOf(path), path)));
    },
    takeExample: (name) => folder.takeExample(name),
    async rename(path, to) {
      if (await folder.has(to)) throw taken(to);
      const live = await opened.get(path);
      if (live?.board.busy === true)
        throw new SheafError("notebook.busy", "a run is on in this notebook", {
          cure: "Wait until it has ended, or stop it, and rename then.",
        });
      if (live === undefined) await notebookText(fileOf(path), path);
      return moveNotebook(path, to, () => folder.rename(path, to));
    },
    remove: (path) =>
      halfwayDone(path, async () => {
        await (await opened.get(path))?.stop();
        await closeOne(path);
        return folder.remove(path);
      }),
    restore: (removed, path) => halfwayDone(path, () => folder.restore(removed, path)),
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
