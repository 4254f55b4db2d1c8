import { flag, text, wholeNumber } from "./arguments.ts";
import { Fault } from "./language-error.ts";
import { isHost, isList, isRecord, kindOf, memberOf, type LanguageValue, type Result } from "./language-value.ts";
import { attribute, characters, elements, isTruthy, lengthOf, member, memberAt } from "./lists.ts";
import type { Context, Filter } from "./signature.ts";
import { textOf } from "./value-text.ts";

/** `default`, `d` and the filters that take values apart and put them together. */
export const listFilters: readonly Filter[] = [
  {
    name: "attr",
    parameters: ["name"],
    summary: "The member of that name.",
    apply: (input, [name]) => attribute(input, text(name, "name")),
  },
  {
    name: "batch",
    parameters: ["linecount", "fill_with?"],
    summary: "Lists of `linecount` elements each, the last filled up with `fill_with` where given.",
    apply: (input, [size, fill], meter) => {
      const length = atLeastOne(size, "linecount");
      const items = elements(input, meter);
      const batches: LanguageValue[][] = [];
      for (let start = 0; start < items.length; start += length) batches.push(items.slice(start, start + length));
      const last = batches.at(-1);
      if (last !== undefined && given(fill)) {
        meter.spend(length - last.length);
        while (last.length < length) last.push(fill);
      }
      return batches;
    },
  },
  {
    name: "default",
    parameters: ["default_value?", "boolean?"],
    summary:
      "`default_value` (an empty text) where there is none or it was skipped; with `boolean` also where it is false, null or empty.",
    // The evaluator reads the operand so that an absent one arrives as `undefined`.
    apply: (input: Result, [value = "", boolean]) => {
      const absent = input === undefined || typeof input === "symbol";
      return absent || (flag(boolean, "boolean") && !isTruthy(input)) ? value : input;
    },
  },
  {
    name: "first",
    parameters: [],
    summary: "The first element.",
    apply: (input, _, meter) => firstOf(input, meter),
  },
  {
    name: "items",
    parameters: [],
    summary: "The pairs of key and value of a mapping.",
    apply: (input, _, meter) => entriesOf(input, meter),
  },
  {
    name: "join",
    parameters: ["d?", "attribute?"],
    summary: "The elements' texts, or those of an attribute of theirs, with `d` (nothing) between.",
    apply: (input, [separator, path], meter) => {
      const between = separator === undefined ? "" : textOf(separator, meter);
      const items = elements(input, meter);
      const texts = items.map((item) => textOf(given(path) ? required(item, path, meter) : item, meter));
      meter.room(texts.reduce((length, part) => length + part.length + between.length, 0));
      return texts.join(between);
    },
  },
  {
    name: "keys",
    parameters: [],
    summary: "The keys of a mapping.",
    apply: (input, _, meter) => elements(mapping(input, "keys"), meter),
  },
  {
    name: "last",
    parameters: [],
    summary: "The last element.",
    apply: (input, _, meter) => {
      if (typeof input === "string" || isList(input)) return member(input, -1, meter);
      return elements(input, meter).at(-1);
    },
  },
  {
    name: "length",
    parameters: [],
    summary: "The number of elements, or of characters; 0 for null.",
    apply: (input, _, meter) => lengthOf(input, meter),
  },
  {
    name: "list",
    parameters: [],
    summary: "The elements as a list, the characters of a text.",
    apply: (input, _, meter) => elements(input, meter),
  },
  {
    name: "reverse",
    parameters: [],
    summary: "From the last to the first.",
    apply: (input, _, meter) => {
      const items = elements(input, meter).toReversed();
      return typeof input === "string" ? items.join("") : items;
    },
  },
  {
    name: "slice",
    parameters: ["slices", "fill_with?"],
    summary: "So many lists of about equal length, filled up with `fill_with` where given.",
    apply: (input, [slices, fill], meter) => {
      const count = atLeastOne(slices, "slices");
      meter.spend(count);
      const items = elements(input, meter);
      const size = Math.floor(items.length / count);
      const longer = items.length % count;
      return Array.from({ length: count }, (_, index) => {
        const start = index * size + Math.min(index, longer);
        const part = items.slice(start, start + size + (index < longer ? 1 : 0));
        return given(fill) && index >= longer && longer > 0 ? [...part, fill] : part;
      });
    },
  },
  {
    name: "values",
    parameters: [],
    summary: "The values of a mapping.",
    apply: (input, _, meter) => entriesOf(input, meter).map((entry) => entry[1]!),
  },
];

/** The element at the front; `undefined` where there is none. */
function firstOf(input: LanguageValue, meter: Context): Result {
  if (typeof input === "string") return characters(input, 0, 1) || undefined;
  if (isList(input)) return input[0];
  if (isHost(input) && input.iterate !== undefined) {
    for (const item of input.iterate()) return item;
    return undefined;
  }
  return elements(input, meter)[0];
}

/** The pairs of a mapping. */
export function entriesOf(input: LanguageValue, meter: Context): (readonly LanguageValue[])[] {
  const record = mapping(input, "items");
  const keys = Object.keys(record);
  meter.spend(keys.length);
  return keys.map((key) => [key, memberOf(record, key) ?? null]);
}

function mapping(input: LanguageValue, name: string) {
  if (isRecord(input)) return input;
  throw new Fault("language.type", `\`${name}\` needs a mapping and got ${kindOf(input)}`);
}

/** The attribute at a path, which must be there unless there is a standard. */
export function required(item: LanguageValue, path: LanguageValue, meter: Context, standard?: Result): LanguageValue {
  const value = memberAt(item, path, meter);
  if (value !== undefined) return value;
  if (standard !== undefined) return standard;
  throw new Fault("language.undefined", `${kindOf(item)} here has no \`${textOf(path, meter)}\``);
}

export function given(value: Result): value is LanguageValue {
  return value !== undefined && value !== null;
}

function atLeastOne(value: Result, name: string): number {
  const count = wholeNumber(value, name, 0);
  if (count < 1) throw new Fault("language.value", `\`${name}\` must be at least 1`);
  return count;
}
