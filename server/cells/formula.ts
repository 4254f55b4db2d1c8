import { z } from "zod";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { defineCellKind, type Batch, type Item, type ItemEvent } from "#server/notebook/cell-kind.ts";
import { datumSqlType } from "#server/notebook/datum-sql-type.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Services } from "#server/notebook/services.ts";
import { toValue, type CellError, type Datum } from "#server/notebook/value.ts";
import { toDatum } from "./sql-inputs.ts";

/** One SQL expression over the row, computed for the whole column in one statement. */
export const formula = defineCellKind({
  kind: "formula",
  version: 3,
  title: "Formula",
  description: "A column computed from the row by an SQL expression.",
  body: "expression-sql",
  starter: () => "1",
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  wholeColumn: true,
  async *run(batch, services) {
    const names = namesIn(batch);
    const rows = batch.items.map(rowOf);
    // What stands outside is nearly always the same in all rows, and most of what a row gives has a type: then there is one statement.
    const groups = Map.groupBy(batch.items.keys(), (index) =>
      groupOf(batch.items[index]!, names, rows[index]!, batch.types),
    );
    for (const group of groups.values()) yield* computed({ batch, names, rows, services }, group);
  },
});

interface Rows {
  readonly batch: Batch<unknown>;
  readonly names: readonly string[];
  readonly rows: readonly Row[];
  readonly services: Services;
}

/** What rows come to in one statement. An error of a value in some of them is theirs alone. */
async function* computed(all: Rows, group: readonly number[]): AsyncGenerator<ItemEvent> {
  const { source, signal } = all.batch;
  try {
    yield* valuesOf(all, group, source);
  } catch (thrown) {
    signal.throwIfAborted();
    // The rows that are left would take as long.
    if (toCellError(thrown).code === "sql.deadline") throw thrown;
    const failing = group.length > 1 && isOfValues(thrown) ? await failingRows(all, group) : [];
    if (failing.length === 0) return yield* failed(group, thrown);
    const apart = new Set(failing);
    const others = group.filter((index) => !apart.has(index));
    if (others.length > 0) yield* computedOrFailed(all, others);
    for (const index of failing.slice(0, told)) yield* computedOrFailed(all, [index]);
    yield* failed(failing.slice(told), thrown);
  }
}

async function* computedOrFailed(all: Rows, group: readonly number[]): AsyncGenerator<ItemEvent> {
  try {
    yield* valuesOf(all, group, all.batch.source);
  } catch (thrown) {
    all.batch.signal.throwIfAborted();
    yield* failed(group, thrown);
  }
}

/** So many rows are told their own error; the others have that of one of them. */
const told = 100;

function* failed(group: readonly number[], thrown: unknown): Generator<ItemEvent> {
  const error = ofExpression(toCellError(thrown));
  for (const item of group) yield { type: "error", item, error };
}

/** What DuckDB says of the whole statement, as it is of the expression alone. */
function ofExpression(error: CellError): CellError {
  if (/must appear in the GROUP BY clause/.test(error.message))
    return {
      ...error,
      message: "an aggregate gives one value for all rows, and a formula one for each",
      cure: "Make it a window function, `sum(price) over ()`, or aggregate in an sql cell.",
    };
  const candidates = new RegExp(
    `\\nCandidate bindings: "${ordinalColumn}"(?=\\n|$)|, "${ordinalColumn}"|"${ordinalColumn}", `,
    "g",
  );
  return { ...error, message: error.message.replace(candidates, "") };
}

/** Whether it is the error of a value, and not of the expression or of what computes it. */
function isOfValues(thrown: unknown): boolean {
  return ["sql.value", "sql.error"].includes(toCellError(thrown).code);
}

/** The rows at which the expression fails; none where SQL cannot tell, as of chance and of window functions. */
async function failingRows(all: Rows, group: readonly number[]): Promise<readonly number[]> {
  const failing: number[] = [];
  try {
    const tried = `try((\n${all.batch.source}\n) is null) is null`;
    for await (const event of valuesOf(all, group, tried))
      if (event.value.type === "boolean" && event.value.value) failing.push(event.item);
    return failing;
  } catch {
    all.batch.signal.throwIfAborted();
    return [];
  }
}

type ValueEvent = Extract<ItemEvent, { readonly type: "value" }>;

