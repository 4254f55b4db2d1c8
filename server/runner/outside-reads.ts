import type { BodyLanguage, Item, ResultSummary } from "#server/notebook/cell-kind.ts";
import { addressText } from "#server/notebook/address.ts";
import type { Node, Read } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { inlineRows, type Table, type Value } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { resultsTable, summarize } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";

/** What a node reads that is the same at all its addresses and has to be fetched first: dataset files, and all results of columns. */
export interface OutsideReads {
  readonly files: ReadonlyMap<string, Value>;
  readonly tables: { readonly [name: string]: Value };
  readonly results: { readonly [name: string]: ResultSummary };
}

const none: OutsideReads = { files: new Map(), tables: {}, results: {} };

/** Fetches them; at once, without a promise, where there are none. */
export function outsideReads(node: Node, context: RunContext): OutsideReads | Promise<OutsideReads> {
  return node.reads.some((read) => read.type === "file" || read.type === "results") ? fetchReads(node, context) : none;
}

async function fetchReads(node: Node, context: RunContext): Promise<OutsideReads> {
  const files = new Map<string, Value>();
  const tables: { [name: string]: Value } = {};
  const results: { [name: string]: ResultSummary } = {};
  for (const read of node.reads) {
    if (read.type === "file") {
      const value = await context.tables.importFile(read.path);
      context.state.files.set(read.path, value.hash);
      files.set(read.path, { type: "table", value });
    }
    if (read.type !== "results") continue;
    const at = read.reference.at ?? {};
    const key = addressText({ cell: read.node, at });
    if (readsFigures(node, read)) {
      const summary = await summarize(read.node, at, read.field, context);
      results[read.as] = summary;
      const version = hashOf({
        total: summary.total,
        settled: summary.settled,
        errors: summary.errors,
        values: summary.values.map(({ row, value }) => [row, value]),
      });
      context.state.columns.set(key, {
        settled: summary.settled === summary.total && summary.total > 0,
        hash: version,
      });
    } else {
      const { table, settled } = await resultsTable(read.node, context);
      tables[read.as] = { type: "table", value: table };
      context.state.columns.set(key, { settled, hash: table.hash });
    }
  }
  return { files, tables, results };
}

/** Expressions get figures, SQL, code and charts the table. */
function readsFigures(node: Node, read: Read): boolean {
  if (read.reference.aggregated === true) return true;
  const body = node.kind?.body;
  if (read.reference.field !== null) return body !== "none";
  return body === "expressions" || body === "checks" || body === "template" || body === "messages";
}

/** The most rows of a table that an expression, a template or code gets; SQL takes any number. */
const mostRows = 100_000;

/** Items with their tables' rows at hand, for languages that read rows; without a promise where nothing has to be fetched. */
export function withRows(
  body: BodyLanguage,
  items: readonly Item<unknown>[],
  context: RunContext,
): readonly Item<unknown>[] | Promise<readonly Item<unknown>[]> {
  if (body === "sql" || body === "none" || body === "data") return items;
  const missing = new Map<string, Table>();
  for (const { inputs } of items) {
    for (const value of Object.values(inputs))
      if (value.type === "table" && value.value.rows === undefined) missing.set(value.value.hash, value.value);
  }
  return missing.size === 0 ? items : loadRows(items, missing, context);
}

async function loadRows(
  items: readonly Item<unknown>[],
  missing: ReadonlyMap<string, Table>,
  context: RunContext,
): Promise<readonly Item<unknown>[]> {
  const loaded = new Map<string, Table>();
  for (const [hash, table] of missing) {
    if (table.rowCount > mostRows) {
      throw new SheafError(
        "cell.too-many-rows",
        `a table of ${table.rowCount.toLocaleString("en")} rows is too long to be read row by row`,
        {
          cure: `Take what is needed in SQL first; at most ${mostRows.toLocaleString("en")} rows are read here.`,
        },
      );
    }
    const rows =
      table.rowCount <= inlineRows
        ? await context.tables.rows(table, 0, inlineRows)
        : await context.tables.rows(table, 0, mostRows);
    loaded.set(hash, { ...table, rows });
  }
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
