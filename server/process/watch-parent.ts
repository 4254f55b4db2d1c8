import { Worker } from "node:worker_threads";
import { parentVariable } from "./protocol.ts";

/**
 * Ends this process when its parent is gone, even while the main thread is busy for ever: a worker looks at the parent's
 * id four times a second. Ctrl-C is left to the parent, which ends its children itself; SIGTERM keeps its default, which
 * ends a busy process too.
 */
export function watchParent(): void {
  // The id comes from the parent: where it died before this line, `process.ppid` is already another's.
  const parent = Number(process.env[parentVariable] ?? process.ppid);
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const worker = new Worker(
    `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL"); }, 250);`,
    { eval: true, execArgv: [], env: {}, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } },
  );
  worker.unref();
}
