import { writtenRows } from "#server/notebook/computed-rows.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import type { NodeView, NotebookView, ResultView } from "#server/workbench/view.ts";

/** Why a sheet's rows are not there, or are those of before, and the one next step. */
export interface AwaitedRows {
  readonly title: string;
  readonly text: string;
  readonly step: AwaitedStep;
}

export type AwaitedStep =
  | { readonly type: "run"; readonly node: string; readonly label: string }
  | { readonly type: "stop"; readonly run: string; readonly node: string; readonly label: string }
  /** To a cell, by its path: null is the inputs. */
  | { readonly type: "go"; readonly cell: string | null; readonly label: string };

type View = Pick<NotebookView, "nodes" | "results" | "sheets" | "head" | "cells">;

/** What a sheet whose rows are not settled waits for. */
export function awaitedRows(sheet: string, view: View): AwaitedRows {
  const blocked = view.nodes[sheet]?.blocked ?? null;
  const problem = view.sheets[sheet]?.problem ?? null;
  const rows = view.sheets[sheet]?.rows ?? null;
  const go = (cell: string | null, label: string): AwaitedStep => ({ type: "go", cell, label });
  if (rows === null)
    return {
      title: "No cell gives the rows yet",
      text: `Name one whose value is a table or a list: “rows:” in the settings of ${sheet}.`,
      step: go(sheet, `Settings of ${sheet}`),
    };
  if (problem !== null)
    return {
      title: "The rows cannot be opened",
      text: [`${problem.message}.`, problem.cure ?? ""].filter((words) => words !== "").join(" "),
      step: go(sheet, `Settings of ${sheet}`),
    };
  if (rows === writtenRows && blocked === null) return ofList(sheet, view);
  const source = view.nodes[rows] ?? view.nodes[rows.split(".at(")[0]!];
  if (source !== undefined) return ofCell(rows, source, sheet, view);
  const input = view.head.head.inputs.find(({ name }) => name === rows);
  if (input !== undefined)
    return {
      title: `The rows are the input ${rows}`,
      text:
        input.type === "table"
          ? "It has no table yet: choose a file for it, or give it rows."
          : "It has no list yet: give it one.",
      step: go(null, `Go to ${rows}`),
    };
  return {
    title: `The rows come from ${rows}`,
    text: problemText(blocked, rows),
    step: go(sheet, `Settings of ${sheet}`),
  };
}

/** Of a list that stands in the settings: it is there as soon as it is computed. */
function ofList(sheet: string, { head }: View): AwaitedRows {
  const title = "The rows are a list in the settings";
  if (!head.head.trusted)
    return {
      title,
      text: "It runs once this notebook is trusted: look through it first.",
      step: { type: "go", cell: sheet, label: `Settings of ${sheet}` },
    };
  return { title, text: "It has not been run yet.", step: { type: "run", node: sheet, label: `Run ${sheet}` } };
}

function ofCell(rows: string, source: NodeView, sheet: string, view: View): AwaitedRows {
  const title = `The rows come from ${rows}`;
  const { progress } = source;
  if (progress !== null)
    return {
      title,
      text: progress.state === "running" ? "It is running." : "It runs as soon as what it reads is there.",
      step: { type: "stop", run: progress.run, node: source.id, label: `Stop ${source.name}` },
    };
  const go: AwaitedStep = { type: "go", cell: source.cells[0] ?? null, label: `Go to ${source.name}` };
  if (source.blocked !== null) return { title, text: problemText(source.blocked, rows), step: go };
  if (!view.head.head.trusted)
    return { title, text: "It runs once this notebook is trusted: look through it first.", step: go };
  const result = source.addresses.map((address) => view.results[address]).find((each) => each !== undefined);
  if (result?.waiting != null) return { title, text: `It waits: ${result.waiting.message}`, step: go };
  if (result?.outcome === "error" && result.freshness.state === "current")
    return { title, text: problemText(result.error, rows), step: go };
  const isComputed = String(view.cells[sheet]?.configuration["rows"]).replace(/^=\s*/, "") !== rows;
  if (result?.freshness.state === "current" && result.value !== null && !mayGiveRows(result.value, isComputed))
    return { title, text: `Its value is neither a table nor a list: it is of type ${result.value.type}.`, step: go };
  if (result?.outcome === "skipped" && result.freshness.state === "current")
    return { title, text: "It was skipped, and so is this sheet.", step: go };
  return { title, text: whyNot(result), step: { type: "run", node: source.id, label: `Run ${source.name}` } };
}

/** Whether rows can come of a value: it is a table or a list, or what `rows` computes may find one in it. */
function mayGiveRows(value: Value, isComputed: boolean): boolean {
  if (value.type === "json") return isComputed || Array.isArray(value.value);
  return value.type === "table" || value.type === "messages";
}

function whyNot(result: ResultView | undefined): string {
  if (result?.outcome === "blocked") return `It waits for ${result.because.join(", ") || "what it reads"}.`;
  if (result?.freshness.state !== "stale") return "It has not been run yet.";
  const { reasons } = result.freshness;
  return reasons.length === 0 ? "It is stale." : `It is stale because of ${reasons.join(", ")}.`;
}

function problemText(error: CellError | null, rows: string): string {
  if (error === null) return `There is no ${rows} in this notebook.`;
  return [`It failed: ${error.message}.`, error.cure ?? ""].filter((words) => words !== "").join(" ");
}
