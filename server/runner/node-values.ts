import type { Item } from "#server/notebook/cell-kind.ts";
import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { callSums } from "#server/notebook/call-sums.ts";
import { coordinatesRead } from "#server/notebook/cell-key.ts";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import { continuesOnError } from "#server/notebook/continues-on-error.ts";
import type { ConditionRead, Node, Read, RowsRead, Sheet } from "#server/notebook/graph-node.ts";
import { foldName } from "#server/notebook/names.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import { readsAt } from "#server/notebook/wording-reads.ts";
import { callsWithRepeats } from "./calls-with-repeats.ts";
import { noInputValue } from "./input-value.ts";
import type { Outcome } from "./run-event.ts";
import type { SessionState } from "./session-state.ts";

/** What one read comes to: a value, or why there is none. */
export type ReadValue =
  | {
      readonly type: "value";
      readonly value: Value;
      readonly calls: readonly CallFacts[];
      readonly outcome: Outcome;
      /** Where a person's own value stands before the result. */
      readonly override?: "locked" | "edited";
    }
  | { readonly type: "skipped" }
  /** `failed`: because of an error, and not because it is still to come. `result` is what is there without being a value. */
  | { readonly type: "missing"; readonly because: string; readonly failed: boolean; readonly result?: NoValue }
  | { readonly type: "error"; readonly error: CellError };

/** How a result came out that has no value. */
export interface NoValue {
  readonly outcome: Exclude<Outcome, "ok" | "skipped">;
  readonly error: CellError | null;
  readonly because?: readonly string[];
}

/** What all reads of an address come to together. */
export type Gathered =
  | {
      readonly type: "ready";
      readonly inputs: Item<unknown>["inputs"];
      readonly meta: Item<unknown>["meta"];
      readonly skipped: readonly string[];
    }
  | { readonly type: "skipped" }
  /** `failed`: all that is missing is so because of errors. */
  | { readonly type: "blocked"; readonly because: readonly string[]; readonly failed: boolean }
  /** A part of the cell itself has no value: the cell comes out as that did. */
  | ({ readonly type: "as its part" } & Required<NoValue>)
  | { readonly type: "error"; readonly error: CellError };

/**
 * Puts together what an address reads, at the labels `at`. A skipped value skips the reader unless it is read tolerantly (then it is absent) or
 * listed in `optional` (then null); an error blocks it unless the cell that failed has `continue_on_error`. An input without
 * a value is the reader's own error.
 */
export function gather(node: Node, at: Coordinates, valueOf: (read: Read) => ReadValue | null): Gathered {
  const { optional, lookedAt } = tolerances(node);
  const inputs: { [name: string]: Value } = {};
  const meta: { [name: string]: { readonly [fact: string]: Datum } } = {};
  const because: string[] = [];
  let failed = true;
  const tolerated: string[] = [];
  let skipped = false;
  let part: NoValue | null = null;
  for (const read of readsAt(node, at)) {
    const value = valueOf(read);
    if (value === null) continue;
    switch (value.type) {
      case "value":
        if (read.type === "meta") meta[read.as] = facts(value);
        else if (read.type !== "condition") inputs[read.as] = value.value;
        break;
      case "skipped":
        if (isOptional(read, optional)) {
          // The row itself has null there.
          if (read.type !== "row") inputs[read.as] = { type: "null" };
        } else if (lookedAt.has(nameOf(read))) tolerated.push(nameOf(read));
        else skipped = true;
        break;
      case "missing":
        because.push(wholeOf(value.because));
        failed &&= value.failed;
        // What went wrong says more than what was stopped or still waits.
        if (node.reduces && part?.outcome !== "error") part = value.result ?? part;
        break;
      case "error":
        return value;
    }
  }
  if (part !== null) return asItsPart(part);
  if (because.length > 0) return { type: "blocked", because: [...new Set(because)], failed };
  // Of repeats that are made one value some may be skipped, but not all.
  const nothing = node.reduces && tolerated.length > 0 && Object.keys(inputs).length === 0;
  if (skipped || nothing) return { type: "skipped" };
  return { type: "ready", inputs, meta, skipped: tolerated };
}

/** How a cell comes out whose part has no value: the text so far of a repeat is no text of the cell. */
export function asItsPart({
  outcome,
  error,
  because = [],
}: NoValue): Extract<Gathered, { readonly type: "as its part" }> {
  return { type: "as its part", outcome: outcome === "partial" ? "cancelled" : outcome, error, because };
}

interface Tolerances {
  /** Names listed in `optional`, folded. */
  readonly optional: ReadonlySet<string>;
  /** Names read tolerantly somewhere: the cell itself looks at them, and where it then uses the value it is skipped there. */
  readonly lookedAt: ReadonlySet<string>;
}

const known = new WeakMap<Node, Tolerances>();

/** What of a node's reads may be skipped, worked out once: there may be many addresses. */
function tolerances(node: Node): Tolerances {
  let found = known.get(node);
  if (found === undefined) {
    const optional = new Set(listOf(node.wordings[0]!.configuration.values["optional"]).map(foldName));
    const lookedAt = new Set(node.reads.flatMap((read) => (read.reference.tolerant ? [nameOf(read)] : [])));
    known.set(node, (found = { optional, lookedAt }));
  }
  return found;
}

/** The name under which a skipped read stands: one of the row's columns by itself. */
function nameOf(read: Read): string {
  return read.type === "row" ? `row.${read.column}` : read.as;
}

