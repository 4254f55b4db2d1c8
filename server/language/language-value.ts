/** Marks an object as a `HostValue`. */
export const hostValue: unique symbol = Symbol("host value");

/**
 * The value of a cell that was skipped. `or`, `default`, `first(a, b)`, `is skipped` and `is defined` take it as
 * absent; any other use is a `language.skipped` error.
 */
export const skipped: unique symbol = Symbol("skipped");

/** Everything an expression can compute. Of a plain object only own enumerable members with text keys exist. */
export type LanguageValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | typeof skipped
  | readonly LanguageValue[]
  | LanguageRecord
  | HostValue
  | HostFunction;

export interface LanguageRecord {
  readonly [key: string]: LanguageValue;
}

/** A value, or `undefined` where there is none: a missing member, the first of an empty list. */
export type Result = LanguageValue | undefined;

/** A value the engine implements, such as a table read by pages; what a method leaves out the value cannot do. */
export interface HostValue {
  readonly [hostValue]: true;
  /** What it is, for messages: `table`. */
  readonly kind: string;
  /** `value.name`; `undefined` where there is none. */
  attribute?(name: string): Result;
  /** The names `attribute` knows, for suggestions. */
  names?(): Iterable<string>;
  /** `value.name(…)`; `undefined` where there is no such method. `.at(…)` gets its labels as source text. */
  method?(name: string, positional: readonly LanguageValue[], named: LanguageRecord): Result;
  iterate?(): Iterable<LanguageValue>;
  length?(): number;
  /** The element at an index from 0; negative ones have been counted from the end where `length` is known. */
  index?(index: number): Result;
  /** The elements `from ≤ i < to`. */
  slice?(from: number, to: number): LanguageValue;
  truth?(): boolean;
  /** Its text in a template. */
  text?(): string;
  /** `mean`, `sum`, `min`, `max`, `count`, `median` or `stdev` of it, computed where its data is; `undefined` leaves it to its elements. */
  aggregate?(name: string): Result;
  /** `paired(value, other)`: figures of the differences, where both are results over the same rows. */
  paired?(other: Result): LanguageValue;
}

/** A function in scope; see `hostFunction`. */
export class HostFunction {
  readonly name: string;
  readonly call: (positional: readonly LanguageValue[], named: LanguageRecord) => Result;

  constructor(name: string, call: HostFunction["call"]) {
    this.name = name;
    this.call = call;
  }
}

/** Makes a function that expressions can call; it throws `Fault` where it cannot answer. */
export function hostFunction(name: string, call: HostFunction["call"]): HostFunction {
  return new HostFunction(name, call);
}

/** Where names come from. `get` is called at most once a name a render, and only for names that are really read. */
export interface Scope {
  get(name: string): Result;
  /** What an aggregate of a name is taken of, where that is not the name's own value: all its results. */
  all?(name: string): Result;
  /** What `name.at(model="big")` reads, labels as their source text; undefined leaves it to the name's own value. */
  at?(name: string, labels: LanguageRecord): Result;
  /** The names there are, for suggestions. */
  names?(): Iterable<string>;
}

/** A scope over the members of a plain object. */
export function scopeOf(record: LanguageRecord): Scope {
  return { get: (name) => memberOf(record, name), names: () => Object.keys(record) };
}

/** The member `key` of a plain object; prototypes, getters, hidden members and functions do not exist. */
export function memberOf(record: LanguageRecord, key: string): Result {
  const property = Object.getOwnPropertyDescriptor(record, key);
  if (property === undefined || property.enumerable !== true) return undefined;
  const value: unknown = property.value;
  return typeof value === "function" ? undefined : (value as Result);
}

export function isList(value: unknown): value is readonly LanguageValue[] {
  return Array.isArray(value);
}

export function isHost(value: unknown): value is HostValue {
  return typeof value === "object" && value !== null && hostValue in value;
}

/** True for a plain object, the mappings of the language. */
export function isRecord(value: unknown): value is LanguageRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(hostValue in value) &&
    !(value instanceof HostFunction)
  );
}

/** What a value is, in the words of messages: `a list`, `null`. */
export function kindOf(value: Result): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (value === skipped) return "skipped";
  if (typeof value !== "object") {
    return value === true || value === false ? "a boolean" : typeof value === "string" ? "a text" : "a number";
  }
  if (isList(value)) return "a list";
  if (isHost(value)) return `a ${value.kind}`;
  return value instanceof HostFunction ? "a function" : "a mapping";
}
