import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process as it was seen: an id is given to another later, so the time of its start (ticks since boot) is part of it. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** Whether processes can be listed here: on Linux, by /proc. */
export const canListProcesses = process.platform === "linux";

/** All processes below `pid`, not itself, as they are now. Take it before a kill: orphans belong to init. */
export function descendantsOf(pid: number): readonly SeenProcess[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => look(Number(name)))
    .filter((seen) => seen !== null);
  const found: SeenProcess[] = [];
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop())
    for (const seen of all)
      if (seen.parent === parent) {
        found.push(seen);
        parents.push(seen.pid);
      }
  return found;
}

/** Whether that very process still runs; one that has ended and waits for its parent to notice does not. */
export function isRunning(seen: SeenProcess): boolean {
  return look(seen.pid)?.started === seen.started;
}

/** Waits until all of them are gone, at most `milliseconds`, and gives those that are not. */
export async function waitUntilGone(
  processes: readonly SeenProcess[],
  milliseconds: number,
): Promise<readonly SeenProcess[]> {
  const deadline = performance.now() + milliseconds;
  let left = processes.filter(isRunning);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(10);
    left = left.filter(isRunning);
  }
  return left;
}

/** The process by its id, null where there is none. The fields of `/proc/PID/stat` stand in proc(5). */
function look(pid: number): SeenProcess | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The name in brackets may hold anything, brackets and spaces too, so fields are counted after its end.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return { pid, parent: Number(fields[1]), started: fields[19]! };
}
