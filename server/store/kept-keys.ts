import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { storeError } from "./store-error.ts";
import { writeWhole } from "./write-whole.ts";

/** Keys of providers that people entered, by the variable they stand for. Each is encrypted; nobody is shown one again. */
export interface KeptKeys {
  /** Variables of which a key is kept, and whether it can be read: without the master key it was encrypted with it cannot. */
  list(): readonly { readonly variable: string; readonly readable: boolean }[];
  get(variable: string): string | undefined;
  set(variable: string, key: string): Promise<void>;
  remove(variable: string): Promise<void>;
}

export interface KeptKeysFiles {
  /** The encrypted keys, JSON. */
  readonly keys: string;
  /** The master key: 32 bytes in hex, which only this user may read. Made when the first key is kept. */
  readonly masterKey: string;
}

/** AES-256-GCM (NIST SP 800-38D): 96 bits of nonce, a new one each time, and 128 of tag, all in base64. */
interface Sealed {
  readonly nonce: string;
  readonly tag: string;
  readonly sealed: string;
}

const algorithm = "aes-256-gcm";
const ownersOnly = 0o600;

/** Opens the kept keys of a workspace. Rejects with `store.corrupt` where their file is not one of keys. */
export async function openKeptKeys(files: KeptKeysFiles): Promise<KeptKeys> {
  const sealed = new Map(Object.entries(parse(await textOf(files.keys), files.keys)));
  let master = masterIn(await textOf(files.masterKey));
  const plain = new Map<string, string>();
  for (const [variable, entry] of sealed) {
    const key = master === null ? null : unseal(master, variable, entry);
    if (key !== null) plain.set(variable, key);
  }
  let writing: Promise<void> = Promise.resolve();

  /** Writes all of it, one write after another. */
  function write(): Promise<void> {
    const text = `${JSON.stringify({ version: 1, keys: Object.fromEntries(sealed) }, null, 2)}\n`;
    const next = writing.then(() => writeWhole(files.keys, text, ownersOnly));
    writing = next.catch(() => {});
    return next;
  }

  return {
    list: () => [...sealed.keys()].sort().map((variable) => ({ variable, readable: plain.has(variable) })),
    get: (variable) => plain.get(variable),
    async set(variable, key) {
      if (master === null) {
        master = randomBytes(32);
        await writeWhole(files.masterKey, `${master.toString("hex")}\n`, ownersOnly);
      }
      sealed.set(variable, seal(master, variable, key));
      await write();
      plain.set(variable, key);
    },
    async remove(variable) {
      sealed.delete(variable);
      plain.delete(variable);
      await write();
    },
  };
}

/** The variable's name is bound to its key: entries cannot be exchanged. */
function seal(master: Buffer, variable: string, key: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, master, nonce);
  cipher.setAAD(Buffer.from(variable));
  const sealed = Buffer.concat([cipher.update(key, "utf8"), cipher.final()]);
  return {
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    sealed: sealed.toString("base64"),
  };
}

/** The key; null where it was encrypted with another master key, or changed since. */
function unseal(master: Buffer, variable: string, { nonce, tag, sealed }: Sealed): string | null {
  try {
    const decipher = createDecipheriv(algorithm, master, Buffer.from(nonce, "base64"), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(variable));
    decipher.setAuthTag(Buffer.from(tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(sealed, "base64")), decipher.final()]).toString("utf8");
  } catch {
    // What is wrong is no secret, and the same whatever it is: it cannot be read.
    return null;
  }
}

function masterIn(text: string | null): Buffer | null {
  return text !== null && /^[0-9a-f]{64}\s*$/.test(text) ? Buffer.from(text.trim(), "hex") : null;
}

function parse(text: string | null, file: string): { readonly [variable: string]: Sealed } {
  if (text === null) return {};
  try {
    const { version, keys } = JSON.parse(text) as { readonly version?: unknown; readonly keys?: unknown };
    if (version === 1 && typeof keys === "object" && keys !== null) return keys as { [variable: string]: Sealed };
  } catch {
    // Told below, as what is no JSON and what is another JSON alike.
  }
  throw new SheafError("store.corrupt", `${file} should have the keys of providers that were entered, and does not`, {
    cure: `Put back ${file} from your backup, or delete it and enter the keys again.`,
  });
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw storeError(thrown, file);
  }
}
