import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** The SHA-256 of a file's bytes, as 64 hex digits. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk);
  return hash.digest("hex");
}

/** `hashFile` that remembers what it found in `memory`, a JSON file, for as long as a file keeps its size and time. */
export function rememberedHash(memory: string): (path: string, signal?: AbortSignal) => Promise<string> {
  return async (path, signal) => {
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const known = await recall(memory);
    const found = known.get(path);
    if (found?.stamp === stamp) return found.sha256;
    const sha256 = await hashFile(path, signal);
    known.set(path, { stamp, sha256 });
    await mkdir(dirname(memory), { recursive: true });
    const draft = `${memory}.${process.pid}.part`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(known), null, 1));
    await rename(draft, memory);
    return sha256;
  };
}

/** What is remembered; a missing or damaged memory remembers nothing, since every hash can be computed again. */
async function recall(memory: string): Promise<Map<string, { stamp: string; sha256: string }>> {
  try {
    const entries = Object.entries(JSON.parse(await readFile(memory, "utf8")) as object);
    return new Map(
      entries.flatMap(([path, { stamp, sha256 }]) =>
        typeof stamp === "string" && typeof sha256 === "string" ? [[path, { stamp, sha256 }]] : [],
      ),
    );
  } catch {
    return new Map();
  }
}
