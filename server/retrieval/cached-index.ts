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

/** How many open indexes of a kind are kept. */
const mostOpen = 8;

/**
 * Indexes in files that can be built again: opened once, built where the file is missing or damaged, by one caller and one
 * process at a time. `use` builds anew and tries once more where work on an open index fails because its file went.
 */
export function cachedIndexes<Index>() {
  const opened = new Map<string, { index: Index; file: IndexFile<Index> }>();
  const builds = sharedTasks<Index, number>();

  async function obtain(
    file: IndexFile<Index>,
    signal: AbortSignal | undefined,
    onRows: ((rows: number) => void) | undefined,
  ): Promise<Index> {
    const known = opened.get(file.path);
    if (known !== undefined) return known.index;
    const index = await builds.run(file.path, (shared, report) => openOrBuild(file, shared, report), signal, onRows);
    if (!opened.has(file.path)) opened.set(file.path, { index, file });
    for (const path of opened.keys()) if (opened.size > mostOpen) forget(path);
    return opened.get(file.path)?.index ?? index;
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

  function forget(path: string): void {
    const known = opened.get(path);
    opened.delete(path);
    if (known !== undefined) known.file.close(known.index);
  }

  return {
    async use<Result>(
      file: IndexFile<Index>,
      signal: AbortSignal | undefined,
      work: (index: Index) => Promise<Result>,
      onRows?: (rows: number) => void,
    ): Promise<Result> {
      const index = await obtain(file, signal, onRows);
      try {
        return await work(index);
      } catch (error) {
        signal?.throwIfAborted();
        forget(file.path);
        if (await isWhole(file)) throw error;
        return work(await obtain(file, signal, onRows));
      }
    },
    close(): void {
      for (const path of opened.keys()) forget(path);
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
