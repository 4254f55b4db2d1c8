import { dirname, basename } from "node:path";
import type { Child } from "#server/process/child.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SplitPiece } from "./create-thought-split.ts";
import type { ModelFiles } from "./files/model-files.ts";
import type { ChatModelFile, EmbeddingModelFile } from "./files/model-file.ts";
import { callModels } from "./local-child.ts";
import type { GenerateAnswer } from "./local/methods.ts";
import { promptOf } from "./local/prompt-of.ts";
import { refuseParameters } from "./refuse-parameters.ts";
import { defineProvider, type ChatModel, type EmbeddingModel, type ModelProvider, type StreamPart } from "./model.ts";

export interface LocalProviderOptions {
  /** The models process, from `createModelsChild`. */
  readonly child: Child;
  readonly files: ModelFiles;
}

/**
 * Models on this machine: GGUF language models and ONNX embedding models. A request that sets no temperature is greedy, one that
 * sets no `max_tokens` ends after 512 tokens. What a model thinks between `<think>` and `</think>` at the beginning of an answer that no grammar holds is reasoning.
 */
export function createLocalProvider({ child, files }: LocalProviderOptions): ModelProvider {
  return defineProvider({
    name: "local",
    title: "Models on this machine",
    chatModel(model) {
      const file = files.model(`local/${model}`);
      if (file.kind === "chat") return chatModel(file, child, files);
      throw new SheafError("model.unknown", `${file.name} embeds texts and cannot be talked to`, {
        cure: `Language models are ${namesOf(files, "chat")}.`,
      });
    },
    embeddingModel(model) {
      const file = files.model(`local/${model}`);
      if (file.kind === "embedding") return embeddingModel(file, child, files);
      throw new SheafError("model.unknown", `${file.name} is a language model and does not embed texts`, {
        cure: `Embedding models are ${namesOf(files, "embedding")}.`,
      });
    },
  });
}

function namesOf(files: ModelFiles, kind: "chat" | "embedding"): string {
  return files.models.flatMap((model) => (model.kind === kind ? [model.name] : [])).join(", ");
}

function chatModel(file: ChatModelFile, child: Child, files: ModelFiles): ChatModel {
  const { name } = file;
  return {
    name,
    identity: { provider: "local", file: file.sha256 },
    effect: "model",
    // The process computes one at a time; the second is there when the first ends, and a person's goes before that.
    concurrency: 2,
    interactiveConcurrency: 1,
    capabilities: {
      chat: file.style === "instruct",
      completion: true,
      images: false,
      jsonSchema: true,
      streaming: true,
      embeddings: false,
      contextLength: file.contextLength,
    },
    async ready(signal, onProgress) {
      await files.ensure(name, {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
    },
    async *stream(request, signal): AsyncIterable<StreamPart> {
      const { parameters, schema, sending } = request;
      signal.throwIfAborted();
      refuseParameters("models on this machine have", parameters, ["reasoning_effort", "api"]);
      const path = await files.ensure(name, { signal });
      const argument = {
        name,
        file: path,
        sha256: file.sha256,
        prompt: promptOf(request),
        parameters,
        ...(schema === undefined ? {} : { schema }),
        ...(sending?.priority === undefined ? {} : { priority: sending.priority }),
      };
      const pieces: SplitPiece[] = [];
      let answer: GenerateAnswer | undefined;
      let failure: { readonly error: unknown } | undefined;
      let news = Promise.withResolvers<void>();
      const leave = new AbortController();
      callModels(child, "generate", argument, {
        signal: AbortSignal.any([signal, leave.signal]),
        onPart: (part) => {
          pieces.push(part as SplitPiece);
          news.resolve();
        },
      })
        .then(
          (whole) => (answer = whole),
          (error: unknown) => (failure = { error }),
        )
        .finally(() => news.resolve());
      try {
        for (;;) {
          await news.promise;
          news = Promise.withResolvers<void>();
          const came = pieces.splice(0);
          const thought = came.map((piece) => piece.thought).join("");
          const text = came.map((piece) => piece.text).join("");
          if (thought !== "") yield { type: "reasoning", text: thought };
          if (text !== "") yield { type: "text", text };
          if (pieces.length > 0) continue;
          if (failure !== undefined) throw failure.error;
          if (answer !== undefined) break;
        }
      } finally {
        // Whoever stops reading stops the model.
        leave.abort();
      }
      yield { type: "finish", reason: answer.reason, usage: answer.usage, model: name };
    },
  };
}

function embeddingModel(file: EmbeddingModelFile, child: Child, files: ModelFiles): EmbeddingModel {
  return {
    name: file.name,
    identity: { provider: "local", file: file.sha256 },
    effect: "model",
    dimensions: file.dimensions,
    async embed(texts, signal, priority = "interactive") {
      signal?.throwIfAborted();
      if (texts.length === 0) return { vectors: [], usage: {} };
      const folder = await files.ensure(file.name, signal === undefined ? {} : { signal });
      const all = await callModels(
        child,
        "embed",
        { folder: dirname(folder), model: basename(folder), texts, priority },
        signal === undefined ? {} : { signal },
      );
      const vectorAt = (index: number) => all.slice(index * file.dimensions, (index + 1) * file.dimensions);
      return { vectors: texts.map((_, index) => vectorAt(index)), usage: {} };
    },
  };
}
