import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Works something out of a file. */
export type OfFile<Value> = (path: string, signal?: AbortSignal) => Promise<Value>;

/**
 * `work` that remembers what it found in `memory`, a JSON file, for as long as a file keeps its size and time. What is no value of its
 * kind there is worked out anew. Where the memory cannot be written it only costs the work again.
 */
export function remembered<Value>(
  memory: string,
  isValue: (value: unknown) => value is Value,
  work: OfFile<Value>,
): OfFile<Value> {
  let writing: Promise<void> = Promise.resolve();

  async function remember(path: string, entry: Entry<Value>): Promise<void> {
    const known = await recall(memory, isValue);
    known.set(path, entry);
    await mkdir(dirname(memory), { recursive: true });
    const draft = `${memory}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(known), null, 1));
    await rename(draft, memory);
  }

  return async (path, signal) => {
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const found = (await recall(memory, isValue)).get(path);
    if (found?.stamp === stamp) return found.value;
    const value = await work(path, signal);
    // What is not remembered is worked out again.
    writing = writing.then(() => remember(path, { stamp, value })).catch(() => {});
    await writing;
    return value;
  };
}

interface Entry<Value> {
  readonly stamp: string;
  readonly value: Value;
}

/** What is remembered; a missing or damaged memory remembers nothing, since everything can be worked out again. */
async function recall<Value>(
  memory: string,
  isValue: (value: unknown) => value is Value,
): Promise<Map<string, Entry<Value>>> {
  try {
    const entries = Object.entries(JSON.parse(await readFile(memory, "utf8")) as object);
    return new Map(
      entries.flatMap(([path, { stamp, value }]) =>
        typeof stamp === "string" && isValue(value) ? [[path, { stamp, value }]] : [],
      ),
    );
  } catch {
    return new Map();
  }
}
