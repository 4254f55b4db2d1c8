import { Worker } from "node:worker_threads";

/**
 * Ends this process when its parent is gone, even while the main thread is busy for ever: a worker looks at the parent's
 * id four times a second. Ctrl-C is left to the parent, which ends its children itself.
 */
export function watchParent(): void {
  const parent = process.ppid;
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => process.kill(process.pid, "SIGKILL"));
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const worker = new Worker(
    `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL"); }, 250);`,
    { eval: true, execArgv: [] },
  );
  worker.unref();
}
