import { addressText, coordinatesText } from "#server/notebook/address.ts";
import { cellKey } from "#server/notebook/cell-key.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import type { StoredResult, WorkItem } from "#server/tables/sheet-store.ts";
import type { ColumnRun } from "./column-step.ts";
import type { RecordedResult, RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { spentOn } from "./run-money.ts";
import { rowAddress } from "./sheet-frame.ts";

/** Tells of an error at the first row that has it. */
export function tellError(
  { node, told }: ColumnRun,
  { outcome, error, at, row }: StoredResult,
  context: RunContext,
): void {
  if (outcome !== "error" || error === null || told.has(error) || told.size >= mostErrorsTold) return;
  told.add(error);
  context.emit({ type: "result", address: rowAddress(node, at, row), outcome, error: JSON.parse(error) as CellError });
}

const mostErrorsTold = 20;

/** A result without a value, at the key and the input it has now. */
export function storedResult(
  run: ColumnRun,
  stored: WorkItem,
  { outcome, error, calls = [] }: { outcome: Outcome; error: CellError | null; calls?: readonly CallFacts[] },
): StoredResult {
  return {
    row: stored.row,
    at: stored.at,
    key: run.keys.get(coordinatesText(stored.at))!,
    input: stored.input ?? "",
    outcome,
    value: null,
    valueHash: null,
    error: error === null ? null : JSON.stringify(error),
    calls,
  };
}

/** A result of a row as the record of its run has it. */
export function recorded(run: ColumnRun, result: StoredResult, value: Value | undefined): RecordedResult {
  return {
    address: addressText(rowAddress(run.node, result.at, result.row)),
    cellKey: cellKey({ column: result.key, input: result.input }),
    callKeys: result.calls.map((call) => call.key),
    outcome: result.outcome,
    score: value?.type === "score" ? value.value.score : null,
    cost: spentOn(result.calls),
  };
}
