import { z } from "zod";
import {
  comparisonSides,
  evaluate,
  hostValue,
  isTruthy,
  type Expression,
  type HostValue,
  type LanguageValue,
  type Scope,
} from "#server/language/index.ts";
import { defineCellKind, type Item, type ResultSummary } from "#server/notebook/cell-kind.ts";
import { isResultsValue, summaryOf } from "#server/notebook/results-value.ts";
import type { TestLine } from "#server/notebook/value.ts";
import { parsedExpression } from "#server/notebook/parsed.ts";
import { cellScope } from "./cell-scope.ts";

/** Expressions that must hold, one a line. Open until everything a line covers is settled. */
export const test = defineCellKind({
  kind: "test",
  version: 1,
  title: "Test",
  description: "What must hold, one expression a line.",
  body: "expressions",
  starter: ({ values }) => (values.length === 0 ? "1 == 1" : `${values[0]} is defined`),
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  valueType: () => ({ type: "test" }),
  *run({ source, items }) {
    for (const [index, item] of items.entries()) {
      const lines = source
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => judge(line, item));
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
  const scope = observed(cellScope(item), seen);
  try {
    const expression = parsedExpression(line);
    const sides = comparisonSides(expression);
    const parts: readonly Expression[] = sides === null ? [expression] : [sides.left, sides.right];
    const figures = parts.map((part) => figure(part, scope, seen));
    const holds = isTruthy(evaluate(expression, scope));
    return { source: line, sides: figures, ...(openBecause(seen) ?? { verdict: holds ? "pass" : "fail" }) };
  } catch (thrown) {
    const { message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    // It may be only that what is not settled has no value yet.
    return { source: line, sides: [], ...(openBecause(seen) ?? { verdict: "fail", reason: message }) };
  }
}

/** That a line is open, where something it covers is not settled. */
function openBecause(seen: readonly Seen[]): Pick<TestLine, "verdict" | "reason"> | null {
  const open = seen.find(({ summary: { settled, total } }) => settled < total || total === 0)?.summary;
  if (open === undefined) return null;
  const reason =
    open.total === 0
      ? `\`${open.cell}\` has no results yet`
      : `${open.total - open.settled} of ${open.total} results of \`${open.cell}\` are not settled`;
  return { verdict: "open", reason };
}

/** One side's value and, where it came of an aggregate, of how many of how many. */
function figure(part: Expression, scope: Scope, seen: Seen[]): string {
  const before = seen.length;
  const value = evaluate(part, scope);
  const text = shown(value);
  const notes = seen.slice(before).map(note);
  return notes.length === 0 ? text : `${text} (${[...new Set(notes)].join("; ")})`;
}

/** Results whose figures a line asked for; `counts`: how many values there are, numbers or not. */
interface Seen {
  readonly summary: ResultSummary;
  readonly counts: boolean;
}

function note({ summary, counts }: Seen): string {
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

function shown(value: LanguageValue): string {
  if (typeof value === "number") return String(Math.round(value * 10_000) / 10_000);
  return typeof value === "string"
    ? JSON.stringify(value)
    : value === null
      ? "nothing"
      : typeof value === "object"
        ? JSON.stringify(value, (_, part) => (typeof part === "number" ? Math.round(part * 10_000) / 10_000 : part))
        : String(value);
}

/** The scope with the functions of tests, noting every summary whose figures are asked for. */
function observed(scope: Scope, seen: Seen[]): Scope {
  const watch = (value: LanguageValue | undefined): LanguageValue | undefined =>
    isHost(value) ? watchHost(value, seen) : value;
  return {
    get: (name) => watch(scope.get(name)),
    all: (name) => watch(scope.all?.(name)),
    at: (name, labels) => watch(scope.at?.(name, labels)),
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
          paired(other) {
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
