import type { ModelHeader } from "../files/model-header.ts";

/** Reads what a GGUF file says of itself, and none of its weights. Rejects where it is no such file. */
export async function readHeader(file: string): Promise<ModelHeader> {
  const { readGgufFileInfo } = await import("node-llama-cpp");
  const { metadata, architectureMetadata } = await readGgufFileInfo(file, {
    readTensorInfo: false,
    logWarnings: false,
    sourceType: "filesystem",
  });
  const { architecture, name, license } = metadata.general;
  const { context_length: contextLength } = architectureMetadata as { readonly context_length?: unknown };
  return {
    architecture: String(architecture),
    ...(typeof name === "string" && name !== "" ? { title: name } : {}),
    ...(typeof license === "string" && license !== "" ? { licence: license } : {}),
    ...(typeof contextLength === "number" ? { contextLength } : {}),
    instruct: typeof metadata.tokenizer?.chat_template === "string",
  };
}
