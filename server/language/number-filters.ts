import { text, wholeNumber } from "./arguments.ts";
import { finite, negate, normal } from "./arithmetic.ts";
import { isNumber } from "./compare.ts";
import { Fault } from "./language-error.ts";
import { kindOf, skipped, type LanguageValue, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";
import type { Filter } from "./signature.ts";
import { skippedFault } from "./value-text.ts";

/** The filters that make a number. */
export const numberFilters: readonly Filter[] = [
  {
    name: "abs",
    parameters: [],
    summary: "Without its sign.",
    apply: (input) => {
      const value = numberOf(input, "abs");
      return value < 0 ? negate(value) : value;
    },
  },
  {
    name: "float",
    parameters: ["default?"],
    summary: "As a number; `default` (0) where a text is none.",
    apply: (input, [standard = 0]) => toFloat(input) ?? standard,
  },
  {
    name: "int",
    parameters: ["default?", "base?"],
    summary:
      "As a whole number, cut towards zero; `default` (0) where a text is none. A text may be in `base` 2 to 36.",
    apply: (input, [standard = 0, base], meter) => toInteger(input, wholeNumber(base, "base", 10), meter) ?? standard,
  },
  {
    name: "round",
    parameters: ["precision?", "method?"],
    summary: "Rounded to `precision` decimals (0); `method` is `common` (halves away from zero), `ceil` or `floor`.",
    apply: (input, [precision, method]) => {
      const way = text(method, "method", "common");
      if (way !== "common" && way !== "ceil" && way !== "floor")
        throw new Fault("language.value", "`method` is `common`, `ceil` or `floor`");
      return round(numberOf(input, "round"), wholeNumber(precision, "precision", 0), way);
    },
  },
];

export function numberOf(value: Result, name: string): number | bigint {
  if (isNumber(value)) return value;
  if (typeof value === "boolean") return Number(value);
  if (value === skipped) throw skippedFault();
  const cure = typeof value === "string" ? "`| int` and `| float` make a number of a text." : undefined;
  throw new Fault("language.type", `\`${name}\` needs a number and got ${kindOf(value)}`, cure);
}

function toFloat(value: LanguageValue): Result {
  if (isNumber(value)) return finite(Number(value));
  if (typeof value === "boolean") return Number(value);
  if (value === skipped) throw skippedFault();
  return typeof value === "string" ? decimal(value) : undefined;
}

function decimal(value: string): number | undefined {
  const plain = value.trim();
  if (!/^[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(plain)) return undefined;
  const number = Number(plain.replaceAll("_", ""));
  return Number.isFinite(number) ? number : undefined;
}

function toInteger(value: LanguageValue, base: number, meter: Meter): Result {
  if (base < 2 || base > 36) throw new Fault("language.value", "`base` is from 2 to 36");
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return Number(value);
  if (value === skipped) throw skippedFault();
  if (typeof value === "string") {
    const whole = wholeOf(value.trim().toLowerCase().replaceAll("_", ""), base, meter);
    return whole ?? (base === 10 ? truncated(decimal(value)) : undefined);
  }
  return typeof value === "number" ? truncated(value) : undefined;
}

function truncated(value: number | undefined): Result {
  return value === undefined || !Number.isFinite(value) ? undefined : normal(BigInt(Math.trunc(value)));
}

const prefixes: { readonly [base: number]: RegExp } = { 2: /^0b/, 8: /^0o/, 16: /^0x/ };

function wholeOf(source: string, base: number, meter: Meter): Result {
  if (source.length > 10_000) return undefined;
  const negative = source.startsWith("-");
  const body = source.replace(/^[-+]/, "").replace(prefixes[base] ?? /^$/, "");
  if (body === "") return undefined;
  let total = 0n;
  if (base === 10) {
    if (!/^\d+$/.test(body)) return undefined;
    total = BigInt(body);
  } else {
    // Each digit multiplies all those before it.
    meter.spend((body.length ** 2) >> 10);
    for (const letter of body) {
      const digit = Number.parseInt(letter, 36);
      if (!(digit < base)) return undefined;
      total = total * BigInt(base) + BigInt(digit);
    }
  }
  return normal(negative ? -total : total);
}

/** Rounds the decimal text of a number, so that 2.675 to two places is 2.68 and no binary remainder shows. */
export function round(value: number | bigint, precision: number, method: "common" | "ceil" | "floor"): number | bigint {
  if (typeof value === "bigint" || (Number.isInteger(value) && precision >= 0)) {
    if (precision >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-precision, 10_000));
    return normal(roundInteger(BigInt(value), unit, method));
  }
  if (!Number.isFinite(value) || precision > 300) return value;
  const scaled = shift(Math.abs(value), precision);
  // So many places it does not have.
  if (!Number.isFinite(scaled)) return value;
  const up = method === "common" ? null : (method === "ceil") === value > 0;
  const low = Math.floor(scaled);
  const whole = (up ?? scaled - low >= 0.5) ? Math.ceil(scaled) : low;
  const result = finite(shift(whole, -precision));
  return result === 0 ? 0 : value < 0 ? -result : result;
}

function roundInteger(value: bigint, unit: bigint, method: "common" | "ceil" | "floor"): bigint {
  const size = value < 0n ? -value : value;
  const low = (size / unit) * unit;
  const rest = size - low;
  const up = method === "common" ? rest * 2n >= unit : rest > 0n && (method === "ceil") === value > 0n;
  const result = up ? low + unit : low;
  return value < 0n ? -result : result;
}

/** `value` with its decimal point moved, by its decimal text. */
function shift(value: number, places: number): number {
  const [digits, exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + places}`);
}
