import { addressText } from "#server/notebook/address.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { coordinatesRead } from "#server/notebook/cell-key.ts";
import { namedFieldPaths } from "#server/notebook/configuration-references.ts";
import type { BodyLanguage, CoveredResults, Item, ResultNumber, ResultSummary } from "#server/notebook/cell-kind.ts";
import type { Node, Read } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import type { CellError, Position, Table, Value } from "#server/notebook/value.ts";
import type { ReadState } from "#server/notebook/scalar-key.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { rowsHash } from "#server/notebook/value-hash.ts";
import { columnFingerprint } from "./column-fingerprint.ts";
import { closedResults, type ReadValue } from "./node-values.ts";
import { countResults, resultsTable, summarize } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";
import type { SessionState } from "./session-state.ts";
import { columnReadKey, sessionLookup } from "./session-lookup.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** What a node reads that is the same at all its addresses and has to be fetched first: dataset files, the workspace's calls, and all results of columns. */
export interface OutsideReads {
  /** By path: for SQL a file's rows, or what is wrong with it. */
  readonly files: ReadonlyMap<string, ReadValue>;
  readonly tables: { readonly [name: string]: Value };
  readonly results: { readonly [name: string]: ResultSummary };
  readonly covered: Item<unknown>["covered"];
}

const none: OutsideReads = { files: new Map(), tables: {}, results: {}, covered: {} };

/** Fetches them; at once, without a promise, where there are none. */
export function outsideReads(node: Node, context: Context): OutsideReads | Promise<OutsideReads> {
  const isFetched = (read: Read): boolean =>
    read.type === "file" ||
    read.type === "calls" ||
    read.type === "results" ||
    longTable(node, read, context.state) !== null;
  return node.reads.some(isFetched) ? fetchReads(node, context) : none;
}

/** Whether the sheets are there whose results a node reads as tables. */
export function areSheetsOpen({ reads }: Node, state: SessionState): boolean {
  return reads.every(
    (read) =>
      read.type !== "results" ||
      read.form !== "table" ||
      closedResults(read, state) !== null ||
      state.frames.has(state.graph.nodes.get(read.node)!.sheet!),
  );
}

async function fetchReads(node: Node, context: Context): Promise<OutsideReads> {
  const files = new Map<string, ReadValue>();
  const tables: { [name: string]: Value } = {};
  const results: { [name: string]: ResultSummary } = {};
  for (const read of node.reads) {
    if (read.type === "file") await refreshFile(read.path, context);
    if (read.type === "file" && bodyLanguage(node.wordings[0]!) === "sql")
      files.set(read.path, await fileRows(read.path, read.reference.position, context));
    if (read.type === "calls") tables[read.as] = { type: "table", value: await context.tables.calls.table() };
    const long = longTable(node, read, context.state);
    if (long !== null) tables[read.as] = { type: "table", value: await withItsRows(long, context) };
    if (read.type !== "results" || Object.hasOwn(tables, read.as) || closedResults(read, context.state) !== null)
      continue;
    const at = read.reference.at ?? {};
    switch (read.form) {
      case "figures": {
        const summary = await summarize(read.node, at, read.field, context);
        results[read.as] = summary;
        const { total, settled, errors, skipped, unscored, present, values, lacking } = summary;
        // Most have none, and one that is not there is in no hash.
        const lists = summary.lists === 0 ? undefined : summary.lists;
        const { elements } = summary;
        if (elements?.type === "table" && elements.table.rowCount <= mostRows)
          results[read.as] = {
            ...summary,
            elements: { ...elements, table: await withItsRows(elements.table, context) },
          };
        // Where all are there, their order says of which label each is.
        const labels = values.length === total ? () => [] : Object.values<string>;
        const figures = values.map(({ row, value, at: of }) => [row, value, ...labels(of)]);
        const hash = hashOf({
          total,
          settled,
          errors,
          skipped,
          unscored,
          present,
          figures,
          alike: sharing(values),
          lists,
          lacking,
        });
        noteSeen(node.id, read, { settled: settled === total && total > 0, hash }, context);
        break;
      }
      case "counts": {
        const counts = await countResults(read.node, at, context);
        results[read.as] = counts;
        const { total, settled, errors, skipped } = counts;
        // They are what they are now, also while results are open: that is what the reader is to say.
        noteSeen(node.id, read, { settled: true, hash: hashOf({ total, settled, errors, skipped }) }, context);
        break;
      }
      case "table": {
        const { table, settled } = await resultsTable(read.node, at, context);
        noteSeen(node.id, read, { settled, hash: table.hash }, context);
        const place = expressionPlace(node, read);
        if (place !== null) results[read.as] = await summarize(read.node, at, null, context);
        // Fields are computed before the rows of what the text reads are fetched; a table that is too long says so where it is read.
        const ahead = place === "field" && table.rowCount <= mostRows;
        tables[read.as] = { type: "table", value: ahead ? await withItsRows(table, context) : table };
      }
    }
  }
  return { files, tables, results, covered: coveredOf(node, results, context.state) };
}

