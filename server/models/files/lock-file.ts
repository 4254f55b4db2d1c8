import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

/** Waits until no other process holds `path`, then holds it until disposed. A holder that died is forgotten after 20 s. */
export async function lockFile(path: string, signal: AbortSignal): Promise<AsyncDisposable> {
  for (;;) {
    try {
      const release = await lock(path, {
        realpath: false,
        stale: 20_000,
        // A lock lost to a stopped clock costs a second fetch into the same part file, which the hash then refuses.
        onCompromised: () => {},
      });
      return { [Symbol.asyncDispose]: () => release().catch(() => {}) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
      await sleep(250, undefined, { signal });
    }
  }
}
