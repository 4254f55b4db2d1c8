import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { storeError } from "./store-error.ts";

/**
 * Writes a file whole or not at all: beside its place, onto the disk, and then into it. `mode` is who may read it (octal), and of a folder
 * that is made for it. Rejects with `store.*`.
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  try {
    // Whoever may read a file may enter its folder.
    const folder = mode === undefined ? undefined : mode | ((mode & 0o444) >> 2);
    await mkdir(dirname(path), { recursive: true, ...(folder === undefined ? {} : { mode: folder }) });
    const half = `${path}.${randomUUID()}`;
    const file = await open(half, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, path);
  } catch (thrown) {
    throw storeError(thrown, path);
  }
}
