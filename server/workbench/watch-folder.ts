import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { join, sep } from "node:path";

/** Ends the watching. */
export interface FolderWatch {
  close(): void;
}

/** Milliseconds in which changes count as one. */
const together = 80;

/**
 * Tells the names of files that changed below a folder, those of one moment once. Every folder is watched by itself: a watch of whole
 * trees loses a file on Linux once another is renamed over it, which is how files are saved. `failed` is told why a folder cannot be watched,
 * as where the system watches no more; null where the folder itself cannot.
 */
export function watchFolder(
  folder: string,
  changed: (name: string) => void,
  failed: (thrown: unknown) => void,
): FolderWatch | null {
  const watchers = new Map<string, FSWatcher>();
  const names = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function tell(name: string): void {
    if (name.endsWith(".tmp")) return;
    names.add(name);
    timer ??= setTimeout(() => {
      timer = undefined;
      const all = [...names];
      names.clear();
      for (const one of all) changed(one);
    }, together);
  }

  /** Watches a folder and those in it; `isNew`: what is in it is told as well. */
  function open(below: string, isNew: boolean): void {
    const entries = readdirSync(join(folder, below), { withFileTypes: true });
    for (const entry of entries) {
      const name = join(below, entry.name);
      if (entry.isDirectory()) follow(name, isNew);
      else if (isNew) tell(name);
    }
  }

  function follow(below: string, isNew: boolean): void {
    try {
      if (!statSync(join(folder, below)).isDirectory()) return;
      const watcher = watch(join(folder, below), { persistent: false }, (event, name) => {
        if (name === null) return;
        tell(join(below, name));
        if (event !== "rename") return;
        // It came, went, or was replaced: what was watched under its name may be another by now.
        leave(join(below, name));
        follow(join(below, name), true);
      });
      watcher.on("error", (error) => leaveFor(below, error));
      watchers.set(below, watcher);
      open(below, isNew);
    } catch (thrown) {
      leaveFor(below, thrown);
    }
  }

  /** A folder that is gone again is nothing to be told of. */
  function leaveFor(below: string, thrown: unknown): void {
    leave(below);
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EPERM") failed(thrown);
  }

  function leave(below: string): void {
    for (const [name, watcher] of watchers) {
      if (name !== below && !name.startsWith(below + sep)) continue;
      watcher.close();
      watchers.delete(name);
    }
  }

  follow("", false);
  if (!watchers.has("")) return null;
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
