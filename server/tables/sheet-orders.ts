import { randomUUID } from "node:crypto";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { Session } from "./duckdb-session.ts";
import type { Sheet, SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import type { ViewCall, ViewOrder } from "./sheet-views.ts";
import { viewSql } from "./view-sql.ts";

/** The rows of a view in order, by their places in the frame. */
export interface Order {
  /** Which order it is: another one has another. */
  readonly id: string;
  readonly length: number;
  /** The places of rows `from … to` of the view. */
  slice(from: number, to: number): readonly number[];
  /** Whether it is the order of before a change that may matter. */
  readonly outdated: boolean;
}

interface Kept {
  readonly question: string;
  readonly ordinals: Promise<Int32Array>;
  /** The last change that was seen of what it hangs on. */
  readonly revision: number;
}

/**
 * The orders of views: worked out once and kept in memory, four bytes a row, so that a page is read by places and never by
 * skipping rows. A change of what a view asks of results makes its order old: it is kept while it is held, for whoever shows it,
 * and until no change has come for a while.
 */
export function createOrders(catalog: SheetCatalog) {
  /** By their ids. */
  const remembered = new WeakMap<SheetFrame, Map<string, Kept>>();

  return async (frame: SheetFrame, call: ViewCall & ViewOrder): Promise<Order> => {
    const { view } = call;
    if (view.filters.length === 0 && view.sort.length === 0 && view.search === "") return wholeFrame(frame);
    const kept = remembered.get(frame) ?? new Map<string, Kept>();
    remembered.set(frame, kept);
    const question = questionOf(call);
    const last = lastChange(frame.sheet, nodesAsked(call));
    const known = [...kept].filter(([, one]) => one.question === question);
    const shown = call.fresh ? undefined : known.find(([id]) => id === call.order);
    const found = shown ?? known.sort(([, left], [, right]) => left.revision - right.revision).at(-1);
    if (found !== undefined) {
      const [id, one] = found;
      const isNow = one.revision === last.revision;
      if (isNow || found === shown || mustStay(call, last.at)) {
        // The newest use stands last: the ones before it go first.
        kept.delete(id);
        kept.set(id, one);
        return orderOf(id, await one.ordinals, !isNow);
      }
    }
    const id = randomUUID();
    const ordinals = catalog.read((session) => readOrder(catalog, session, frame, call));
    kept.set(id, { question, ordinals, revision: last.revision });
    ordinals.catch(() => kept.delete(id));
    for (const old of [...kept.keys()].slice(0, -ordersKept)) kept.delete(old);
    return orderOf(id, await ordinals, false);
  };
}

/** Orders kept a frame: the screen's, and those of a selection or two. */
const ordersKept = 6;

/** Milliseconds without a change after which an order may be a new one. */
const rest = 1_000;

function mustStay({ hold, fresh }: ViewOrder, at: number): boolean {
  return !fresh && (hold || performance.now() - at < rest);
}

/** What decides an order besides the results: the view, and the keys of nodes whose freshness it asks for. */
function questionOf({ view, nodes, shown }: ViewCall): string {
  const asked = asksFreshness(view) ? nodes : nodes.map(({ node, variants }) => [node, variants.map(({ at }) => at)]);
  return canonicalJson([view, asked, shown] as unknown as CanonicalInput);
}

/** Freshness hangs on results of all that a node reads. */
function asksFreshness({ filters }: SheetView): boolean {
  return filters.some((filter) => filter.type === "state" && (filter.state === "stale" || filter.state === "current"));
}

function nodesAsked({ view, nodes, shown }: ViewCall): ReadonlySet<string> {
  if (asksFreshness(view)) return new Set(nodes.map(({ node }) => node));
  const columns = [...view.filters, ...view.sort].map(({ column }) => column);
  const asked = columns.flatMap((column) => (column.type === "cell" ? [column.cell] : []));
  return new Set([...asked, ...(view.search === "" ? [] : shown)]);
}

function lastChange(
  { changes }: Sheet,
  nodes: ReadonlySet<string>,
): { readonly revision: number; readonly at: number } {
  let last = { revision: 0, at: 0 };
  for (const node of nodes) {
    const change = changes.get(node);
    if (change !== undefined && change.revision > last.revision) last = change;
  }
  return last;
}

function wholeFrame({ id, rowCount }: SheetFrame): Order {
  return {
    id: `frame ${id}`,
    length: rowCount,
    outdated: false,
    slice(from, to) {
      const first = Math.max(0, from);
      return Array.from({ length: Math.max(0, Math.min(to, rowCount) - first) }, (_, index) => first + index);
    },
  };
}

function orderOf(id: string, ordinals: Int32Array, outdated: boolean): Order {
  return {
    id,
    length: ordinals.length,
    outdated,
    slice: (from, to) => [...ordinals.subarray(Math.max(0, from), Math.max(0, to))],
  };
}

async function readOrder(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  { nodes, shown, view }: ViewCall,
): Promise<Int32Array> {
  const { from, where, order } = await viewSql({ catalog, session, frame, nodes, shown }, view);
  const result = await session.connection.run(`select f.ordinal from ${from} where ${where} order by ${order}`);
  const chunks = await result.fetchAllChunks();
  const ordinals = new Int32Array(chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0));
  let place = 0;
  for (const chunk of chunks) {
    ordinals.set(chunk.getColumnValues(0) as number[], place);
    place += chunk.rowCount;
  }
  return ordinals;
}
