import type { Llama } from "node-llama-cpp";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { GenerateArgument } from "./methods.ts";
import { loadLanguageModel, type LanguageModel } from "./language-model.ts";

export interface LanguageModelsOptions {
  readonly threads: number;
  /** Bytes that loaded models may take together; the one in use may take more. */
  readonly memory: number;
  /** Whether to look for a graphics processor. */
  readonly gpu: boolean;
}

/** Keeps language models in memory, least recently used first to go. To be called by one request at a time. */
export function createLanguageModels({ threads, memory, gpu }: LanguageModelsOptions) {
  const loaded = new Map<string, LanguageModel>();
  let llama: Promise<Llama> | undefined;

  async function start(): Promise<Llama> {
    const { getLlama } = await import("node-llama-cpp");
    return getLlama({
      gpu: gpu ? "auto" : false,
      build: "never",
      skipDownload: true,
      progressLogs: false,
      maxThreads: threads,
      logger: () => {},
    });
  }

  function started(): Promise<Llama> {
    llama ??= start();
    // Whoever asked is told; who asks next tries anew.
    llama.catch(() => (llama = undefined));
    return llama;
  }

  async function makeRoom(except: string): Promise<void> {
    const used = (): number => [...loaded.values()].reduce((sum, model) => sum + model.memory, 0);
    for (const [sha256, model] of loaded) {
      if (sha256 === except || used() <= memory) continue;
      loaded.delete(sha256);
      await model.dispose();
    }
  }

  return {
    /** The library, ready to load models. */
    started,
    async use<Result>(
      { name, file, sha256 }: Pick<GenerateArgument, "name" | "file" | "sha256">,
      work: (model: LanguageModel) => Promise<Result>,
    ): Promise<Result> {
      let model = loaded.get(sha256);
      if (model === undefined) {
        try {
          model = await loadLanguageModel(await started(), file, threads);
        } catch (cause) {
          throw new SheafError("model.load", `${name} could not be loaded: ${reason(cause)}`, {
            cure: "Delete its file so that it is fetched again, or put another in its place; if that does not help, this machine lacks the memory or the instructions it needs.",
            cause,
          });
        }
      }
      // A map keeps the order of insertion: the last used is last.
      loaded.delete(sha256);
      loaded.set(sha256, model);
      try {
        return await work(model);
      } finally {
        await makeRoom(sha256);
      }
    },
  };
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