/** What an expression comes to at rows of one group. */
async function* valuesOf(
  { batch, names, rows, services }: Rows,
  group: readonly number[],
  expression: string,
): AsyncGenerator<ValueEvent> {
  const { items, types, signal } = batch;
  const first = items[group[0]!]!;
  const columns = names.map((name) => ({ name, sql: typeIn(rows[group[0]!]!, name, types) }));
  const given = columns.flatMap(({ name, sql }) => (sql === null ? [] : [{ name, sql }]));
  const records = group.map((index, ordinal) => ({
    ...Object.fromEntries(given.map(({ name }) => [name, rows[index]![name] ?? null])),
    [ordinalColumn]: ordinal,
  }));
  const table = await services.table(records, [...given, { name: ordinalColumn, sql: "BIGINT" }]);
  // The line breaks keep comments of the expression to themselves.
  const sql = `select (\n${expression}\n) as "value" from ${relation(columns)} order by "${ordinalColumn}"`;
  const { address } = first;
  const result = await services.query({
    sql,
    tables: { row: table },
    parameters: parametersOf(first),
    address,
    signal,
  });
  for (let from = 0; from < group.length; from += page) {
    const values = await services.rows(result, from, page);
    for (const [index, [value]] of values.entries())
      yield { type: "value", item: group[from + index]!, value: toValue(value) };
  }
}

type Row = { readonly [column: string]: Datum };
type Types = Batch<unknown>["types"];

/** The row's columns and the sheet's cells, by the bare names of the expression. */
function rowOf({ row, inputs }: Item<unknown>): Row {
  const values = Object.entries(inputs).filter(([name]) => !name.startsWith("$"));
  return { ...row, ...Object.fromEntries(values.map(([name, value]) => [name, toDatum(value)])) };
}

/** The bare names there are at any of the rows, with a value or skipped. */
function namesIn({ items, types }: Batch<unknown>): readonly string[] {
  const names = new Set(Object.keys(types ?? {}));
  for (const { row, inputs, skipped } of items)
    for (const name of [...Object.keys(row ?? {}), ...Object.keys(inputs), ...skipped]) names.add(name);
  return [...names].filter((name) => !name.startsWith("$") && !name.startsWith("row."));
}

/** What stands outside the sheet, by its name behind the `$`. */
function parametersOf({ inputs }: Pick<Item<unknown>, "inputs">): Row {
  const values = Object.entries(inputs).filter(([name]) => name.startsWith("$"));
  return Object.fromEntries(values.map(([name, value]) => [name.slice(1), toDatum(value)]));
}

/**
 * What rows must have in common to be computed in one statement: the parameters, and the types of all names. A type is never one that other rows
 * decide, so that a row is given the same whichever are computed with it.
 */
function groupOf(item: Item<unknown>, names: readonly string[], row: Row, types: Types): string {
  const own = names.map((name) => typeIn(row, name, types));
  return canonicalJson([parametersOf(item) as CanonicalInput, own]);
}

/** DuckDB's type of a name at a row: its own where it has one and the value is of it, else the value's; null where nothing tells it. */
function typeIn(row: Row, name: string, types: Types): string | null {
  const datum = row[name] ?? null;
  const type = types?.[name];
  return type !== undefined && isOf(datum, type) ? type : datumSqlType(datum);
}

/** Whether a value can be of a type. What people enter by hand may be anything; a row's own columns are of their types. */
function isOf(datum: Datum, type: string): boolean {
  if (datum === null) return true;
  switch (type) {
    case "BOOLEAN":
      return typeof datum === "boolean";
    case "BIGINT":
      return datumSqlType(datum) === "BIGINT";
    case "DOUBLE":
      return typeof datum === "number" || typeof datum === "bigint" || endless.includes(datum as string);
    default:
      return true;
  }
}

const endless = ["NaN", "Infinity", "-Infinity"];

/** The table of the rows. A null of no type is the word itself, which SQL takes for one of any. */
function relation(columns: readonly { readonly name: string; readonly sql: string | null }[]): string {
  const nulls = columns.filter(({ sql }) => sql === null).map(({ name }) => `null as ${quoted(name)}`);
  return nulls.length === 0 ? '"row"' : `(select *, ${nulls.join(", ")} from "row") as "row"`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const ordinalColumn = "__ordinal";
const page = 10_000;
