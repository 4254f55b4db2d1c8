import { z } from "zod";
import { parseAddress } from "./address.ts";
import { baselineVersion, type Baseline, type BaselineHeader, type BaselineLine } from "./baseline.ts";
import { isMapping } from "./is-mapping.ts";
import { SheafError } from "./sheaf-error.ts";
import { linesOf } from "./text-lines.ts";
import type { Datum } from "./value.ts";

/** A name may be any, `__proto__` too, which Zod's records leave out. */
const hashes = z.custom<{ readonly [name: string]: string }>(
  (value) => isMapping(value as Datum) && Object.values(value as object).every((hash) => typeof hash === "string"),
);
const header = z.object({
  "sheaf-baseline": z.literal(baselineVersion),
  notebook: z.string(),
  cell: z.string().optional(),
  inputs: hashes,
  data: hashes,
  models: hashes,
  answered: z.array(z.string()),
  prices: z.string(),
});
const count = z.number().min(0).nullable();
const line = z.object({
  address: z
    .string()
    .regex(/^[^{}]+(?:\{[^{}]+\})?$/)
    .refine(isAddress),
  key: z.string().optional(),
  value: z.string().optional(),
  override: z.enum(["locked", "edited"]).optional(),
  outcome: z.enum(["ok", "error", "skipped", "blocked"]).default("ok"),
  score: z.number().nullable().optional(),
  pass: z.boolean().nullable().optional(),
  calls: z.string().optional(),
  cost: count.optional(),
  tokens: z.tuple([count, count]).optional(),
  latency: z.number().min(0).optional(),
});

/**
 * The baseline of a file's text. Throws `baseline.conflict`, `baseline.version` or `baseline.line` with the place: half of a baseline
 * would call regressions what is only missing, so nothing is guessed.
 */
export function parseBaseline(text: string): Baseline {
  let head: BaselineHeader | null = null;
  const lines = new Map<string, BaselineLine>();
  for (const [index, { start, end }] of linesOf(text).entries()) {
    const source = text.slice(start, end).replace(/^\uFEFF/, "");
    if (source.trim() === "") continue;
    const position = { line: index + 1, column: 1, offset: start, length: end - start };
    const fail = (code: string, message: string): SheafError => new SheafError(code, message, { cure, position });
    if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(source))
      throw fail("baseline.conflict", "a merge left both sides of a conflict in this baseline");
    const parsed = readJson(source);
    if (parsed === undefined) throw fail("baseline.line", "this line of the baseline is no JSON");
    if (head === null) {
      const version = z.object({ "sheaf-baseline": z.number() }).safeParse(parsed);
      if (!version.success) throw fail("baseline.line", "a baseline begins with a line that has `sheaf-baseline`");
      if (version.data["sheaf-baseline"] !== baselineVersion)
        throw fail(
          "baseline.version",
          `this baseline has the format ${version.data["sheaf-baseline"]}, and ${baselineVersion} is known here`,
        );
      const { "sheaf-baseline": _version, ...rest } = checked(header, parsed, fail);
      head = rest as BaselineHeader;
      continue;
    }
    const found = checked(line, parsed, fail) as BaselineLine;
    if (lines.has(found.address)) throw fail("baseline.line", `the baseline has ${found.address} twice`);
    lines.set(found.address, found);
  }
  if (head === null) throw new SheafError("baseline.line", "this baseline is empty", { cure });
  return { header: head, lines: [...lines.values()] };
}

const cure = "Take one side's file as it was, or write it anew with `sheaf baseline`.";

function isAddress(text: string): boolean {
  try {
    return parseAddress(text).cell !== "";
  } catch {
    return false;
  }
}

function readJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function checked<Found>(
  schema: z.ZodType<Found>,
  parsed: unknown,
  fail: (code: string, message: string) => SheafError,
): Found {
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const at = result.error.issues[0]!.path.join(".");
  throw fail(
    "baseline.line",
    at === "" ? "this line of the baseline is no object" : `\`${at}\` is missing or of another type`,
  );
}
