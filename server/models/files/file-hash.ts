import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** The SHA-256 of a file's bytes, as 64 hex digits. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * `hashFile` that remembers what it found in `memory`, a JSON file, for as long as a file keeps its size and time. Where the memory
 * cannot be written it only costs the hashing again.
 */
export function rememberedHash(memory: string): (path: string, signal?: AbortSignal) => Promise<string> {
  let writing: Promise<void> = Promise.resolve();

  async function remember(path: string, entry: Remembered): Promise<void> {
    const known = await recall(memory);
    known.set(path, entry);
    await mkdir(dirname(memory), { recursive: true });
    const draft = `${memory}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(known), null, 1));
    await rename(draft, memory);
  }

  return async (path, signal) => {
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const found = (await recall(memory)).get(path);
    if (found?.stamp === stamp) return found.sha256;
    const sha256 = await hashFile(path, signal);
    // A hash that is not remembered is worked out again.
    writing = writing.then(() => remember(path, { stamp, sha256 })).catch(() => {});
    await writing;
    return sha256;
  };
}

interface Remembered {
  readonly stamp: string;
  readonly sha256: string;
}

/** What is remembered; a missing or damaged memory remembers nothing, since every hash can be computed again. */
async function recall(memory: string): Promise<Map<string, Remembered>> {
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
