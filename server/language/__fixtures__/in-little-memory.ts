import { parentPort, Worker, workerData } from "node:worker_threads";
import { templateFault } from "./evaluated.ts";

/**
 * What templates come to, one after the other, in a thread that may have `megabytes` for what lives longer than a moment. Rejects with the
 * template that took more.
 */
export async function inLittleMemory(megabytes: number, sources: readonly string[]): Promise<readonly string[]> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: sources,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  const outcomes: string[] = [];
  worker.on("message", (outcome: string) => void outcomes.push(outcome));
  await new Promise<void>((resolve, reject) => {
    worker.on("exit", () => resolve());
    worker.on("error", (cause) => reject(new Error(`${cause.message}: ${sources[outcomes.length]}`, { cause })));
  });
  return outcomes;
}

if (parentPort !== null && Array.isArray(workerData))
  for (const source of workerData as readonly string[]) parentPort.postMessage(templateFault(source));
