import { text, wholeNumber } from "./arguments.ts";
import { Fault } from "./language-error.ts";
import { isList, type Result } from "./language-value.ts";
import { characterCount, elements } from "./lists.ts";
import type { Filter } from "./signature.ts";
import * as operations from "./text-operations.ts";
import { firstPlace, lastPlace, splitAt } from "./text-search.ts";
import { textOf } from "./value-text.ts";

const letters = /^\p{L}+$/u;
const lettersAndDigits = /^[\p{L}\p{Nd}]+$/u;
const decimalDigits = /^\p{Nd}+$/u;

/** The methods of texts, as Python names them. */
export const textMethods: readonly Filter[] = [
  plain("upper", (value) => value.toUpperCase()),
  plain("lower", (value) => value.toLowerCase()),
  plain("title", operations.titleWords),
  plain("capitalize", operations.capitalize),
  plain("swapcase", (value) => Array.from(value, swapped).join("")),
  plain("isalpha", (value) => letters.test(value)),
  plain("isalnum", (value) => lettersAndDigits.test(value)),
  plain("isdigit", (value) => decimalDigits.test(value)),
  plain("isspace", (value) => value !== "" && value.trim() === ""),
  plain("isupper", (value) => value === value.toUpperCase() && value !== value.toLowerCase()),
  plain("islower", (value) => value === value.toLowerCase() && value !== value.toUpperCase()),
  plain("splitlines", operations.lines),
  method("strip", ["chars?"], (value, [given], meter) => operations.strip(value, characters(given), "both", meter)),
  method("lstrip", ["chars?"], (value, [given], meter) => operations.strip(value, characters(given), "left", meter)),
  method("rstrip", ["chars?"], (value, [given], meter) => operations.strip(value, characters(given), "right", meter)),
  method("split", ["sep?", "maxsplit?"], (value, [separator, most], meter) =>
    operations.split(value, characters(separator), wholeNumber(most, "maxsplit", -1), meter),
  ),
  method("rsplit", ["sep?", "maxsplit?"], (value, [separator, most], meter) =>
    operations.split(value, characters(separator), wholeNumber(most, "maxsplit", -1), meter, true),
  ),
  method("partition", ["sep"], (value, [separator]) => partition(value, text(separator, "sep"), "first")),
  method("rpartition", ["sep"], (value, [separator]) => partition(value, text(separator, "sep"), "last")),
  method("startswith", ["prefix"], (value, [prefix]) => anyOf(prefix, (part) => value.startsWith(part))),
  method("endswith", ["suffix"], (value, [suffix]) => anyOf(suffix, (part) => value.endsWith(part))),
  method("removeprefix", ["prefix"], (value, [prefix]) => {
    const part = text(prefix, "prefix");
    return value.startsWith(part) ? value.slice(part.length) : value;
  }),
  method("removesuffix", ["suffix"], (value, [suffix]) => {
    const part = text(suffix, "suffix");
    return part !== "" && value.endsWith(part) ? value.slice(0, -part.length) : value;
  }),
  method("replace", ["old", "new", "count?"], (value, [old, by, count], meter) =>
    operations.replace(value, text(old, "old"), text(by, "new"), wholeNumber(count, "count", -1), meter),
  ),
  method("find", ["sub"], (value, [part]) => place(value, firstPlace(value, text(part, "sub")))),
  method("rfind", ["sub"], (value, [part]) => place(value, lastPlace(value, text(part, "sub")))),
  method("index", ["sub"], (value, [part]) => {
    const index = place(value, firstPlace(value, text(part, "sub")));
    if (index < 0) throw new Fault("language.value", "the text does not have this part", "Ask with `in` first.");
    return index;
  }),
  method("count", ["sub"], (value, [part], meter) => {
    const sought = text(part, "sub");
    if (sought === "") return characterCount(value) + 1;
    const parts = splitAt(value, sought).length;
    meter.spend(parts);
    return parts - 1;
  }),
  method("join", ["items"], (value, [items], meter) => {
    const parts = elements(items, meter).map((item) => textOf(item, meter));
    meter.room(parts.reduce((length, part) => length + part.length + value.length, 0));
    return parts.join(value);
  }),
  method("zfill", ["width"], (value, [width], meter) => {
    const sign = /^[-+]?/.exec(value)![0];
    return (
      sign + operations.pad(value.slice(sign.length), wholeNumber(width, "width", 0) - sign.length, "0", "right", meter)
    );
  }),
  padding("center", "center"),
  padding("ljust", "left"),
  padding("rjust", "right"),
];

function padding(name: string, side: "center" | "left" | "right"): Filter {
  return method(name, ["width", "fillchar?"], (value, [width, fill], meter) => {
    const by = text(fill, "fillchar", " ");
    if (characterCount(by) !== 1) throw new Fault("language.value", "`fillchar` is one character");
    return operations.pad(value, wholeNumber(width, "width", 0), by, side, meter);
  });
}

function swapped(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}

function partition(value: string, separator: string, which: "first" | "last"): readonly string[] {
  if (separator === "") throw new Fault("language.value", "a text cannot be split at an empty one");
  const index = which === "first" ? firstPlace(value, separator) : lastPlace(value, separator);
  if (index < 0) return which === "first" ? [value, "", ""] : ["", "", value];
  return [value.slice(0, index), separator, value.slice(index + separator.length)];
}

function anyOf(given: Result, holds: (part: string) => boolean): boolean {
  return isList(given) ? given.some((part) => holds(text(part, "prefix"))) : holds(text(given, "prefix"));
}

/** An index in UTF-16 code units as one in characters. */
function place(value: string, index: number): number {
  return index <= 0 ? index : characterCount(value.slice(0, index));
}

function characters(given: Result): string | null {
  return given === undefined || given === null ? null : text(given, "argument");
}

function plain(name: string, apply: (value: string) => Result): Filter {
  return method(name, [], apply);
}

function method(
  name: string,
  parameters: readonly string[],
  apply: (value: string, argument: readonly Result[], meter: Parameters<Filter["apply"]>[2]) => Result,
): Filter {
  return {
    name,
    parameters,
    summary: "",
    apply: (value, argument, meter) => {
      const result = apply(value as string, argument, meter);
      if (typeof result === "string") meter.room(result.length);
      else if (isList(result)) meter.spend(result.length);
      return result;
    },
  };
}
