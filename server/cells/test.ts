import { z } from "zod";
import {
  comparisonSides,
  evaluate,
  hostValue,
  isTruthy,
  references,
  type Expression,
  type HostValue,
  type LanguageRecord,
  type LanguageValue,
  type Result,
  type Scope,
} from "#server/language/index.ts";
import { defineCellKind, type Item, type ResultElements, type ResultSummary } from "#server/notebook/cell-kind.ts";
import { elementsValue } from "#server/notebook/language-value.ts";
import { isResultsValue, summaryOf } from "#server/notebook/results-value.ts";
import { parsedExpression } from "#server/notebook/parsed.ts";
import { testLines } from "#server/notebook/test-lines.ts";
import { toJson } from "#server/notebook/to-json.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import type { TestLine } from "#server/notebook/value.ts";
import { cellScope } from "./cell-scope.ts";

/** Expressions that must hold, one a line. Open until everything a line covers is settled. */
export const test = defineCellKind({
  kind: "test",
  version: 4,
  title: "Test",
  description: "What must hold, one expression a line.",
  body: "expressions",
  starter: ({ values }) => (values.length === 0 ? "1 == 1" : `${values[0]} is defined`),
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  covers: true,
  valueType: () => ({ type: "test" }),
  *run({ source, items }) {
    for (const [index, item] of items.entries()) {
      const lines = testLines(source).map(({ text }) => judge(text, item));
      // A test of nothing must not pass.
      if (lines.length === 0)
        lines.push({
          source: "",
          verdict: "open",
          sides: [],
          reason: "there is nothing to test: write one expression a line",
        });
      const verdict = lines.some((line) => line.verdict === "fail")
        ? "fail"
        : lines.some((line) => line.verdict === "open")
          ? "open"
          : "pass";
      yield { type: "value", item: index, value: { type: "test", value: { verdict, lines } } };
    }
  },
});

