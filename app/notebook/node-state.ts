import { parseAddress } from "#server/notebook/address.ts";
import type { CellView, NodeView, NotebookView, ProgressView, ResultView } from "#server/workbench/view.ts";
import { columnState, sheetState } from "./sheet-state";
import { shownState, type ShownState, type StateFields } from "./shown-state";

/** The state of one result outside sheets, with what its node is doing. */
export function resultState(
  result: ResultView,
  node: NodeView | undefined,
  clock: () => number,
  stream?: string,
): ShownState {
  return shownState({ ...fieldsOf(result, node, clock), tokens: tokensOf([stream]) });
}

/** The one state that stands for all variants of a node: the one a person should know of first. */
export function nodeState(
  node: NodeView,
  view: Pick<NotebookView, "nodes" | "results" | "sheets" | "streams">,
  clock: () => number,
): ShownState {
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
    return result === undefined ? [] : [fieldsOf(result, node, clock)];
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
  view: Pick<NotebookView, "nodes" | "results" | "sheets" | "streams">,
  clock: () => number,
): ShownState {
  if (label === null) return nodeState(node, view, clock);
  const own = node.addresses.filter((address) => parseAddress(address).at["prompt"] === label);
  return nodeState(own.length === 0 ? node : { ...node, addresses: own }, view, clock);
}

function fieldsOf(result: ResultView, node: NodeView | undefined, clock: () => number): StateFields {
  const { freshness, outcome, waiting, because, error, calls } = result;
  const progress = node?.progress ?? null;
  return {
    status: progress === null || isDone(result, progress) ? "idle" : progress.state,
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
