import { SheafError } from "#server/notebook/sheaf-error.ts";
import { takeTurns } from "#server/process/take-turns.ts";
import { textIfThere } from "./text-if-there.ts";
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
  /** What to do where that is lost. */
  readonly anew?: string;
  /** Who may read the file (octal), where not everybody. */
  readonly mode?: number;
}

/** Opens a kept value. Rejects with `store.corrupt` where the file has something else and is no cache. */
export async function openKeptJson<Value>(settings: KeptJsonSettings<Value>): Promise<KeptJson<Value>> {
  const { file, empty, mode } = settings;
  let { value } = await valueIn(settings);
  const inTurn = takeTurns();
  return {
    get: () => value ?? empty,
    set(next) {
      value = next;
      return inTurn(() => writeWhole(file, `${JSON.stringify(next, null, 1)}\n`, mode));
    },
  };
}

async function valueIn<Value>({
  file,
  read,
  what,
  anew = "say it again",
}: KeptJsonSettings<Value>): Promise<{ readonly value?: Value }> {
  const text = await textIfThere(file);
  if (text === null) return {};
  try {
    return { value: read(JSON.parse(text)) };
  } catch (cause) {
    if (what === undefined) return {};
    throw new SheafError("store.corrupt", `${file} should have ${what}, and does not`, {
      cure: `Put back ${file} from your backup, or delete it and ${anew}.`,
      cause,
    });
  }
}