function coveredOf(
  { covers, reads }: Node,
  results: OutsideReads["results"],
  state: SessionState,
): OutsideReads["covered"] {
  const covered: { [name: string]: CoveredResults[] } = {};
  for (const [name, given] of Object.entries(Object.groupBy(covers, ({ value }) => value))) {
    const read = reads.find(({ as }) => as === name);
    // A person's value is made of no results.
    if (read?.type === "node" && state.overrides.has(read.node)) continue;
    const value = read?.type === "node" ? state.results.get(read.node)?.value : undefined;
    // A sheet's table has its rows' columns first.
    const own = given!.filter(({ isColumn }) => isColumn).length;
    const names =
      value?.type === "table" && own > 0 ? value.value.columns.slice(-own).map((column) => column.name) : [];
    covered[name] = given!.flatMap(({ results: of, isColumn }): CoveredResults[] => {
      // An aggregate of a sheet takes its rows' columns; those that are computed have results of their own.
      if (isColumn && read?.type === "results") return [];
      const summary = results[of];
      return summary === undefined ? [] : [{ summary, column: isColumn ? (names.shift() ?? null) : null }];
    });
  }
  return covered;
}

/** Which numbers came of the same calls, by the first of each such; undefined where none did. */
function sharing(values: readonly ResultNumber[]): readonly number[] | undefined {
  const first = new Map<string | number, number>();
  for (const [index, { calls }] of values.entries()) if (!first.has(calls ?? index)) first.set(calls ?? index, index);
  return first.size === values.length ? undefined : values.map(({ calls }, index) => first.get(calls ?? index)!);
}

type ResultsRead = Extract<Read, { readonly type: "results" }>;

/** The results of a column as the table whose rows the sheet `reader` goes over, as it sees them from now on. */
export async function readColumn(reader: string, read: ResultsRead, context: Context): Promise<Table> {
  const { table, settled } = await resultsTable(read.node, read.reference.at ?? {}, context, { outcomes: true });
  noteSeen(reader, read, { settled, hash: rowsHash(table) }, context);
  return table;
}

/** The same where all of it is settled. Otherwise null, and what was seen before stands: undoing an edit makes that hold again. */
export async function settledColumn(reader: string, read: ResultsRead, context: Context): Promise<Table | null> {
  const { table, settled } = await resultsTable(read.node, read.reference.at ?? {}, context, { outcomes: true });
  if (settled) noteSeen(reader, read, { settled, hash: rowsHash(table) }, context);
  return settled ? table : null;
}

function noteSeen(reader: string, read: ResultsRead, seen: ReadState, { state }: Context): void {
  const target = state.graph.nodes.get(read.node)!;
  // Outside sheets the results themselves say at any time what they are.
  if (target.sheet === null) return;
  const fingerprint = columnFingerprint(target, state, sessionLookup(state));
  state.columns.set(columnReadKey(reader, read.as), { ...seen, fingerprint });
}

