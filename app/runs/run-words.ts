import type { Scope } from "#server/notebook/plan.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { RunEnd, RunResult } from "#server/store/store.ts";

/** What was asked of a run, in words. */
export function scopeText(recorded: Datum): string {
  const scope = recorded as unknown as Scope | { readonly type: "automatic" };
  switch (scope.type) {
    case "automatic":
      return "by itself, on a grant";
    case "stale":
      return "All that was stale";
    case "all":
      return "Everything";
    case "cells":
    case "outputs":
      return scope.cells.join(", ");
    case "columns":
      return scope.columns.map(({ cell, at }) => [cell, ...Object.values(at)].join(" ")).join(", ");
    case "only":
      return `${scope.cell} alone`;
    case "downstream":
      return `${scope.cell} and what reads it`;
    case "address": {
      const { cell, at } = scope.address;
      const labels = Object.entries(at).map(([axis, label]) => `${axis} ${label}`);
      return labels.length === 0 ? `${cell} again` : `${cell} again at ${labels.join(", ")}`;
    }
  }
}

/** A state as a word, with the tone it is shown in and the shape that goes with it. */
export interface RunWord {
  readonly word: string;
  readonly tone: "good" | "bad" | "wait" | "busy" | "";
  readonly shape: "check" | "alert" | "wait" | "running" | "stopped";
}

/** How a run ended, or that it has not. */
export function outcomeWord({
  end,
  interrupted,
  failed = 0,
}: {
  readonly end: RunEnd | null;
  readonly interrupted: boolean;
  /** How many of its results are errors. */
  readonly failed?: number;
}): RunWord {
  if (interrupted) return { word: "interrupted", tone: "bad", shape: "alert" };
  switch (end?.outcome) {
    case undefined:
      return { word: "under way", tone: "busy", shape: "running" };
    case "done":
      if (failed > 0) return { word: `done, ${failed.toLocaleString("en")} failed`, tone: "bad", shape: "alert" };
      return { word: "done", tone: "good", shape: "check" };
    case "cancelled":
      return { word: "stopped", tone: "", shape: "stopped" };
    case "budget":
      return { word: "budget spent", tone: "wait", shape: "wait" };
    case "failed":
      return { word: "failed", tone: "bad", shape: "alert" };
    case "waiting":
      return { word: "waits", tone: "wait", shape: "wait" };
  }
}

/** How one result of a run came out. */
export function resultWord(outcome: RunResult["outcome"]): RunWord {
  switch (outcome) {
    case "ok":
      return { word: "computed", tone: "good", shape: "check" };
    case "error":
      return { word: "error", tone: "bad", shape: "alert" };
    case "skipped":
      return { word: "skipped", tone: "", shape: "stopped" };
    case "blocked":
      return { word: "blocked", tone: "wait", shape: "wait" };
    case "cancelled":
      return { word: "stopped", tone: "", shape: "stopped" };
    case "partial":
      return { word: "partial", tone: "wait", shape: "wait" };
  }
}
