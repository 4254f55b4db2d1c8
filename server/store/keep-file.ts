import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./write-whole.ts";

/** Keeps bytes in a folder under their SHA-256 in hex, which it gives. The same bytes are kept once, and a file is there whole or not at all. */
export async function keepFile(folder: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const path = join(folder, hash);
  // One that cannot be looked at is written, which says what is wrong.
  const kept = await stat(path).catch(() => null);
  if (kept?.size !== bytes.length) await writeWhole(path, bytes);
  return hash;
}

/** Reads the kept file of a hash; null where there is none. */
export async function readKept(folder: string, hash: string): Promise<Buffer | null> {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  return readFile(join(folder, hash)).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return null;
    throw thrown;
  });
}
