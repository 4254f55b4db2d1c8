import { addressText, parseAddress, type Address } from "#server/notebook/address.ts";
import { cellKey } from "#server/notebook/cell-key.ts";
import type { Freshness } from "#server/notebook/freshness.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { CurrentNotes } from "#server/notebook/notes.ts";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import { callDetails, type CallDetail } from "./call-detail.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import type { Outcome } from "./run-event.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { withSheet } from "./sheet-opened.ts";
import { freshnessReader } from "./sheet-freshness.ts";
import { storedError } from "./stored-error.ts";

/** Everything that is known of one result. */
export interface ResultDetail {
  readonly address: Address;
  readonly freshness: Freshness;
  /** Null where it never ran. */
  readonly outcome: Outcome | null;
  /** The value that is shown, whole. */
  readonly value: Value | null;
  readonly error: CellError | null;
  readonly override: "locked" | "edited" | null;
  /** Names of what it reads that blocks it, where a run said so. */
  readonly because: readonly string[];
  /** The cell key at which it was computed; also of a result that a person's value stands before, where that is known. */
  readonly key: string | null;
  /** When it was computed, in milliseconds since 1970; null in a sheet, where the calls say when. */
  readonly at: number | null;
  /** Its calls, as they were sent and answered. */
  readonly calls: readonly CallDetail[];
  /** The row it is of, in a sheet. */
  readonly row: ResultRow | null;
  /** What people said of it. */
  readonly notes: CurrentNotes | null;
}

export interface ResultRow {
  readonly row: string;
  readonly columns: { readonly [column: string]: Datum };
}

/** Everything known of the result at an address; null where there is none: no such cell, variant or row, or the rows of its sheet are awaited. */
export async function resultDetail(text: string, state: SessionState, runtime: Runtime): Promise<ResultDetail | null> {
  const address = parseAddress(text);
  const node = state.graph.nodes.get(address.cell);
  if (node === undefined) return null;
  return node.sheet === null ? scalarDetail(address, state, runtime) : rowDetail(address, node, state, runtime);
}

async function scalarDetail(address: Address, state: SessionState, runtime: Runtime): Promise<ResultDetail | null> {
  const text = addressText(address);
  const freshness = deriveFreshness(state).get(text);
  if (freshness === undefined) return null;
  const override = state.overrides.get(text);
  const result = state.results.get(text);
  const calls = result === undefined ? [] : await callDetails(address, result.calls, state, runtime);
  const base = { address, freshness, calls, row: null, notes: state.notes.get(text) ?? null };
  const below = { key: result?.key ?? null, at: result?.at ?? null };
  if (override !== undefined) {
    const { type, value } = override;
    return { ...base, ...below, outcome: "ok", value, error: null, override: type, because: [] };
  }
  const { outcome = null, value = null, error = null, because = [] } = result ?? {};
  return { ...base, ...below, outcome, value, error, override: null, because };
}

async function rowDetail(
  address: Address,
  node: Node,
  state: SessionState,
  runtime: Runtime,
): Promise<ResultDetail | null> {
  const { tables } = runtime;
  const { [node.sheet!]: row, ...at } = address.at;
  if (row === undefined) return null;
  const text = addressText(address);
  const found = await withSheet(node.sheet!, wholeSheet, { state, tables }, async ({ frame, call }) => {
    const scope = { frame: frame.frame, from: 0, to: frame.rowCount, rows: [row] };
    const page = await tables.sheets.pageOf({ frame: frame.frame, rows: [row], columns: frame.columns });
    if (page.rows.length === 0) return null;
    const states = await tables.sheets.states({ ...scope, nodes: call.nodes, node: node.name });
    const status = states.find((one) => addressText({ cell: "", at: one.at }) === addressText({ cell: "", at }));
    if (status === undefined) return null;
    const [result] = await tables.sheets.results({ ...scope, node: node.name, variants: [at] });
    const columns = Object.fromEntries(frame.columns.map((name, index) => [name, page.columns[index]![0]!]));
    return { status, result, columns };
  });
  if (found === null) return null;
  const { status, result, columns } = found;
  return {
    address,
    freshness: freshnessReader(node, { state })(status),
    outcome: result?.outcome ?? null,
    value: result === undefined || result.value === null ? null : decodeValue(result.value),
    error: result === undefined ? null : storedError(result),
    override: result?.override ?? null,
    because: status.freshness === "stale-upstream" ? status.because : [],
    key: result === undefined || result.key === "" ? null : cellKey({ column: result.key, input: result.input }),
    at: null,
    calls: result === undefined ? [] : await callDetails(address, result.calls, state, runtime),
    row: { row, columns },
    notes: state.notes.get(text) ?? null,
  };
}
