import type { ReadNotebook } from "./read-notebook.ts";
import { createRunClaims } from "./run-claims.ts";
import type { SessionState } from "./session-state.ts";

/** The state of a notebook of which nothing has been computed. `path` is its place, too. */
export function createSessionState(
  path: string,
  { notebook, graph, volatile }: Pick<ReadNotebook, "notebook" | "graph" | "volatile">,
): SessionState {
  return {
    path,
    place: path,
    notebook,
    graph,
    volatile,
    inputs: new Map(),
    results: new Map(),
    overrides: new Map(),
    rowOverrides: new Map(),
    notes: new Map(),
    stale: new Set(),
    open: new Set(),
    columns: new Map(),
    writes: new Map(),
    tableWrites: new Map(),
    frames: new Map(),
    rowChanges: new Map(),
    files: new Map(),
    durations: new Map(),
    claims: createRunClaims(),
  };
}
