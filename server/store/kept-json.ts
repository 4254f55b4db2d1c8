import { readFile } from "node:fs/promises";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { storeError } from "./store-error.ts";
import { writeWhole } from "./write-whole.ts";

/** A value in a file of its own, in memory and on disk. */
export interface KeptJson<Value> {
  get(): Value;
  /** Resolves when it is on disk; writes follow one another. */
  set(value: Value): Promise<void>;
}

export interface KeptJsonSettings<Value> {
  readonly file: string;
  /** The value of the file's JSON; throws where it is none. */
  readonly read: (json: unknown) => Value;
  /** What there is before there is a file. */
  readonly empty: Value;
  /** What the file should have, for the error of one that has not; absent for a cache, which then begins anew. */
  readonly what?: string;
}

/** Opens a kept value. Rejects with `store.corrupt` where the file has something else and is no cache. */
export async function openKeptJson<Value>(settings: KeptJsonSettings<Value>): Promise<KeptJson<Value>> {
  const { file, empty } = settings;
  let { value } = await valueIn(settings);
  let writing: Promise<void> = Promise.resolve();
  return {
    get: () => value ?? empty,
    set(next) {
      value = next;
      const written = writing.then(() => writeWhole(file, `${JSON.stringify(next, null, 1)}\n`));
      writing = written.catch(() => {});
      return written;
    },
  };
}

async function valueIn<Value>({ file, read, what }: KeptJsonSettings<Value>): Promise<{ readonly value?: Value }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw storeError(thrown, file);
  }
  try {
    return { value: read(JSON.parse(text)) };
  } catch (cause) {
    if (what === undefined) return {};
    throw new SheafError("store.corrupt", `${file} should have ${what}, and does not`, {
      cure: `Put back ${file} from your backup, or delete it and say it again.`,
      cause,
    });
  }
}
