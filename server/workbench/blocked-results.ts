import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import { coordinatesRead } from "#server/notebook/cell-key.ts";
import type { Read } from "#server/notebook/graph-node.ts";
import { continuesOnError } from "#server/notebook/continues-on-error.ts";
import { isPartOfSheet } from "#server/notebook/part-of-cell.ts";
import { gather, readResult, type ReadValue } from "#server/runner/node-values.ts";
import type { SessionState } from "#server/runner/session-state.ts";

type Known = Pick<SessionState, "graph" | "results" | "overrides" | "stale">;

/**
 * The addresses outside sheets at which a run would find nothing to compute with, by their texts, with the cells in the way by name: what
 * they read has a mistake, failed, waits, or is blocked so itself. The run's own rule decides. What a run may mend is in nobody's way: what is
 * stale, was stopped, or has not run.
 */
export function blockedResults(state: Known): ReadonlyMap<string, readonly string[]> {
  const blocked = new Map<string, readonly string[]>();
  for (const node of state.graph.nodes.values()) {
    if (node.sheet !== null || node.blocked !== null) continue;
    const foreseen = (read: Read, at: Coordinates): ReadValue | null => foresee(read, at, state, blocked);
    for (const at of variantsOf(node.axes)) {
      const gathered = gather(node, at, (read) => foreseen(read, at));
      if (gathered.type === "blocked") blocked.set(addressText({ cell: node.id, at }), gathered.because);
    }
  }
  return blocked;
}

/** What a read will come to; null where it has a value or only a run can tell. */
function foresee(
  read: Read,
  at: Coordinates,
  state: Known,
  blocked: ReadonlyMap<string, readonly string[]>,
): ReadValue | null {
  const { graph, results, overrides, stale } = state;
  const column = read.type === "results" && read.form !== "counts" ? graph.nodes.get(read.node) : undefined;
  if (column !== undefined && column.sheet !== null && blocked.has(column.sheet))
    return { type: "missing", because: column.sheet, failed: true };
  if (read.type !== "node" && read.type !== "meta" && read.type !== "condition") return null;
  const target = graph.nodes.get(read.node);
  if (target === undefined || target.sheet !== null) return null;
  const address = addressText({ cell: target.id, at: coordinatesRead(read, target.axes, at) });
  if (overrides.has(address)) return null;
  const because = blocked.get(address);
  // Of a part of a sheet people see what is in its way.
  if (because !== undefined)
    return { type: "missing", because: isPartOfSheet(target.id) ? because[0]! : target.name, failed: true };
  const result = results.get(address);
  const stands = result !== undefined && !stale.has(address) && (result.outcome === "error" || result.waiting !== null);
  return stands || target.blocked !== null ? readResult(target.name, result, continuesOnError(target)) : null;
}
