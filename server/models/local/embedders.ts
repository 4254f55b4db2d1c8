import { Worker } from "node:worker_threads";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { EmbedWorkerAnswer, EmbedWorkerData } from "./embed-worker.ts";
import type { EmbedArgument } from "./methods.ts";
import type { Turn } from "./turns.ts";

/** Texts a worker is given at once: small, so that all workers end together. */
const textsAWorker = 16;
/** Texts of one turn for each worker: between turns other work may go first, and a cancelled call ends. */
const textsATurn = 4 * textsAWorker;

/**
 * Embedding models, each on a few worker threads with one text at a time. Texts are never batched: an int8 model scales its numbers
 * by the largest in the whole batch, so that a text's vector would depend on the texts beside it (measured: cosine down to 0.983),
 * and with it what is retrieved. Workers side by side are as fast as batches.
 */
export function createEmbedders(workers: number, turn: Turn) {
  const pools = new Map<string, ReturnType<typeof createPool>>();
  return {
    /** One vector of unit length a text, one after another. Equal texts are computed once. */
    async embed({ folder, model, texts, priority }: EmbedArgument, signal: AbortSignal): Promise<Float32Array> {
      const key = JSON.stringify([folder, model]);
      const pool = pools.get(key) ?? createPool({ folder, model }, workers);
      pools.set(key, pool);
      const places = new Map([...new Set(texts)].map((text, index) => [text, index]));
      const distinct = [...places.keys()];
      const vectors: Float32Array[] = [];
      const size = textsATurn * workers;
      for (let start = 0; start < distinct.length; start += size) {
        const slice = distinct.slice(start, start + size);
        vectors.push(...(await turn({ length: "short", priority }, signal, () => pool.embed(slice))));
      }
      const dimensions = vectors[0]?.length ?? 0;
      const all = new Float32Array(texts.length * dimensions);
      texts.forEach((text, index) => all.set(vectors[places.get(text)!]!, index * dimensions));
      return all;
    },
  };
}

/** Worker threads of one model, started when there is work for them and kept. */
function createPool(data: EmbedWorkerData, size: number) {
  const idle: Worker[] = [];

  function start(): Worker {
    const worker = new Worker(new URL("./embed-worker.ts", import.meta.url), { workerData: data });
    worker.unref();
    return worker;
  }

  async function ask(worker: Worker, texts: readonly string[]): Promise<readonly Float32Array[]> {
    const { promise, resolve, reject } = Promise.withResolvers<EmbedWorkerAnswer>();
    worker.once("message", resolve).once("error", reject);
    worker.postMessage(texts);
    const answer = await promise.finally(() => worker.off("message", resolve).off("error", reject));
    if (answer.type === "error")
      throw new SheafError("model.embed", `${data.model} could not embed a text: ${answer.message}`, {
        cure: "Check that the folder public/models is complete.",
      });
    const dimensions = answer.vectors.length / texts.length;
    return texts.map((_, index) => answer.vectors.subarray(index * dimensions, (index + 1) * dimensions));
  }

  return {
    async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
      const results: Float32Array[] = Array.from({ length: texts.length });
      let next = 0;
      const lane = async (): Promise<void> => {
        const worker = idle.pop() ?? start();
        try {
          while (next < texts.length) {
            const from = next;
            next += textsAWorker;
            const vectors = await ask(worker, texts.slice(from, from + textsAWorker));
            vectors.forEach((vector, index) => (results[from + index] = vector));
          }
        } catch (error) {
          // What a worker holds after a failure is unknown; the next call starts another.
          void worker.terminate();
          throw error;
        }
        idle.push(worker);
      };
      const lanes = Math.min(size, Math.ceil(texts.length / textsAWorker));
      await Promise.all(Array.from({ length: lanes }, lane));
      return results;
    },
  };
}
