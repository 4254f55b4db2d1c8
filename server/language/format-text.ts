import { finite } from "./arithmetic.ts";
import { isNumber } from "./compare.ts";
import { Fault } from "./language-error.ts";
import { pad } from "./text-operations.ts";
import { kindOf, memberOf, type LanguageRecord, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";
import { jsonOf, textOf } from "./value-text.ts";

const directive = /%(?:\((\w+)\))?([-+ 0#]{0,5})(\d{0,7})(?:\.(\d{1,3}))?(.?)/gs;

/** Python's `%` formatting: `%s`, `%r`, `%d`, `%i`, `%f`, `%e`, `%g`, `%x`, `%o`, `%c`, `%%`, `%(name)s`, with flags, width and precision. */
export function formatText(template: string, values: readonly Result[], named: LanguageRecord, meter: Meter): string {
  let next = 0;
  let total = template.length;
  const text = template.replace(directive, (whole, name: string | undefined, flags, width, precision, kind) => {
    if (kind === "%") return "%";
    const value = name === undefined ? values[next] : memberOf(named, name);
    if (value === undefined) {
      const what = name === undefined ? `${next + 1} arguments, and got ${values.length}` : `an argument \`${name}\``;
      throw new Fault("language.type", `this format needs ${what}`);
    }
    if (name === undefined) next += 1;
    const body = convert(whole, value, kind, precision === undefined ? null : Number(precision), flags, meter);
    const padded = justify(body, Number(width || 0), flags, kind, meter);
    total += padded.length;
    meter.bound(total);
    meter.operate(padded);
    return padded;
  });
  if (next < values.length)
    throw new Fault("language.type", `this format takes ${next} arguments, and got ${values.length}`);
  return text;
}

function convert(
  whole: string,
  value: Result,
  kind: string,
  precision: number | null,
  flags: string,
  meter: Meter,
): string {
  if (kind === "s") return cut(textOf(value, meter), precision);
  if (kind === "r") return cut(jsonOf(value, meter), precision);
  if (kind === "c") return character(whole, value);
  if (!"dixXofFeEgG".includes(kind) || kind === "")
    throw new Fault("language.value", `\`${whole}\` is no format`, "Write `%%` for a percent sign.");
  if (!isNumber(value)) throw new Fault("language.type", `\`${whole}\` needs a number and got ${kindOf(value)}`);
  const known = typeof value === "number" ? finite(value) : value;
  const number = "dixXo".includes(kind) && typeof known === "number" ? BigInt(Math.trunc(known)) : known;
  const negative = number < 0;
  const text = digits(negative ? -number : number, kind, precision, flags.includes("#"));
  return (negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + text;
}

function character(whole: string, value: Result): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0x10ffff)
    return String.fromCodePoint(value);
  throw new Fault("language.value", `\`${whole}\` needs a character or its code`);
}

function cut(text: string, precision: number | null): string {
  return precision === null ? text : Array.from(text).slice(0, precision).join("");
}

/** `whole` is the flag `#`: the prefix of the base, the point and all zeros are written too. */
function digits(value: number | bigint, kind: string, precision: number | null, whole: boolean): string {
  const places = Math.min(precision ?? 6, 100);
  switch (kind) {
    case "f":
    case "F":
      return pointed(fixed(value, places), whole);
    case "e":
    case "E": {
      const text = exponential(pointed(scientific(finite(Number(value)), places), whole));
      return kind === "e" ? text : text.toUpperCase();
    }
    case "g":
    case "G": {
      const significant = Math.max(1, places);
      const long = scientific(finite(Number(value)), significant - 1);
      // Rounding may have made one digit more.
      const exponent = exponentOf(long);
      const short = exponent < -4 || exponent >= significant;
      const full = short ? long : fixed(value, Math.min(100, significant - 1 - exponent));
      const text = exponential(
        whole ? pointed(full, true) : full.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, ""),
      );
      return kind === "g" ? text : text.toUpperCase();
    }
    default: {
      const base = kind === "o" ? 8 : kind === "x" || kind === "X" ? 16 : 10;
      const text = value.toString(base).padStart(precision ?? 0, "0");
      const prefix = whole && base !== 10 ? `0${kind}` : "";
      return prefix + (kind === "X" ? text.toUpperCase() : text);
    }
  }
}

/** All digits before the point, which JavaScript leaves out from 10²¹ on. */
function fixed(value: number | bigint, places: number): string {
  if (typeof value === "number" && value < 1e21) {
    const text = value.toFixed(places);
    return isHalf(value, places) ? toEven(text) : text;
  }
  return BigInt(value).toString() + (places === 0 ? "" : `.${"0".repeat(places)}`);
}

function scientific(value: number, places: number): string {
  const text = value.toExponential(places);
  return isHalf(value, places - exponentOf(text)) ? toEven(text) : text;
}

function exponentOf(scientific: string): number {
  return Number(scientific.split("e")[1]);
}

/** Whether what goes beyond so many decimals, of tens and hundreds where they are below zero, is half a unit exactly. */
function isHalf(value: number, places: number): boolean {
  // A binary fraction has as many decimal places as binary ones, and times a power of two it is exact.
  if (places >= 0) return (value * 2 ** (places + 1)) % 2 === 1;
  const unit = 10n ** BigInt(-places);
  return Number.isInteger(value) && BigInt(value) % unit === unit / 2n;
}

/** What JavaScript rounded up from a half, to the even digit. */
function toEven(text: string): string {
  return text.replace(/(?<=^[\d.]*)[13579](?=e|$)/, (digit) => String(Number(digit) - 1));
}

function pointed(text: string, whole: boolean): string {
  return whole && !text.includes(".") ? text.replace(/(?=e|$)/, ".") : text;
}

/** An exponent has two digits at least. */
function exponential(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function justify(body: string, width: number, flags: string, kind: string, meter: Meter): string {
  if (flags.includes("-")) return pad(body, width, " ", "left", meter);
  if (!flags.includes("0") || "src".includes(kind)) return pad(body, width, " ", "right", meter);
  const sign = /^[-+ ]?(?:0[xXo])?/.exec(body)![0];
  return sign + pad(body.slice(sign.length), width - sign.length, "0", "right", meter);
}
