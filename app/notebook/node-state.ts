import { parseAddress } from "#server/notebook/address.ts";
import type { CellView, NodeView, NotebookView, ProgressView, ResultView } from "#server/workbench/view.ts";
import { mistakeOf } from "./mistake-of";
import { columnState, sheetState } from "./sheet-state";
import { shownState, type ShownState, type StateFields } from "./shown-state";

type Known = Pick<NotebookView, "cells" | "nodes" | "results" | "sheets" | "streams">;

/** The state of one result outside sheets, with what its node is doing. */
export function resultState(
  result: ResultView,
  node: NodeView | undefined,
  view: Pick<NotebookView, "cells" | "streams">,
  clock: () => number,
): ShownState {
  return shownState({ ...fieldsOf(result, node, view.cells, clock), tokens: tokensOf([view.streams[result.address]]) });
}

/** The one state that stands for all variants of a node: the one a person should know of first. */
export function nodeState(node: NodeView, view: Known, clock: () => number): ShownState {
  if (node.kind === "sheet") return sheetState(node, view, clock);
  if (node.sheet !== null) return columnState(node, view, clock);
  const { progress, blocked } = node;
  if (progress !== null && (progress.state === "running" || node.addresses.length === 0))
    return shownState({
      status: progress.state,
      elapsed: progress.since === null ? null : clock() - progress.since,
      preparation: progress.preparation,
      tokens: tokensOf(node.addresses.map((address) => view.streams[address])),
      freshness: { state: "never" },
      outcome: null,
    });
  if (blocked !== null)
    return shownState({ status: "idle", freshness: { state: "current" }, outcome: "error", error: blocked });
  const states = node.addresses.flatMap((address) => {
    const result = view.results[address];
    return result === undefined ? [] : [fieldsOf(result, node, view.cells, clock)];
  });
  if (states.length === 0) return shownState({ status: "idle", freshness: { state: "never" }, outcome: null });
  return shownState(states.reduce((worst, each) => (urgency(each) > urgency(worst) ? each : worst)));
}

/** About how many tokens streams have brought: four characters are one. */
function tokensOf(streams: readonly (string | undefined)[]): number | null {
  const characters = streams.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return characters === 0 ? null : Math.ceil(characters / 4);
}

/** The state of a cell; of a wording that of its own variants. */
export function cellState(
  { label }: Pick<CellView, "label">,
  node: NodeView,
  view: Known,
  clock: () => number,
): ShownState {
  if (label === null) return nodeState(node, view, clock);
  const own = node.addresses.filter((address) => parseAddress(address).at["prompt"] === label);
  return nodeState(own.length === 0 ? node : { ...node, addresses: own }, view, clock);
}

function fieldsOf(
  result: ResultView,
  node: NodeView | undefined,
  cells: NotebookView["cells"],
  clock: () => number,
): StateFields {
  const { freshness, outcome, waiting, because, error, calls } = result;
  const progress = node?.progress ?? null;
  const status = progress === null || isDone(result, progress) ? "idle" : progress.state;
  // What would have to be run, and cannot be as it is written, has failed before it is.
  const isOpen = status === "idle" && (freshness.state === "never" || freshness.state === "stale");
  const mistake = isOpen && node !== undefined ? mistakeOf(node, cells, result.address) : null;
  if (mistake !== null) return { status, freshness: { state: "current" }, outcome: "error", error: mistake };
  return {
    status,
    elapsed: progress?.since == null ? null : clock() - progress.since,
    preparation: progress?.preparation ?? null,
    freshness,
    outcome,
    waiting,
    because,
    error,
    cached: calls.length > 0 && calls.every((call) => call.cached),
  };
}

/** Whether a run that is on has nothing to do for a result, or is through with it. */
function isDone({ freshness, outcome, computedAt }: ResultView, { since }: ProgressView): boolean {
  if (freshness.state !== "current") return freshness.state === "locked" || freshness.state === "edited";
  return outcome === "ok" || outcome === "skipped" || (since !== null && (computedAt ?? 0) >= since);
}

function urgency({ status, freshness, outcome, waiting }: StateFields): number {
  if (status === "running") return 9;
  if (status === "queued") return 8;
  if (waiting != null) return 7;
  if (outcome === "error" && freshness.state === "current") return 6;
  if (outcome === "blocked") return 5;
  if (freshness.state === "stale") return 4;
  if (outcome === "partial" || outcome === "cancelled") return 3;
  return freshness.state === "never" ? 2 : 1;
}
