import { readdirSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/** Milliseconds in which changes count as one. */
const moment = 80;

/**
 * Tells names of files that changed below a folder, those of one moment once; gives what ends it. Each folder is watched by itself:
 * Node's recursive watching on Linux no longer hears of a file that was put in another's place. Where the system watches no folders
 * nothing is told.
 */
export function watchFolder(folder: string, changed: (name: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const names = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function tell(name: string): void {
    names.add(name);
    timer ??= setTimeout(() => {
      timer = undefined;
      const all = [...names];
      names.clear();
      for (const one of all) changed(one);
    }, moment);
  }

  /** Watches a folder and those in it; with `told` all files that are there already are told: they came with it. */
  function enter(below: string, told: boolean): void {
    if (watchers.has(below)) return;
    try {
      const watcher = watch(join(folder, below), { persistent: false }, (event, name) => {
        if (name === null || name.endsWith(".tmp")) return;
        const path = join(below, name);
        // Something came or went, which may be a folder.
        if (event === "rename") look(path);
        tell(path);
      });
      watchers.set(below, watcher);
      watcher.on("error", () => leave(below));
      for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
        const path = join(below, entry.name);
        if (entry.isDirectory()) enter(path, told);
        else if (told && !entry.name.endsWith(".tmp")) tell(path);
      }
    } catch {
      // It is no folder, or is gone again.
      leave(below);
    }
  }

  function leave(below: string): void {
    watchers.get(below)?.close();
    watchers.delete(below);
  }

  function look(path: string): void {
    leave(path);
    enter(path, true);
  }

  enter("", false);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}
