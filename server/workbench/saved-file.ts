import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What is done with a file; null where it is not there. Throws what is wrong with it otherwise. */
export async function ifThere<Answer>(work: Promise<Answer>): Promise<Answer | null> {
  try {
    return await work;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw thrown;
  }
}

/** Reads a text file; null where there is none. Throws what is wrong with it otherwise. */
export async function readText(file: string): Promise<string | null> {
  const bytes = await ifThere(readFile(file));
  return bytes === null ? null : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Writes a text file whole or not at all: whoever reads it sees the one before or this one. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (thrown) {
    // Why it could not be written is the error to tell.
    await unlink(temporary).catch(() => {});
    throw thrown;
  }
}
