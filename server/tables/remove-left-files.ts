import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds after which what does not say whose it is (earlier releases' files) is nobody's any more. */
const day = 86_400_000;

/**
 * Removes from a folder, or of its files with an `ending`, what processes that have ended left half done. Names begin with the id of
 * the process, `PID` or `PID-UUID`: others may work in the folder now, and keep theirs.
 */
export async function removeLeftFiles(folder: string, ending = ""): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith(ending) && (await isLeft(folder, name)))
      await rm(join(folder, name), { recursive: true, force: true });
}

async function isLeft(folder: string, name: string): Promise<boolean> {
  const facts = await stat(join(folder, name)).catch(() => undefined);
  if (facts === undefined) return false;
  const pid = Number(/^(\d+)(-[0-9a-f]{8}-.*)?$/.exec(name)?.[1]);
  if (Number.isNaN(pid)) return Date.now() - facts.mtimeMs > day;
  // In a container processes get the same ids at each start.
  return pid === process.pid ? facts.mtimeMs < performance.timeOrigin : !isAlive(pid);
}

/** Another process may have got the id of one that ended: what that one left stays until another start. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
