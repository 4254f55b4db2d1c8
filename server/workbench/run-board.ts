import { addressText } from "#server/notebook/address.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { runEstimate, type Estimate } from "#server/runner/estimate.ts";
import { noProgress } from "#server/runner/progress.ts";
import type { RunEvent } from "#server/runner/run-event.ts";
import type { Run } from "#server/runner/start-run.ts";
import type { RowScope } from "#server/notebook/plan.ts";
import type { NotebookView, ProgressView, RunView } from "./view.ts";

/** A run as it begins; over all rows and variants where it does not say which. */
export type BegunRun = Pick<RunView, "id" | "title" | "automatic" | "budget"> & Partial<Pick<RunView, "rows" | "at">>;

/** What the runs of a notebook are doing, as their events tell it. */
export interface RunBoard {
  readonly progress: ReadonlyMap<string, ProgressView>;
  readonly streams: NotebookView["streams"];
  readonly runs: NotebookView["runs"];
  /** Takes an event of a run. */
  take(event: RunEvent): void;
  /** A run that begins. */
  begin(run: BegunRun): void;
  /** Follows a run to its end. */
  follow(run: Run): void;
  /** Asks a person whether a run may spend what it would. */
  ask(id: string, estimate: Estimate): Promise<boolean>;
  /** A person's answer; false where nothing was asked. */
  answer(id: string, yes: boolean): boolean;
  run(id: string): Run | undefined;
  readonly busy: boolean;
  /** Resolves when no run is on that somebody asked for. */
  idle(): Promise<void>;
}

/** Runs that have ended and are still shown. */
const keptRuns = 8;

export function createRunBoard(now: () => number, changed: () => void): RunBoard {
  const progress = new Map<string, ProgressView>();
  const streams = new Map<string, string>();
  const runs = new Map<string, RunView>();
  const open = new Map<string, Run>();
  const questions = new Map<string, (yes: boolean) => void>();

  function forgetStreams(node: string): void {
    for (const address of streams.keys())
      if (address === node || address.startsWith(`${node}{`)) streams.delete(address);
  }

  /** What a run was at is at nothing any more. */
  function letGo(run: string): void {
    for (const [node, known] of progress)
      if (known.run === run) {
        progress.delete(node);
        forgetStreams(node);
      }
  }

  function update(id: string, change: Partial<RunView>): void {
    const known = runs.get(id);
    if (known !== undefined) runs.set(id, { ...known, ...change });
    changed();
  }

  function forget(): void {
    const ended = [...runs.values()].filter(({ endedAt }) => endedAt !== null);
    for (const { id } of ended.slice(0, Math.max(0, ended.length - keptRuns))) runs.delete(id);
  }

  return {
    progress,
    get streams() {
      return Object.fromEntries(streams);
    },
    get runs() {
      return Object.fromEntries(runs);
    },
    get busy() {
      return open.size > 0;
    },
    async idle() {
      while (open.size > 0) await Promise.allSettled([...open.values()].map(({ done }) => done));
    },
    take(event) {
      switch (event.type) {
        case "run-start":
          if (runs.get(event.run)?.automatic === false)
            for (const node of event.steps)
              progress.set(node, { ...noProgress, run: event.run, state: "queued", since: null, preparation: null });
          break;
        case "step-start":
          progress.set(event.node, {
            ...noProgress,
            total: event.total,
            run: event.run,
            state: "running",
            since: now(),
            preparation: null,
          });
          break;
        case "step-progress": {
          const known = progress.get(event.node);
          // A step that broke off may still have something to tell.
          if (known?.run !== event.run) break;
          progress.set(event.node, {
            ...event.progress,
            run: event.run,
            state: "running",
            since: known.since ?? now(),
            preparation: known.preparation,
          });
          break;
        }
        case "step-end":
          // Another run may have come to it meanwhile.
          if (progress.get(event.node)?.run === event.run) progress.delete(event.node);
          forgetStreams(event.node);
          break;
        case "text":
          streams.set(addressText(event.address), event.text);
          break;
        case "text-end":
          for (const address of event.addresses) streams.delete(addressText(address));
          break;
        case "result":
          streams.delete(addressText(event.address));
          break;
        case "rows":
          for (const address of streams.keys()) if (address.startsWith(`${event.node}{`)) streams.delete(address);
          break;
        case "money": {
          const { made, cached, cost, unpriced } = event;
          return update(event.run, { money: { made, cached, cost, unpriced } });
        }
        case "prepare": {
          const known = progress.get(event.node);
          if (known?.run === event.run) progress.set(event.node, { ...known, preparation: event.preparation });
          break;
        }
        case "estimate":
          return update(event.run, { estimate: runEstimate(event.estimate) });
        case "waiting":
          break;
        case "run-end":
          letGo(event.run);
          return update(event.run, { outcome: event.outcome, endedAt: now(), confirm: null });
      }
      changed();
    },
    begin({ rows = {}, at = [], ...run }) {
      runs.set(run.id, {
        ...run,
        rows: toldRows(rows),
        at,
        startedAt: now(),
        endedAt: null,
        outcome: null,
        money: { made: 0, cached: 0, cost: 0, unpriced: 0 },
        estimate: null,
        confirm: null,
        error: null,
      });
      forget();
      changed();
    },
    follow(run) {
      open.set(run.id, run);
      void run.done
        .catch((thrown: unknown) => {
          // It broke without an end of its own: nothing of it goes on, and nobody is asked any more.
          letGo(run.id);
          update(run.id, { error: toCellError(thrown), outcome: "failed", endedAt: now(), confirm: null });
        })
        .finally(() => {
          open.delete(run.id);
          questions.delete(run.id);
          changed();
        });
    },
    ask(id, estimate) {
      update(id, { confirm: estimate });
      return new Promise((resolve) => questions.set(id, resolve));
    },
    answer(id, yes) {
      const resolve = questions.get(id);
      questions.delete(id);
      update(id, { confirm: null });
      resolve?.(yes);
      return resolve !== undefined;
    },
    run: (id) => open.get(id),
  };
}

/** The most rows of a run that are told one by one. */
const mostToldRows = 1_000;

function toldRows(rows: RunView["rows"]): RunView["rows"] {
  const told = (scope: RowScope): RowScope =>
    scope.type === "rows" && scope.rows.length > mostToldRows ? { type: "stale" } : scope;
  return Object.fromEntries(Object.entries(rows).map(([sheet, scope]) => [sheet, told(scope)]));
}
