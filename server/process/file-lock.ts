import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

/** Waits until no other process holds `path`, then holds it while `work` runs. A holder that died is forgotten after 20 s. */
export async function withFileLock<Result>(
  path: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, signal);
  try {
    return await work();
  } finally {
    // A lock that was taken over meanwhile is no longer ours; what was done under it counts.
    await release().catch(() => {});
  }
}

async function acquire(path: string, signal: AbortSignal): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lock(path, {
        realpath: false,
        stale: 20_000,
        // A lock lost to a stopped clock costs a second fetch into the same part file, which the hash then refuses.
        onCompromised: () => {},
      });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
      await sleep(250, undefined, { signal });
    }
  }
}