/** The rows of a dataset file that SQL reads. What is wrong with the file of a `data` cell the cell says itself. */
async function fileRows(path: string, position: Position, { tables }: Context): Promise<ReadValue> {
  try {
    const value = { type: "table", value: await tables.importFile(path) } as const;
    return { type: "value", value, calls: [], outcome: "ok" };
  } catch (thrown) {
    const error = { ...toCellError(thrown), position };
    if (isOfTheFile(error)) return { type: "error", error };
    throw new SheafError(error.code, error.message, { ...error, cause: thrown });
  }
}

/** Whether an error stands until there is another file. Others may pass, and break the step: they are tried again. */
function isOfTheFile({ code }: CellError): boolean {
  return code.startsWith("data.") && !["data.changed", "data.memory", "data.missing"].includes(code);
}

/** Finds a dataset file's version anew; one that cannot be read has none. */
export async function refreshFile(path: string, { state, tables }: Context): Promise<void> {
  try {
    state.files.set(path, await tables.fileVersion(path));
  } catch {
    state.files.delete(path);
  }
}

/** Where the expression language reads something: in a field or in the cell's text; null for SQL, code, and fields that name cells. */
function expressionPlace({ wordings: [cell] }: Node, { reference: { field } }: Read): "field" | "text" | null {
  const names = namedFieldPaths(cell!);
  if (field !== null && !names.some((name) => field === name || field.startsWith(`${name}.`))) return "field";
  const body = bodyLanguage(cell!);
  return body === "expressions" || body === "checks" || body === "template" || body === "messages" ? "text" : null;
}

/** The table of a cell outside sheets whose rows a field reads and that has to be fetched for it. */
function longTable(node: Node, read: Read, { graph, overrides, results }: SessionState): Table | null {
  if (read.type !== "node" || read.reference.field === null || expressionPlace(node, read) !== "field") return null;
  const at = read.reference.at ?? {};
  const target = graph.nodes.get(read.node);
  if (target === undefined || target.sheet !== null || target.axes.some(({ name }) => !(name in at))) return null;
  const address = addressText({ cell: read.node, at: coordinatesRead(read, target.axes, {}) });
  const value = (overrides.get(address) ?? results.get(address))?.value;
  return value?.type === "table" && value.value.rows === undefined && value.value.rowCount <= mostRows
    ? value.value
    : null;
}

/** The most rows of a table that an expression, a template or code gets; SQL takes any number. */
const mostRows = 100_000;

/** The code of the error that a table has more. */
export const tooManyRows = "cell.too-many-rows";

/** Items with their tables' rows at hand, for languages that read rows; without a promise where nothing has to be fetched. */
export function withRows(
  body: BodyLanguage,
  items: readonly Item<unknown>[],
  context: Context,
): readonly Item<unknown>[] | Promise<readonly Item<unknown>[]> {
  if (body === "sql" || body === "none" || body === "data") return items;
  let missing: Map<string, Table> | undefined;
  for (const { inputs } of items) {
    for (const value of Object.values(inputs))
      if (value.type === "table" && value.value.rows === undefined)
        (missing ??= new Map()).set(value.value.hash, value.value);
  }
  return missing === undefined ? items : loadRows(items, missing, context);
}

async function loadRows(
  items: readonly Item<unknown>[],
  missing: ReadonlyMap<string, Table>,
  context: Context,
): Promise<readonly Item<unknown>[]> {
  const loaded = new Map<string, Table>();
  for (const [hash, table] of missing) loaded.set(hash, await withItsRows(table, context));
  return items.map((item) => ({
    ...item,
    inputs: Object.fromEntries(
      Object.entries(item.inputs).map(([name, value]) => [
        name,
        value.type === "table" && loaded.has(value.value.hash)
          ? { type: "table", value: loaded.get(value.value.hash)! }
          : value,
      ]),
    ),
  }));
}

async function withItsRows(table: Table, { tables }: Context): Promise<Table> {
  if (table.rows !== undefined) return table;
  if (table.rowCount > mostRows) {
    throw new SheafError(
      tooManyRows,
      `a table of ${table.rowCount.toLocaleString("en")} rows is too long to be read row by row`,
      {
        cure: `Take what is needed in SQL first; at most ${mostRows.toLocaleString("en")} rows are read here.`,
      },
    );
  }
  return { ...table, rows: await tables.rows(table, 0, mostRows) };
}