/** Whether the name is listed, whatever its labels or its sign. */
function isOptional({ as, reference }: Read, optional: ReadonlySet<string>): boolean {
  return [reference.name, as, [reference.name, ...reference.path].join(".")].some((name) =>
    optional.has(foldName(name)),
  );
}

/** A result as its readers get it. */
export function readResult(
  name: string,
  result:
    | {
        readonly outcome: Outcome;
        readonly value: Value | null;
        readonly error: CellError | null;
        readonly calls: readonly CallFacts[];
        readonly because?: readonly string[];
      }
    | undefined,
  continues: boolean,
): ReadValue {
  if (result === undefined) return { type: "missing", because: name, failed: false };
  const { outcome, value, error, calls } = result;
  switch (outcome) {
    case "ok":
      return { type: "value", value: value ?? { type: "null" }, calls, outcome };
    case "skipped":
      return { type: "skipped" };
    case "error":
      return continues && error !== null
        ? { type: "value", value: { type: "error", value: error }, calls, outcome }
        : { type: "missing", because: name, failed: true, result: { ...result, outcome } };
    case "blocked":
    case "cancelled":
    case "partial":
      return { type: "missing", because: name, failed: isFailed(result), result: { ...result, outcome } };
  }
}

/** Why a sheet is not computed, with the read that decides it. */
export type ClosedSheet = Extract<ReadValue, { readonly type: "skipped" | "missing" }> & {
  readonly by: ConditionRead | RowsRead;
};

/** Why a sheet is not computed at all: its `when` says so or has no value, or there are no rows. Null where it is, or its rows have yet to be computed. */
export function closedSheet(sheet: Sheet, state: SessionState): ClosedSheet | null {
  const by = sheet.condition;
  const decided = by === null ? null : scalarRead(by, {}, state, new Map());
  return by !== null && (decided?.type === "skipped" || decided?.type === "missing")
    ? { ...decided, by }
    : closedRows(sheet, state);
}

/** Why a sheet's rows are not there and will not come: what gives them was skipped, or came out without a value. */
export function closedRows({ rows }: Sheet, state: SessionState): ClosedSheet | null {
  if (rows === null || rows.type === "input") return null;
  const { blocked } = state.graph.nodes.get(rows.node)!;
  if (blocked !== null) return { type: "missing", because: rows.as, failed: false, by: rows };
  const value = scalarRead(rows, {}, state, new Map());
  switch (value?.type) {
    case "skipped":
      return { ...value, by: rows };
    case "missing":
      return value.result === undefined ? null : { ...value, by: rows };
    case "value":
    case "error":
    case undefined:
      return null;
  }
}

/** Why there are no results of a column, as its sheet is to its readers; null where there are. */
export function closedResults({ node }: { readonly node: string }, state: SessionState): ClosedSheet | null {
  const { sheet } = state.graph.nodes.get(node)!;
  const closed = sheet === null ? null : closedSheet(state.graph.sheets.get(sheet)!, state);
  return closed?.type === "missing" ? { ...closed, because: sheet! } : closed;
}

/** The value of a read outside sheets; null for what is no value (labels, rows) or is handed over elsewhere (all results). */
export function scalarRead(
  read: Read,
  at: Coordinates,
  state: SessionState,
  files: ReadonlyMap<string, ReadValue>,
): ReadValue | null {
  switch (read.type) {
    case "input": {
      const input = state.inputs.get(read.input);
      return input === undefined
        ? { type: "error", error: noInputValue(read.input, state.graph.front) }
        : { type: "value", value: input.value, calls: [], outcome: "ok" };
    }
    case "file":
      return files.get(read.path) ?? null;
    case "node":
    case "meta": {
      const target = state.graph.nodes.get(read.node);
      if (target === undefined) return { type: "missing", because: read.as, failed: false };
      const address = addressText({ cell: read.node, at: coordinatesRead(read, target.axes, at) });
      const override = state.overrides.get(address);
      if (override !== undefined) {
        return { type: "value", value: override.value, calls: [], outcome: "ok", override: override.type };
      }
      const result = state.results.get(address);
      const found = readResult(target.name, result, continuesOnError(target));
      return read.type === "meta" && found.type === "value" && result !== undefined
        ? { ...found, calls: callsWithRepeats(target, result.address.at, state) }
        : found;
    }
    case "condition":
      return readResult(read.node, state.results.get(addressText({ cell: read.node, at: {} })), false);
    case "results":
      // What only counts them has nothing to count.
      return read.form === "counts" ? null : closedResults(read, state);
    case "after":
    case "row":
    case "vary":
    case "bound":
    case "calls":
      return null;
  }
}

/** The code of an expression that used a skipped value: its cell is skipped with it. */
export const skippedCode = "language.skipped";

/**
 * Facts of a result for `meta(…)`, with the names and meanings of `meta` in SQL: sums over its calls, of repeats that are made one value over theirs. A cost is null where a call has no
 * price, tokens where no call tells them; without calls the cost is 0, and latency, `cached` and `model` are null.
 */
export function facts({ value, calls, outcome, override }: Extract<ReadValue, { readonly type: "value" }>): {
  readonly [fact: string]: Datum;
} {
  const { cost, input, output, latency, cached } = callSums(calls);
  return {
    cost,
    input_tokens: input,
    output_tokens: output,
    latency,
    cached,
    cut_off: calls.length === 0 ? null : calls.some(({ cutOff }) => cutOff === true),
    calls: calls.length,
    model: calls[0]?.model ?? null,
    // What is read is always settled.
    state: override ?? "current",
    outcome,
    error: value.type === "error" ? value.value.message : null,
  };
}

function listOf(value: Datum | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