function judge(line: string, item: Item<unknown>): TestLine {
  const seen: Seen[] = [];
  const behind: ResultSummary[] = [];
  const scope = observed(item, seen, behind);
  let lacking: readonly ResultSummary[] = [];
  const open = (more: readonly ResultSummary[] = []): ReturnType<typeof openBecause> =>
    openBecause([...seen.map(({ summary }) => summary), ...more], behind);
  try {
    const expression = parsedExpression(line);
    lacking = lackingIn(expression, item);
    const sides = comparisonSides(expression);
    const parts: readonly Expression[] = sides === null ? [expression] : [sides.left, sides.right];
    const figures = sideTexts(parts.map((part) => figure(part, scope, seen)));
    const holds = isTruthy(evaluate(expression, scope));
    const isOrder = sides !== null && /^[<>]/.test(sides.operator);
    const failed = (): Pick<TestLine, "verdict" | "reason"> =>
      isOrder && parts.some((part) => evaluate(part, scope) === null)
        ? { verdict: "fail", reason: "nothing is neither below nor above anything" }
        : { verdict: "fail" };
    return { source: line, sides: figures, ...(open() ?? (holds ? { verdict: "pass" } : failed())) };
  } catch (thrown) {
    const { message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    // It may be only that what is not settled has no value yet.
    return { source: line, sides: [], ...(open(lacking) ?? { verdict: "fail", reason: message }) };
  }
}

/** The results of which a line reads a field that none of those there are has: one to come may have it. */
function lackingIn(expression: Expression, { results }: Item<unknown>): readonly ResultSummary[] {
  const lacking = Object.entries(results).filter(([, summary]) => summary.lacking !== undefined);
  if (lacking.length === 0) return [];
  const read = references(expression).map(({ name, path }) => [name, ...path].join("."));
  return lacking.flatMap(([key, summary]) => (read.includes(key.split("{", 1)[0]!) ? [summary] : []));
}

/** That a line is open, where something it covers is not settled. What is made of no results at all is made of all there are. */
function openBecause(
  covered: readonly ResultSummary[],
  behind: readonly ResultSummary[],
): Pick<TestLine, "verdict" | "reason"> | null {
  const open =
    covered.find(({ settled, total }) => settled < total || total === 0) ??
    behind.find(({ settled, total }) => settled < total);
  if (open === undefined) return null;
  const reason =
    open.total === 0
      ? `\`${open.cell}\` has no results yet`
      : `${open.total - open.settled} of ${open.total} results of \`${open.cell}\` are not settled`;
  return { verdict: "open", reason };
}

/** One side: its value and, where it came of an aggregate, of how many of how many. */
interface Figure {
  readonly value: LanguageValue;
  readonly notes: readonly string[];
}

function figure(part: Expression, scope: Scope, seen: Seen[]): Figure {
  const before = seen.length;
  const value = evaluate(part, scope);
  return { value, notes: seen.slice(before).map(note) };
}

/** The sides of a line as they are shown: in as many digits as tell them apart. */
function sideTexts(figures: readonly Figure[]): string[] {
  const texts = (digits: number): string[] => figures.map(({ value }) => shown(value, digits));
  const areApart = (digits: number): boolean => new Set(texts(digits)).size === figures.length;
  let digits = fewestDigits;
  if (areApart(exactDigits)) while (!areApart(digits)) digits += 1;
  return texts(digits).map((text, index) => {
    const { notes } = figures[index]!;
    return notes.length === 0 ? text : `${text} (${[...new Set(notes)].join("; ")})`;
  });
}

const fewestDigits = 4;
/** Two numbers that differ do so in as many digits. */
const exactDigits = 17;

/** Results whose figures a line asked for; `counts`: how many values there are, numbers or not. */
interface Seen {
  readonly summary: ResultSummary;
  readonly counts: boolean;
}

function note({ summary, counts }: Seen): string {
  if (summary.elements !== undefined) return elementsNote(summary.elements, summary.cell);
  const { values, present, total, settled, errors, skipped, unscored, dimensions } = summary;
  const without = counts ? settled - errors - skipped - present : unscored;
  const left = [
    errors > 0 ? `${errors} ${errors === 1 ? "error" : "errors"}` : "",
    skipped > 0 ? `${skipped} skipped` : "",
    without > 0 ? `${without} ${counts ? "null" : "unscored"}` : "",
  ].filter((part) => part !== "");
  const over = dimensions.map(({ name, size }) => `${size} ${name}`).join(" × ");
  return `n ${counts ? present : values.length} of ${total}${left.length === 0 ? "" : `, ${left.join(", ")}`}${over === "" ? "" : `, over ${over}`}`;
}

/** Of how many elements of a list or a table something is. */
function elementsNote(elements: ResultElements, cell: string): string {
  const isTable = elements.type === "table";
  const total = isTable ? elements.table.rowCount : elements.items.length;
  const items = isTable && elements.column === null ? null : [...elementsValue(elements).iterate!()];
  const present = items === null ? total : items.filter((item) => item !== null).length;
  const left = present === total ? "" : `, ${total - present} null`;
  return `n ${present} of ${total}${left}, over ${total} ${isTable ? "rows" : "elements"} of ${cell}`;
}

function shown(value: LanguageValue, digits: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null) return "nothing";
  if (typeof value !== "object") return String(rounded(value, digits));
  return toJson(JSON.parse(toJson(value), (...member) => rounded(exactInteger(...member), digits)));
}

/** A number with so many decimals, or so many digits where it is under one; anything else as it is. */
function rounded(value: unknown, digits: number): unknown {
  if (typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value)) return value;
  const whole = Math.trunc(Math.abs(value));
  return Number(value.toPrecision((whole === 0 ? 0 : String(whole).length) + digits));
}

