import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { env, pipeline } from "@huggingface/transformers";
import { getLlama, LlamaCompletion } from "node-llama-cpp";
import { createModelFiles } from "#server/models/files/model-files.ts";
import { runCommand } from "#server/models/files/run-command.ts";
import { createModelsChild } from "#server/models/local-child.ts";
import { languageThreads } from "#server/models/local/threads.ts";
import { createLocalProvider } from "#server/models/local.ts";
import { median, report, skip } from "./figure.ts";

/**
 * Local models beside what they are made of, in the same run and turn by turn: embeddings beside transformers.js with all its
 * threads and batches of 32 sorted by length; tokens a second of a language model beside bare node-llama-cpp with as many threads.
 * Medians of the rounds. Goals: embeddings at least 90 %, tokens at least 95 % of the bare mechanism.
 */
const rounds = 5;
const texts = 1_000;
const tokens = 96;
const batch = 32;

const root = new URL("../", import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(relative, root));
const files = createModelFiles({
  folders: { workspace: path("models"), cache: path(".sheaf/cache/models"), shipped: path("public/models") },
  consents: { has: () => false },
  fetch,
  run: runCommand,
});
const child = createModelsChild(process.env);
const local = createLocalProvider({ child, files });
const settings = { environment: {}, fetch, endpoints: {} };

try {
  await benchEmbeddings();
  for (const name of ["smollm2-135m-instruct", "gemma-3-270m"]) await benchTokens(name);
} finally {
  await child.close();
}

async function benchEmbeddings(): Promise<void> {
  const lines = (await readFile(new URL("datasets/banking77/train.csv", root), "utf8")).split("\n");
  const messages = lines.slice(1, texts + 1).map((line) => line.replace(/,[^,]*$/, ""));
  env.allowRemoteModels = false;
  env.localModelPath = path("public/models");
  const bare = await pipeline("feature-extraction", "all-MiniLM-L6-v2", { dtype: "q8" });
  const model = local.embeddingModel!("all-minilm-l6-v2", settings);

  async function runBare(): Promise<void> {
    const sorted = messages.toSorted((a, b) => a.length - b.length);
    for (let start = 0; start < sorted.length; start += batch)
      await bare(sorted.slice(start, start + batch), { pooling: "mean", normalize: true });
  }

  const [ours, theirs] = await alternate(
    () => model.embed(messages),
    () => runBare(),
  );
  report({
    what: `embeddings of ${texts.toLocaleString("en-US")} messages`,
    unit: "texts/s",
    ours: rate(texts, ours),
    bare: { what: "transformers.js", figure: rate(texts, theirs) },
    goal: { of: "ratio", is: "at least", bound: 0.9 },
  });
  await bare.dispose();
}

async function benchTokens(name: string): Promise<void> {
  const file = await files.path(`local/${name}`);
  if (file === null)
    return skip(`tokens of ${name}`, `it is not fetched: \`npm run -s sheaf -- models pull local/${name}\``);
  const threads = languageThreads(availableParallelism(), process.env["SHEAF_THREADS"]);
  const llama = await getLlama({
    gpu: false,
    build: "never",
    progressLogs: false,
    maxThreads: threads,
    logger: () => {},
  });
  const weights = await llama.loadModel({ modelPath: file });
  const context = await weights.createContext({ contextSize: 2048, threads });
  const sequence = context.getSequence();
  const completion = new LlamaCompletion({ contextSequence: sequence, autoDisposeSequence: false });
  const model = local.chatModel!(name, settings);
  const prompt = "The capital of France is";

  async function runOurs(): Promise<void> {
    const request = { messages: [], completion: prompt, parameters: { max_tokens: tokens } };
    for await (const part of model.stream(request, new AbortController().signal))
      if (part.type === "finish" && part.usage.output !== tokens) throw new Error(`${part.usage.output} tokens`);
  }

  async function runBare(): Promise<void> {
    await sequence.clearHistory();
    const before = sequence.tokenMeter.usedOutputTokens;
    await completion.generateCompletion(prompt, { maxTokens: tokens, temperature: 0 });
    if (sequence.tokenMeter.usedOutputTokens - before !== tokens) throw new Error("the bare model ended early");
  }

  const [ours, theirs] = await alternate(runOurs, runBare);
  report({
    what: `tokens of ${name}`,
    unit: "tokens/s",
    ours: rate(tokens, ours),
    bare: { what: "node-llama-cpp", figure: rate(tokens, theirs) },
    goal: { of: "ratio", is: "at least", bound: 0.95 },
  });
  await llama.dispose();
}

/** Median milliseconds of each, after one round that is not counted, changing who is first. */
async function alternate(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1)
    for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const start = performance.now();
      await (which === 0 ? first() : second());
      if (round > 0) times[which].push(performance.now() - start);
    }
  return [median(times[0]), median(times[1])];
}

/** How many a second, of so many in a time. */
function rate(count: number, milliseconds: number): number {
  return (count * 1_000) / milliseconds;
}
