import type { Preparation, RunNews } from "./run-event.ts";

/** Tells what the steps of a run wait for, ten times a second at most: all calls of a step wait for the same file. */
export interface Preparations {
  /** How far it is; null when it is there, or was given up. */
  tell(node: string, preparation: Preparation | null): void;
}

const interval = 100;

interface Told {
  what: Preparation["what"];
  /** The newest, where it has not been told. */
  newest: Preparation | null;
  timer: NodeJS.Timeout | undefined;
}

export function createPreparations(emit: (news: RunNews) => void): Preparations {
  const told = new Map<string, Told>();

  function tellNow(node: string, preparation: Preparation): void {
    clearTimeout(told.get(node)?.timer);
    const timer = setTimeout(() => {
      const last = told.get(node)!;
      last.timer = undefined;
      if (last.newest !== null) tellNow(node, last.newest);
    }, interval).unref();
    told.set(node, { what: preparation.what, newest: null, timer });
    emit({ type: "prepare", node, preparation });
  }

  return {
    tell(node, preparation) {
      const last = told.get(node);
      if (preparation === null) {
        if (last === undefined) return;
        clearTimeout(last.timer);
        told.delete(node);
        return emit({ type: "prepare", node, preparation });
      }
      if (last?.timer !== undefined && last.what === preparation.what) last.newest = preparation;
      else tellNow(node, preparation);
    },
  };
}
