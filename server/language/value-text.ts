import { Fault } from "./language-error.ts";
import { isHost, isList, isRecord, kindOf, memberOf, skipped, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";

/**
 * The one text of a value in a template. Null is empty; a number is JavaScript's shortest text that reads back as
 * the same number (`2`, `0.1`, `1e+21`), an integer of any size its digits; lists and mappings are JSON.
 */
export function textOf(value: Result, meter: Meter): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (value === null) return "";
  if (value === true) return "true";
  if (value === false) return "false";
  if (typeof value === "bigint") return integerText(value, meter);
  if (isHost(value) && value.text !== undefined) return meter.fit(value.text());
  return jsonOf(value, meter);
}

/**
 * A value as JSON on one line with a space after `,` and `:`, members in their own order; with `indent`, one
 * element a line, each level indented by so many spaces. A `bigint` is its digits.
 */
export function jsonOf(value: Result, meter: Meter, indent: number = 0): string {
  return meter.fit(new JsonWriter(meter, indent).write(value, 0));
}

function integerText(value: bigint, meter: Meter): string {
  const text = value.toString();
  meter.spend(text.length);
  return text;
}

class JsonWriter {
  private readonly meter: Meter;
  private readonly indent: number;
  /** The length of all texts so far, which is checked before their copies pile up. */
  private length = 0;

  constructor(meter: Meter, indent: number) {
    this.meter = meter;
    this.indent = indent;
  }

  write(value: Result, depth: number): string {
    this.meter.spend(1);
    if (typeof value === "string") return this.quote(value);
    if (typeof value === "number") {
      if (!Number.isFinite(value)) throw new Fault("language.value", `JSON has no number ${value}`);
      return String(value);
    }
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "bigint") return integerText(value, this.meter);
    this.meter.descend(depth + 1);
    if (isList(value))
      return this.join(
        "[",
        "]",
        value.map((item) => this.write(item, depth + 1)),
        depth,
      );
    if (isRecord(value)) {
      const members = [];
      for (const key of Object.keys(value)) {
        const member = memberOf(value, key);
        if (member !== undefined) members.push(`${this.quote(key)}: ${this.write(member, depth + 1)}`);
      }
      return this.join("{", "}", members, depth);
    }
    if (isHost(value) && value.iterate !== undefined) {
      const items = [];
      for (const item of value.iterate()) items.push(this.write(item, depth + 1));
      return this.join("[", "]", items, depth);
    }
    if (isHost(value) && value.text !== undefined) return this.quote(value.text());
    throw noText(value);
  }

  private quote(text: string): string {
    this.meter.bound(this.length + text.length);
    this.meter.spend(text.length >> 4);
    const quoted = JSON.stringify(text);
    this.length += quoted.length;
    return quoted;
  }

  private join(open: string, close: string, items: readonly string[], depth: number): string {
    if (items.length === 0) return open + close;
    const separator = this.indent > 0 ? `\n${" ".repeat(this.indent * (depth + 1))}` : " ";
    const [before, after] = this.indent > 0 ? [separator, `\n${" ".repeat(this.indent * depth)}`] : ["", ""];
    let length = before.length + after.length + 1 - separator.length;
    for (const item of items) length += item.length + separator.length + 1;
    this.meter.room(length);
    return `${open}${before}${items.join(`,${separator}`)}${after}${close}`;
  }
}

function noText(value: Result): Fault {
  if (value === skipped) return skippedFault();
  return new Fault("language.type", `${kindOf(value)} has no text`, "Print one of its members, or a count of them.");
}

/** The fault of using a skipped value. */
export function skippedFault(what: string = "this"): Fault {
  return new Fault(
    "language.skipped",
    `${what} was skipped`,
    "Read it through `or`, `default`, `first(a, b)` or `is skipped`.",
  );
}
