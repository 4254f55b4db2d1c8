import { setMaxListeners } from "node:events";
import type { Node } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { cancelledCode, isOf, type CancelTarget } from "./cancel-target.ts";

/** The steps of a run, each of which can be stopped by itself. */
export interface StepStops {
  /** The signal of a step: null where it was stopped before it began. */
  signalOf(node: Node): AbortSignal | null;
  /** Stops the steps of a cell, those that are on and those to come. */
  stop(cell: string): void;
}

/** `run` ends all of them. */
export function createStepStops(run: AbortSignal): StepStops {
  const stopped: CancelTarget[] = [];
  const steps = new Map<string, AbortController>();
  return {
    signalOf(node) {
      if (stopped.some((target) => isOf({ cell: node.id, at: {} }, target))) return null;
      if (runsAtOnce(node)) return run;
      const own = new AbortController();
      // Every call of the step listens.
      setMaxListeners(0, own.signal);
      run.addEventListener("abort", () => own.abort(run.reason), { once: true });
      if (run.aborted) own.abort(run.reason);
      steps.set(node.id, own);
      return own.signal;
    },
    stop(cell) {
      stopped.push({ cell });
      for (const [node, own] of steps)
        if (isOf({ cell: node, at: {} }, { cell }))
          own.abort(new SheafError(cancelledCode, `\`${cell}\` was cancelled`));
    },
  };
}

/** Kinds that are done before anyone could stop them: they need no signal of their own. */
function runsAtOnce({ kind }: Node): boolean {
  return kind === null || kind.body === "template" || kind.body === "expressions" || kind.body === "cells";
}