/** An item's scope, noting every summary whose figures are asked for, and those `behind` a value that other cells made of them. */
function observed(item: Item<unknown>, seen: Seen[], behind: ResultSummary[]): Scope {
  const scope = cellScope(item);
  const watch = (name: string, value: LanguageValue | undefined): LanguageValue | undefined => {
    const columns = new Map<string, ResultSummary>();
    for (const [key, results] of Object.entries(item.covered)) {
      const isField = key.startsWith(`${name}.`);
      if (key !== name && !isField && !key.startsWith(`${name}{`)) continue;
      for (const { summary, column } of results) {
        if (column === null) behind.push(summary);
        else if (!isField) columns.set(column, summary);
      }
    }
    if (!isHost(value)) return value;
    return watchHost(columns.size === 0 ? value : watchColumns(value, columns, seen), seen);
  };
  return {
    get: (name) => watch(name, scope.get(name)),
    all: (name) => watch(name, scope.all?.(name)),
    at: (name, labels) => watch(name, scope.at?.(name, labels)),
  };
}

/** A sheet's table, noting of which columns the rows are read: how many rows there are is settled without them. */
function watchColumns(table: HostValue, columns: ReadonlyMap<string, ResultSummary>, seen: Seen[]): HostValue {
  const rowWatcher = (): ((row: LanguageValue) => LanguageValue) => {
    const left = new Map(columns);
    const note = (key: string | symbol): void => {
      const summary = left.get(String(key));
      if (summary !== undefined) seen.push({ summary, counts: true });
      left.delete(String(key));
    };
    const handler: ProxyHandler<LanguageRecord> = {
      get(row, key) {
        note(key);
        return Reflect.get(row, key) as LanguageValue;
      },
      getOwnPropertyDescriptor(row, key) {
        note(key);
        return Reflect.getOwnPropertyDescriptor(row, key);
      },
    };
    return (row) => new Proxy(row as LanguageRecord, handler);
  };
  return {
    ...table,
    iterate: () => [...table.iterate!()].map(rowWatcher()),
    index(place) {
      const found = table.index!(place);
      return found === undefined ? found : rowWatcher()(found as LanguageValue);
    },
    slice: (from, to) => (table.slice!(from, to) as readonly LanguageValue[]).map(rowWatcher()),
  };
}

function isHost(value: unknown): value is HostValue {
  return typeof value === "object" && value !== null && hostValue in value;
}

function watchHost(value: HostValue, seen: Seen[]): HostValue {
  const watch = (inner: LanguageValue | undefined): LanguageValue | undefined =>
    isHost(inner) ? watchHost(inner, seen) : inner;
  return {
    ...value,
    ...(isResultsValue(value) ? watchTable(value, () => seen.push({ summary: value[summaryOf], counts: true })) : {}),
    ...(value.attribute === undefined ? {} : { attribute: (name) => watch(value.attribute!(name)) }),
    ...(value.method === undefined
      ? {}
      : { method: (name, positional, named) => watch(value.method!(name, positional, named)) }),
    ...(value.aggregate === undefined
      ? {}
      : {
          aggregate(name) {
            if (isResultsValue(value)) seen.push({ summary: value[summaryOf], counts: name === "count" });
            return value.aggregate!(name);
          },
        }),
    ...(value.paired === undefined
      ? {}
      : {
          paired(other: Result) {
            for (const side of [value, other])
              if (isResultsValue(side)) seen.push({ summary: side[summaryOf], counts: false });
            return value.paired!(other);
          },
        }),
  };
}

/** What reads the records of results one by one: as far as they are a table. */
function watchTable({ iterate, length, index, slice, truth }: HostValue, note: () => void): Partial<HostValue> {
  const noting = <Given extends readonly unknown[], Found>(read: (...given: Given) => Found) => {
    return (...given: Given): Found => {
      note();
      return read(...given);
    };
  };
  return {
    ...(iterate === undefined ? {} : { iterate: noting(iterate) }),
    ...(length === undefined ? {} : { length: noting(length) }),
    ...(index === undefined ? {} : { index: noting(index) }),
    ...(slice === undefined ? {} : { slice: noting(slice) }),
    ...(truth === undefined ? {} : { truth: noting(truth) }),
  };
}
