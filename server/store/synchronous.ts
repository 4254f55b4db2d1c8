/**
 * When a committed call is safe. `full`: it is on the disk when it is acknowledged, so that not even a loss of power loses what was paid for.
 * `normal`: the system has it, so that no end of a process loses it, and a loss of power may lose the last seconds.
 */
export type Synchronous = "full" | "normal";

/** What `SHEAF_SYNCHRONOUS` says: `full` unless it is `normal`, for machines whose disk takes long to confirm. */
export function readSynchronous(setting: string | undefined): Synchronous {
  return setting === "normal" ? "normal" : "full";
}
