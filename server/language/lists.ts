import { isNumber } from "./compare.ts";
import { Fault } from "./language-error.ts";
import {
  isHost,
  isList,
  isRecord,
  kindOf,
  memberOf,
  skipped,
  type LanguageRecord,
  type LanguageValue,
  type Result,
} from "./language-value.ts";
import type { Meter } from "./meter.ts";
import { skippedFault, textOf } from "./value-text.ts";

/** The elements of what can be iterated: a list's, a text's characters, a mapping's keys, a host value's. */
export function elements(value: Result, meter: Meter): readonly LanguageValue[] {
  if (isList(value)) {
    meter.spend(value.length);
    return value;
  }
  if (typeof value === "string") {
    meter.spend(value.length);
    return Array.from(value);
  }
  if (isHost(value) && value.iterate !== undefined) {
    const items: LanguageValue[] = [];
    for (const item of value.iterate()) {
      meter.spend(1);
      items.push(item);
    }
    return items;
  }
  if (isRecord(value)) {
    const keys = Object.keys(value);
    meter.spend(keys.length);
    return keys;
  }
  if (value === skipped) throw skippedFault();
  throw new Fault(
    "language.type",
    `${kindOf(value)} has no elements`,
    value === null ? "`… or []` takes an empty list instead of null." : undefined,
  );
}

/** The number of elements, or of characters (code points) of a text; 0 for null. */
export function lengthOf(value: Result, meter: Meter): number {
  if (value === null) return 0;
  if (typeof value === "string") {
    meter.spend(value.length >> 6);
    return characterCount(value);
  }
  if (isList(value)) return value.length;
  if (isHost(value) && value.length !== undefined) return value.length();
  if (typeof value === "object") return elements(value, meter).length;
  throw value === skipped ? skippedFault() : new Fault("language.type", `${kindOf(value)} has no length`);
}

/** Mappings known to have members: which one has any is only told by listing them all. */
const filled = new WeakSet<LanguageRecord>();

/** False for null, false, 0, what is empty, and what was skipped. */
export function isTruthy(value: Result): boolean {
  if (typeof value === "boolean") return value;
  if (value === null || value === undefined || value === skipped) return false;
  if (typeof value === "string") return value !== "";
  if (isNumber(value)) return value != 0;
  if (isList(value)) return value.length > 0;
  if (isHost(value))
    return value.truth !== undefined ? value.truth() : value.length === undefined || value.length() > 0;
  if (!isRecord(value) || filled.has(value)) return true;
  const { length } = Object.keys(value);
  if (length > 50) filled.add(value);
  return length > 0;
}

/** `value.name` without a call; `undefined` where there is none. */
export function attribute(value: Result, name: string): Result {
  if (isHost(value)) return value.attribute?.(name);
  return isRecord(value) ? memberOf(value, name) : undefined;
}

/** `value[key]`; `undefined` where there is none. A negative index counts from the end. */
export function member(value: Result, key: LanguageValue, meter: Meter): Result {
  if (isHost(value)) {
    if (typeof key === "string") return value.attribute?.(key);
    if (typeof key !== "number" || value.index === undefined) return undefined;
    return value.index(key < 0 && value.length !== undefined ? value.length() + key : key);
  }
  if (isRecord(value))
    return isNumber(key) || typeof key === "string" ? memberOf(value, textOf(key, meter)) : undefined;
  if (typeof key !== "number" || !Number.isInteger(key)) return undefined;
  if (isList(value)) return value.at(key);
  if (typeof value !== "string") return undefined;
  meter.spend(value.length >> 6);
  const place = key < 0 ? characterCount(value) + key : key;
  return characters(value, place, place + 1) || undefined;
}

/** A dotted path of attributes, as in `sort(attribute="a.b")`; a part of digits is an index. */
export function memberAt(value: LanguageValue, path: Result, meter: Meter): Result {
  if (typeof path === "number") return member(value, path, meter);
  if (typeof path !== "string")
    throw new Fault("language.type", `an attribute is named by a text, not ${kindOf(path)}`);
  let found: Result = value;
  for (const part of path.split(".")) found = member(found, /^\d+$/.test(part) ? Number(part) : part, meter);
  return found;
}

/** `value[from:to:step]` with Python's rules. */
export function slice(value: Result, from: Result, to: Result, step: Result, meter: Meter): LanguageValue {
  const by = bound(step, 1);
  if (by === 0) throw new Fault("language.value", "a slice cannot go in steps of 0");
  if (typeof value !== "string" && !isList(value) && !(isHost(value) && (value.slice ?? value.iterate) !== undefined))
    throw value === skipped ? skippedFault() : new Fault("language.type", `${kindOf(value)} cannot be sliced`);
  const length = lengthOf(value, meter);
  const first = place(bound(from, by > 0 ? 0 : length - 1), length, by);
  const last = to === null || to === undefined ? (by > 0 ? length : -1) : place(bound(to, 0), length, by);
  if (by === 1 && typeof value === "string") return meter.fit(characters(value, first, Math.max(first, last)));
  if (by === 1 && isHost(value) && value.slice !== undefined) return value.slice(first, Math.max(first, last));
  const items = elements(value, meter);
  const taken: LanguageValue[] = [];
  for (let index = first; by > 0 ? index < last : index > last; index += by) taken.push(items[index]!);
  return typeof value === "string" ? taken.join("") : taken;
}

function bound(value: Result, standard: number): number {
  if (value === null || value === undefined) return standard;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  // So far reaches no text or list.
  if (typeof value === "bigint") return Number(value);
  throw new Fault("language.type", `a slice goes by whole numbers, not ${kindOf(value)}`);
}

function place(index: number, length: number, by: number): number {
  const counted = index < 0 ? index + length : index;
  return by > 0 ? Math.min(Math.max(counted, 0), length) : Math.min(Math.max(counted, -1), length - 1);
}

const surrogate = /[\ud800-\udfff]/;

/** How many characters (Unicode code points) a text has. */
export function characterCount(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The characters `from ≤ i < to` of a text, counted as code points; neither is negative. */
export function characters(text: string, from: number, to: number): string {
  if (from < 0) return "";
  return surrogate.test(text) ? Array.from(text).slice(from, to).join("") : text.slice(from, to);
}
