import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { storeError } from "./store-error.ts";

/** Keeps bytes in a folder under their SHA-256 in hex, which it gives. The same bytes are kept once, and a file is there whole or not at all. */
export async function keepFile(folder: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const path = join(folder, hash);
  try {
    const kept = await stat(path).catch(() => null);
    if (kept?.size === bytes.length) return hash;
    await mkdir(folder, { recursive: true });
    const half = `${path}.${randomUUID()}`;
    const file = await open(half, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, path);
    return hash;
  } catch (thrown) {
    throw storeError(thrown, path);
  }
}
