import { Fault } from "./language-error.ts";
import { isHost, isList, isRecord, kindOf, memberOf, skipped, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";
import { firstPlace } from "./text-search.ts";
import { skippedFault, textOf } from "./value-text.ts";

/** Equality by value. Null equals only null, a boolean only a boolean, `1` every number that is one; host values are equal if they are the same. */
export function equal(left: Result, right: Result, meter: Meter, depth: number = 0): boolean {
  if (left === skipped || right === skipped) throw skippedFault();
  // Texts of one length are compared to their end.
  if (typeof left === "string" && typeof right === "string" && left.length === right.length)
    meter.spend(left.length >> 6);
  if (left === right) return true;
  if (typeof left === "bigint" || typeof right === "bigint") {
    // JavaScript compares an integer and a number of any size exactly.
    return isNumber(left) && isNumber(right) && left == right;
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  meter.descend(depth + 1);
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return false;
    meter.spend(left.length);
    return left.every((item, index) => equal(item, right[index], meter, depth + 1));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  meter.spend(keys.length);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    const other = memberOf(right, key);
    return other !== undefined && equal(memberOf(left, key), other, meter, depth + 1);
  });
}

/**
 * Negative, zero or positive as `left` comes before, with or after `right`; null where one of them is null, or not a
 * number, because then neither does. Numbers by value, texts by UTF-16 code unit, false before true, lists by
 * their first difference. A `language.type` fault for anything else.
 */
export function order(left: Result, right: Result, meter: Meter, depth: number = 0): number | null {
  if (left === skipped || right === skipped) throw skippedFault();
  if (left === null || right === null) return null;
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : left == right ? 0 : null;
  if (typeof left === "string" && typeof right === "string") {
    meter.spend(Math.min(left.length, right.length) >> 6);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (isList(left) && isList(right)) {
    meter.descend(depth + 1);
    const length = Math.min(left.length, right.length);
    for (let index = 0; index < length; index += 1) {
      meter.spend(1);
      if (equal(left[index], right[index], meter, depth + 1)) continue;
      return order(left[index], right[index], meter, depth + 1);
    }
    return left.length - right.length;
  }
  throw new Fault("language.type", `${kindOf(left)} and ${kindOf(right)} have no order`, orderCure(left, right));
}

function orderCure(left: Result, right: Result): string | undefined {
  const textAndNumber = (isNumber(left) && typeof right === "string") || (typeof left === "string" && isNumber(right));
  return textAndNumber ? "Make the text a number with `| int` or `| float`." : undefined;
}

/** Whether `container` has `item`: an element, a key, a part of a text. Null has nothing. */
export function contains(container: Result, item: Result, meter: Meter): boolean {
  if (container === skipped || item === skipped) throw skippedFault();
  if (container === null) return false;
  if (typeof container === "string") {
    if (item === null) return false;
    if (typeof item !== "string") throw new Fault("language.type", `a text cannot contain ${kindOf(item)}`);
    meter.room(container.length);
    return firstPlace(container, item) >= 0;
  }
  if (isList(container) || (isHost(container) && container.iterate !== undefined)) {
    for (const element of isList(container) ? container : container.iterate!()) {
      meter.spend(1);
      if (equal(element, item, meter)) return true;
    }
    return false;
  }
  if (isRecord(container))
    return (typeof item === "string" || isNumber(item)) && memberOf(container, textOf(item, meter)) !== undefined;
  throw new Fault("language.type", `${kindOf(container)} contains nothing`);
}

export function isNumber(value: Result): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
