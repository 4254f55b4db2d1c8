import { rm } from "node:fs/promises";
import { withFileLock } from "#server/process/file-lock.ts";
import { sharedTasks } from "#server/process/shared-tasks.ts";

/** How an index in a file is opened and built. */
export interface IndexFile<Index> {
  readonly path: string;
  /** Rejects where the file is missing or not whole. */
  open(path: string): Index | Promise<Index>;
  /** `report` is told how many rows are in. */
  build(path: string, signal: AbortSignal, report: (rows: number) => void): Promise<void>;
  close(index: Index): void;
}

/** How many open indexes of a kind are kept, where not more are in use. */
const mostOpen = 8;

/** An index that is open or on its way, and how many use it or wait for it. */
interface Opened<Index> {
  readonly file: IndexFile<Index>;
  index?: Index;
  users: number;
}

/**
 * Indexes in files that can be built again: opened once, built where the file is missing or damaged, by one caller and one
 * process at a time. `use` builds anew and tries once more where work on an open index fails because its file went. None is
 * closed while it is used; of the others those go first that were not used for longest.
 */
export function cachedIndexes<Index>() {
  /** By path; the one that was asked for last is at the end. */
  const opened = new Map<string, Opened<Index>>();
  const builds = sharedTasks<Index, number>();
  let kept = mostOpen;

  /** The entry of a file, with one user more, who has to leave it. */
  function enter(file: IndexFile<Index>): Opened<Index> {
    const entry = opened.get(file.path) ?? { file, users: 0 };
    opened.delete(file.path);
    opened.set(file.path, entry);
    entry.users += 1;
    makeRoom();
    return entry;
  }

  function leave(entry: Opened<Index>): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (opened.get(entry.file.path) !== entry) close(entry);
    else if (entry.index === undefined) opened.delete(entry.file.path);
    else makeRoom();
  }

  function makeRoom(): void {
    for (const entry of opened.values())
      if (opened.size > kept && entry.users === 0) {
        opened.delete(entry.file.path);
        close(entry);
      }
  }

  function close({ file, index }: Opened<Index>): void {
    if (index !== undefined) file.close(index);
  }

  async function begin(entry: Opened<Index>, signal: AbortSignal, report: (rows: number) => void): Promise<Index> {
    const index = await openOrBuild(entry.file, signal, report);
    if (signal.aborted) {
      // All who waited for it have left.
      entry.file.close(index);
      signal.throwIfAborted();
    }
    return (entry.index = index);
  }

  async function using<Result>(
    file: IndexFile<Index>,
    signal: AbortSignal | undefined,
    onRows: ((rows: number) => void) | undefined,
    work: (index: Index, entry: Opened<Index>) => Promise<Result>,
  ): Promise<Result> {
    const entry = enter(file);
    try {
      const build = (shared: AbortSignal, report: (rows: number) => void) => begin(entry, shared, report);
      return await work(entry.index ?? (await builds.run(file.path, build, signal, onRows)), entry);
    } finally {
      leave(entry);
    }
  }

  async function openOrBuild(
    file: IndexFile<Index>,
    signal: AbortSignal,
    report: (rows: number) => void,
  ): Promise<Index> {
    try {
      return await file.open(file.path);
    } catch {
      // Missing, cut off or damaged: whatever it is, it is a cache.
    }
    return withFileLock(file.path, signal, async () => {
      try {
        return await file.open(file.path);
      } catch {
        await rm(file.path, { force: true });
      }
      await file.build(file.path, signal, report);
      return file.open(file.path);
    });
  }

  return {
    use<Result>(
      file: IndexFile<Index>,
      signal: AbortSignal | undefined,
      work: (index: Index) => Promise<Result>,
      onRows?: (rows: number) => void,
    ): Promise<Result> {
      return using(file, signal, onRows, async (index, entry) => {
        try {
          return await work(index);
        } catch (error) {
          signal?.throwIfAborted();
          if (opened.get(file.path) === entry) opened.delete(file.path);
          if (await isWhole(file)) throw error;
          return using(file, signal, onRows, work);
        }
      });
    },
    /** Closes what is not used now, and the others when their last user leaves. */
    close(): void {
      kept = 0;
      makeRoom();
    },
  };
}

async function isWhole<Index>(file: IndexFile<Index>): Promise<boolean> {
  try {
    file.close(await file.open(file.path));
    return true;
  } catch {
    return false;
  }
}
