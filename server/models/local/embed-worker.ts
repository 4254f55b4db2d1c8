import { parentPort, workerData } from "node:worker_threads";
import {
  AutoModel,
  AutoTokenizer,
  env,
  type PreTrainedModel,
  type PreTrainedTokenizer,
} from "@huggingface/transformers";

// The module of a worker thread of the models process that embeds one text after another.

export interface EmbedWorkerData {
  readonly folder: string;
  readonly model: string;
}

export type EmbedWorkerAnswer =
  | { readonly type: "vectors"; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly type: "error"; readonly message: string };

const { folder, model: name } = workerData as EmbedWorkerData;
env.allowRemoteModels = false;
env.localModelPath = folder;

const loaded = load();
// A failure is told to whoever asks for vectors.
loaded.catch(() => {});

parentPort?.on("message", (texts: readonly string[]) => void answer(texts));

async function load(): Promise<{ tokenizer: PreTrainedTokenizer; model: PreTrainedModel }> {
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModel.from_pretrained(name, {
    dtype: "q8",
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 },
  });
  return { tokenizer, model };
}

async function answer(texts: readonly string[]): Promise<void> {
  try {
    const { tokenizer, model } = await loaded;
    const vectors: Float32Array[] = [];
    for (const text of texts) vectors.push(await embed(tokenizer, model, text));
    const dimensions = vectors[0]?.length ?? 0;
    const all = new Float32Array(vectors.length * dimensions);
    vectors.forEach((vector, index) => all.set(vector, index * dimensions));
    parentPort?.postMessage({ type: "vectors", vectors: all } satisfies EmbedWorkerAnswer, [all.buffer]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ type: "error", message } satisfies EmbedWorkerAnswer);
  }
}

/** One text alone, never a batch: see `createEmbedders`. The mean of the tokens' vectors, brought to unit length. */
async function embed(tokenizer: PreTrainedTokenizer, model: PreTrainedModel, text: string): Promise<Float32Array> {
  const { last_hidden_state: states } = await model(tokenizer(text, { truncation: true }));
  const [, tokens, dimensions] = states.dims as [number, number, number];
  const values = states.data as Float32Array;
  const vector = new Float32Array(dimensions);
  for (let token = 0; token < tokens; token += 1)
    for (let index = 0; index < dimensions; index += 1) vector[index]! += values[token * dimensions + index]!;
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square) || 1;
  return vector.map((value) => value / length);
}
