import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { openKeptJson } from "./kept-json.ts";
import { textIfThere } from "./text-if-there.ts";
import { writeWhole } from "./write-whole.ts";

/** Keys of providers that people entered, by the variable they stand for. Each is encrypted; nobody is shown one again. */
export interface KeptKeys {
  list(): readonly KeptKey[];
  /** The key, where it may go to that origin: none that was entered for another, or for none. */
  get(variable: string, origin: string | null): string | undefined;
  /** Keeps a key. With an origin it is for that one alone; null for a provider whose address no file of the workspace can change. */
  set(variable: string, key: string, origin: string | null): Promise<void>;
  remove(variable: string): Promise<void>;
}

/** What may be said of a kept key. */
export interface KeptKey {
  readonly variable: string;
  /** Whether it can be read: without the master key it was encrypted with it cannot. */
  readonly readable: boolean;
  /** The only origin it may go to; null where it was entered for none. */
  readonly origin: string | null;
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
  /** Where alone the key may go. Encrypted with it, so that nobody can write another one. */
  readonly origin?: string;
}

interface SealedKeys {
  readonly version: 1;
  readonly keys: { readonly [variable: string]: Sealed };
}

const algorithm = "aes-256-gcm";
const ownersOnly = 0o600;

/** Opens the kept keys of a workspace. Rejects with `store.corrupt` where their file is not one of keys. */
export async function openKeptKeys(files: KeptKeysFiles): Promise<KeptKeys> {
  const kept = await openKeptJson({
    file: files.keys,
    read: readKeys,
    empty: { version: 1, keys: {} },
    what: "the keys of providers that were entered",
    anew: "enter the keys again",
    mode: ownersOnly,
  });
  let master = masterIn(await textIfThere(files.masterKey));
  const plain = new Map<string, string>();
  for (const [variable, entry] of Object.entries(kept.get().keys)) {
    const key = master === null ? null : unseal(master, variable, entry);
    if (key !== null) plain.set(variable, key);
  }

  return {
    list: () =>
      Object.entries(kept.get().keys)
        .map(([variable, { origin = null }]) => ({ variable, readable: plain.has(variable), origin }))
        .sort((left, right) => (left.variable < right.variable ? -1 : 1)),
    get(variable, origin) {
      const { origin: only = null } = kept.get().keys[variable] ?? {};
      return only === origin ? plain.get(variable) : undefined;
    },
    async set(variable, key, origin) {
      if (master === null) {
        master = randomBytes(32);
        await writeWhole(files.masterKey, `${master.toString("hex")}\n`, ownersOnly);
      }
      await kept.set({ version: 1, keys: { ...kept.get().keys, [variable]: seal(master, variable, key, origin) } });
      plain.set(variable, key);
    },
    async remove(variable) {
      const { [variable]: _, ...others } = kept.get().keys;
      plain.delete(variable);
      await kept.set({ version: 1, keys: others });
    },
  };
}

function seal(master: Buffer, variable: string, key: string, origin: string | null): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, master, nonce);
  const bound = origin === null ? {} : { origin };
  cipher.setAAD(boundTo(variable, bound));
  const sealed = Buffer.concat([cipher.update(key, "utf8"), cipher.final()]);
  return {
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    sealed: sealed.toString("base64"),
    ...bound,
  };
}

/** The key; null where it was encrypted with another master key, or changed since. */
function unseal(master: Buffer, variable: string, { nonce, tag, sealed, ...bound }: Sealed): string | null {
  try {
    const decipher = createDecipheriv(algorithm, master, Buffer.from(nonce, "base64"), { authTagLength: 16 });
    decipher.setAAD(boundTo(variable, bound));
    decipher.setAuthTag(Buffer.from(tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(sealed, "base64")), decipher.final()]).toString("utf8");
  } catch {
    // What is wrong is no secret, and the same whatever it is: it cannot be read.
    return null;
  }
}

/** What a key is bound to: its variable, so that entries cannot be exchanged, and its origin, so that it cannot be sent elsewhere. */
function boundTo(variable: string, { origin }: Pick<Sealed, "origin">): Buffer {
  return Buffer.from(origin === undefined ? variable : JSON.stringify([variable, origin]));
}

function masterIn(text: string | null): Buffer | null {
  return text !== null && /^[0-9a-f]{64}\s*$/.test(text) ? Buffer.from(text.trim(), "hex") : null;
}

function readKeys(json: unknown): SealedKeys {
  const { version, keys } = json as { readonly version?: unknown; readonly keys?: unknown };
  if (version === 1 && typeof keys === "object" && keys !== null) return json as SealedKeys;
  throw new TypeError("no keys of version 1");
}
