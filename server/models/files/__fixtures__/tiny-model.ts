import { createHash } from "node:crypto";
import type { ChatModelFile } from "../model-file.ts";

/** A model that the program names, with these bytes. */
export function tinyModel(content: Uint8Array): ChatModelFile {
  return {
    kind: "chat",
    style: "base",
    name: "local/tiny",
    title: "Tiny",
    file: "tiny.gguf",
    sha256: createHash("sha256").update(content).digest("hex"),
    bytes: content.length,
    contextLength: 128,
    licence: { title: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    sources: [{ type: "hugging-face", repository: "someone/tiny", revision: "abc", file: "tiny.gguf" }],
  };
}
