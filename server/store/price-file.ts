import { createHash } from "node:crypto";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { DatedRates, ModelRates, OwnPrices } from "#server/models/own-rates.ts";
import { openYamlFile } from "./yaml-file.ts";

/** The prices a workspace has of its own: a file that people read and edit, and the page writes into. */
export interface PriceFile {
  /** Its prices as they are now: the file is looked at anew, at most once a second. */
  read(): OwnPrices;
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

const heading =
  " US dollars for a million tokens, by the full name of a model, each from a day on.\n Calls keep the price they were booked at.";

/** The prices in a file, which need not be there. One that cannot be read leaves those read before; until it could be read once, paid models are unpriced. */
export function openPriceFile(path: string, now: () => number): PriceFile {
  const file = openYamlFile({ path, heading, now, parse: (text) => ({ models: parsePrices(text, path), text }) });
  return {
    read() {
      const { content, problem } = file.read();
      return { models: content?.models ?? null, problem: problem?.message ?? null };
    },
    version() {
      const text = file.read().content?.text ?? "";
      return text === "" ? null : createHash("sha256").update(text).digest("hex").slice(0, 12);
    },
    set: (model, from, rates) => {
      const written = { ...(from === null ? {} : { from }), ...rates };
      const checked = whole.safeParse({ [model]: [written] });
      if (!checked.success) return Promise.reject(notPrices(checked.error, basename(path)));
      return file.change((document) => {
        const plain = (document.toJS() ?? {}) as z.infer<typeof whole>;
        const others = (plain[model] ?? []).filter((one) => (one.from ?? null) !== from);
        const all = [...others, written].sort((left, right) => ((left.from ?? "") < (right.from ?? "") ? -1 : 1));
        document.set(model, document.createNode(all));
      });
    },
    remove: (model, from) =>
      file.change((document) => {
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
