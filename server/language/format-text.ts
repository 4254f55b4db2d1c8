import { normal } from "./arithmetic.ts";
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
    meter.room(total);
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
  if (kind === "c" && typeof value === "string") return value;
  if (!"dixXofFeEgG".includes(kind) || kind === "")
    throw new Fault("language.value", `\`${whole}\` is no format`, "Write `%%` for a percent sign.");
  if (!isNumber(value)) throw new Fault("language.type", `\`${whole}\` needs a number and got ${kindOf(value)}`);
  const negative = value < 0;
  const text = digits(negative ? -value : value, kind, precision);
  return (negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + text;
}

function cut(text: string, precision: number | null): string {
  return precision === null ? text : Array.from(text).slice(0, precision).join("");
}

function digits(value: number | bigint, kind: string, precision: number | null): string {
  const places = Math.min(precision ?? 6, 100);
  switch (kind) {
    case "f":
    case "F":
      return Number(value).toFixed(places);
    case "e":
    case "E": {
      const text = Number(value)
        .toExponential(places)
        .replace(/e([+-])(\d)$/, "e$10$2");
      return kind === "e" ? text : text.toUpperCase();
    }
    case "g":
    case "G": {
      const number = Number(value);
      const exponent = number === 0 ? 0 : Math.floor(Math.log10(number));
      const significant = Math.max(1, places);
      const short = exponent < -4 || exponent >= significant;
      const text = short
        ? number
            .toExponential(significant - 1)
            .replace(/\.?0+e/, "e")
            .replace(/e([+-])(\d)$/, "e$10$2")
        : trimZeros(number.toFixed(Math.min(100, Math.max(0, significant - 1 - exponent))));
      return kind === "g" ? text : text.toUpperCase();
    }
    default: {
      const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
      const text = normal(whole).toString(kind === "o" ? 8 : kind === "x" || kind === "X" ? 16 : 10);
      return (kind === "X" ? text.toUpperCase() : text).padStart(precision ?? 0, "0");
    }
  }
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function justify(body: string, width: number, flags: string, kind: string, meter: Meter): string {
  if (flags.includes("-")) return pad(body, width, " ", "left", meter);
  if (!flags.includes("0") || "src".includes(kind)) return pad(body, width, " ", "right", meter);
  const sign = /^[-+ ]?/.exec(body)![0];
  return sign + pad(body.slice(sign.length), width - sign.length, "0", "right", meter);
}
