import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { remembered, type OfFile } from "./remembered.ts";

/** The SHA-256 of a file's bytes, as 64 hex digits. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk);
  return hash.digest("hex");
}

/** `hashFile` that remembers what it found in a JSON file. */
export function rememberedHash(memory: string): OfFile<string> {
  return remembered(memory, (value) => typeof value === "string", hashFile);
}
