import { Fault, hostValue, type HostValue, type LanguageRecord, type LanguageValue } from "#server/language/index.ts";
import { keyAt } from "./key-at.ts";
import { elementsValue, tableValue } from "./language-value.ts";
import type { Item, ResultSummary } from "./cell-kind.ts";

/** Where a results value keeps what it stands for, for functions that need more than one number of it. */
export const summaryOf: unique symbol = Symbol("summary");

/** What `paired(a, b)` gives for two summaries. */
export type Paired = (left: ResultSummary, right: ResultSummary) => LanguageRecord;

/** Results over rows and axes with their figures: where no table is read, aggregates and `.at(…)` are all one can do with them. */
export interface ResultsValue extends HostValue {
  readonly [summaryOf]: ResultSummary;
}

export function isResultsValue(value: unknown): value is ResultsValue {
  return typeof value === "object" && value !== null && summaryOf in value;
}

/**
 * What a name stands for that is read with all its results, or as a table: `triage` with its members, the results of a cell.
 * It is as much of a table and of figures as is read under the name. Undefined where nothing is.
 */
export function resultsValue(item: Item<unknown>, name: string, paired: Paired): HostValue | undefined {
  const keys = [...Object.keys(item.results), ...Object.keys(item.inputs)];
  if (!keys.some((key) => key === name || key.startsWith(`${name}.`) || key.startsWith(`${name}{`))) return undefined;
  const input = item.inputs[name];
  const table = input?.type === "table" ? tableValue(input.value) : undefined;
  const summary = item.results[name];
  // A field that nothing has is not there, and the error says where and what is.
  if (isLacking(item, name)) return undefined;
  const figures = summary === undefined ? undefined : figuresOf(summary, name, paired);
  return {
    [hostValue]: true,
    kind: "results",
    ...figures,
    ...table,
    attribute: (attribute) => resultsValue(item, `${name}.${attribute}`, paired) ?? table?.attribute?.(attribute),
    names: () => membersOf(item, name),
    method(method, _positional, named): LanguageValue | undefined {
      const key = method === "at" ? keyAt(keys, name, named) : undefined;
      if (key === undefined) return undefined;
      if (item.results[key]?.lacking !== undefined)
        throw new Fault("language.undefined", `\`${name}\` is not there at these labels`);
      return resultsValue(item, key, paired);
    },
  };
}

/** The members by which results are read, and of a field that is not there those there are. */
function membersOf({ results, inputs }: Item<unknown>, name: string): readonly string[] {
  const from = `${name}.`;
  const read = [...Object.keys(results), ...Object.keys(inputs)].filter((key) => key.startsWith(from));
  return read.flatMap((key) => {
    const [member, ...inner] = key.slice(from.length).split("{", 1)[0]!.split(".") as [string, ...string[]];
    return inner.length === 0 ? (results[key]?.lacking ?? [member]) : [member];
  });
}

/** Whether a name is a field that none of the results has, at whatever labels it is read. */
function isLacking({ results }: Item<unknown>, name: string): boolean {
  const read = Object.keys(results).filter((key) => key === name || key.startsWith(`${name}{`));
  return read.length > 0 && read.every((key) => results[key]!.lacking !== undefined);
}

/** What aggregates make of results: of one that is a list the language does it itself. */
function figuresOf(
  summary: ResultSummary,
  name: string,
  paired: Paired,
): Partial<ResultsValue> & Pick<ResultsValue, typeof summaryOf> {
  if (summary.elements !== undefined) return { ...elementsValue(summary.elements), [summaryOf]: summary };
  return {
    [summaryOf]: summary,
    aggregate(of) {
      if (of !== "count") refuseLists(of, summary, name);
      return aggregate(of, summary);
    },
    paired(other) {
      refuseLists("paired", summary, name);
      // The function has seen to it that both sides are results.
      return paired(summary, (other as ResultsValue)[summaryOf]);
    },
  };
}

function refuseLists(aggregate: string, { cell, lists = 0 }: ResultSummary, name: string): void {
  if (lists === 0) return;
  const [plain] = name.split("{", 1) as [string];
  const isElsewhere = cell.includes(".") && plain.startsWith(cell);
  throw new Fault(
    "language.type",
    `\`${aggregate}\` needs numbers, and \`${plain}\` has lists`,
    isElsewhere
      ? "Let a cell of the sheet make a number of each, and take that."
      : `\`${aggregate}(${plain}[:])\` takes the one that is read here.`,
  );
}

/** An aggregate of the numbers there are, null where there is none; `count` is of all values that are not null, as in SQL. */
export function aggregate(name: string, { values, present }: ResultSummary): LanguageValue {
  const numbers = values.map(({ value }) => value);
  if (name === "count") return present;
  if (name === "sum") return sum(numbers);
  if (numbers.length === 0) return null;
  const mean = sum(numbers) / numbers.length;
  switch (name) {
    case "mean":
      return mean;
    case "min":
      return numbers.reduce((least, value) => Math.min(least, value));
    case "max":
      return numbers.reduce((most, value) => Math.max(most, value));
    case "median": {
      const sorted = numbers.toSorted((left, right) => left - right);
      const middle = Math.floor(sorted.length / 2);
      return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    }
    case "stdev":
      return numbers.length < 2
        ? null
        : Math.sqrt(sum(numbers.map((value) => (value - mean) ** 2)) / (numbers.length - 1));
    default:
      throw new TypeError(`no aggregate ${name}`);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
