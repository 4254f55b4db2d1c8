import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { DatedRates, ModelRates, OwnPrices } from "#server/models/own-rates.ts";
import { storeError } from "./store-error.ts";
import { yamlChanges } from "./yaml-changes.ts";

/** The prices a workspace has of its own: a file that people read and edit, and the page writes into. */
export interface PriceFile {
  /** Its prices as they are now: the file is looked at anew, at most once a second. */
  read(): Promise<OwnPrices>;
  /** Sets the rates of a model from a day on (`2026-03-01`, by UTC; null for always), in place of those of that day. What else stands in the file stays. */
  set(model: string, from: string | null, rates: ModelRates): Promise<void>;
  /** Takes the rates of a model from a day on away. */
  remove(model: string, from: string | null): Promise<void>;
  /** A short hash of what it says; null where there is nothing. */
  version(): string | null;
}

const rate = z.number().nonnegative();
const entry = z.strictObject({
  from: z.iso.date("must be a day, as 2026-03-01").optional(),
  input: rate,
  output: rate,
  cachedInput: rate.optional(),
  cacheWrite: rate.optional(),
});
const whole = z.record(z.string().regex(/^[^/]+\/./), z.array(entry).min(1));

/** Milliseconds for which the file is taken not to have changed. */
const patience = 1_000;

const heading =
  " US dollars for a million tokens, by the full name of a model, each from a day on.\n Calls keep the price they were booked at.";

/** The prices in a file, which need not be there. One that cannot be read leaves those read before; until it could be read once, paid models are unpriced. */
export function openPriceFile(path: string, now: () => number): PriceFile {
  let known: OwnPrices | null = null;
  let hash: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let changedAt: number | null | undefined;

  async function read(): Promise<OwnPrices> {
    if (known !== null && Math.abs(now() - lookedAt) < patience) return known;
    lookedAt = now();
    const changed = await changeTime(path);
    if (known !== null && changed === changedAt) return known;
    try {
      const text = changed === null ? "" : await readFile(path, "utf8");
      known = { models: parsePrices(text, path), problem: null };
      hash = text === "" ? null : createHash("sha256").update(text).digest("hex").slice(0, 12);
    } catch (thrown) {
      known = { models: known?.models ?? null, problem: toCellError(thrown).message };
    }
    changedAt = changed;
    return known;
  }

  const change = yamlChanges(path, {
    heading,
    read: async () => ((await changeTime(path)) === null ? "" : readFile(path, "utf8")),
    check: (text) => void parsePrices(text, path),
    written() {
      lookedAt = Number.NEGATIVE_INFINITY;
      return read();
    },
  });

  return {
    read,
    version: () => hash,
    set: (model, from, rates) => {
      const written = { ...(from === null ? {} : { from }), ...rates };
      const checked = whole.safeParse({ [model]: [written] });
      if (!checked.success) return Promise.reject(notPrices(checked.error, basename(path)));
      return change((document) => {
        const plain = (document.toJS() ?? {}) as z.infer<typeof whole>;
        const others = (plain[model] ?? []).filter((one) => (one.from ?? null) !== from);
        const all = [...others, written].sort((left, right) => ((left.from ?? "") < (right.from ?? "") ? -1 : 1));
        document.set(model, document.createNode(all));
      });
    },
    remove: (model, from) =>
      change((document) => {
        const plain = (document.toJS() ?? {}) as z.infer<typeof whole>;
        const others = (plain[model] ?? []).filter((one) => (one.from ?? null) !== from);
        if (others.length === 0) document.delete(model);
        else document.set(model, document.createNode(others));
      }),
  };
}

function parsePrices(text: string, path: string): OwnPrices["models"] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new SheafError("prices.file", `${basename(path)}: ${error.message.split("\n")[0]}`);
  const checked = whole.safeParse(document.toJS() ?? {});
  if (!checked.success) throw notPrices(checked.error, basename(path));
  return Object.fromEntries(
    Object.entries(checked.data).map(([model, entries]) => [
      model,
      entries
        .map(({ from, ...rates }): DatedRates => ({
          from: from === undefined ? null : Date.parse(from),
          rates: rates as ModelRates,
        }))
        .sort((left, right) => (left.from ?? Number.NEGATIVE_INFINITY) - (right.from ?? Number.NEGATIVE_INFINITY)),
    ]),
  );
}

function notPrices({ issues }: z.ZodError, name: string): SheafError {
  const { code, path, message } = issues[0]!;
  const what = code === "invalid_key" ? "is no full name of a model, provider/model" : message;
  return new SheafError("prices.file", `${name}: ${path.map(String).join(".")} ${what}`, {
    cure: "Write for each model a list of rates, as `- { from: 2026-03-01, input: 0.5, output: 2 }`, in US dollars for a million tokens.",
  });
}

async function changeTime(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw storeError(thrown, path);
  }
}
