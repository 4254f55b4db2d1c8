import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

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

/** Milliseconds in which whoever writes a file in several steps does the next. */
const nextStep = 100;
const mostSteps = 10;

/**
 * As `readText`, of a file that had the text `known`. What is new in it, or wrong with it, is believed when it is the same a moment later, or after
 * a second: whoever else writes it may be halfway.
 */
export async function readAtRest(file: string, known: string): Promise<string | null> {
  const read = (): Promise<string | null | Error> => readText(file).catch((thrown: Error) => thrown);
  let found = await read();
  for (let steps = 0; steps < mostSteps && found !== known; steps += 1) {
    await delay(nextStep);
    const before = found;
    found = await read();
    if (found === before || (found instanceof Error && before instanceof Error)) break;
  }
  if (found instanceof Error) throw found;
  return found;
}

/** Writes a text file whole or not at all: whoever reads it sees the one before or this one, and who may read it stays so. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  const before = await ifThere(stat(file));
  try {
    // From its beginning on nobody reads it who could not read the one before.
    await writeFile(temporary, text, before === null ? {} : { mode: before.mode & 0o600 });
    if (before !== null) await chmod(temporary, before.mode & 0o7777);
    await rename(temporary, file);
  } catch (thrown) {
    // Why it could not be written is the error to tell.
    await unlink(temporary).catch(() => {});
    throw thrown;
  }
}
