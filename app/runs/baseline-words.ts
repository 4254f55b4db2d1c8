import type { BesideBaseline, WorseResult } from "#server/workbench/beside-baseline.ts";
import type { RunWord } from "./run-words";

/** What a comparison with a baseline comes to, as a word. */
export function verdictWord(verdict: BesideBaseline["verdict"]): RunWord {
  switch (verdict) {
    case "pass":
      return { word: "not worse", tone: "good", shape: "check" };
    case "fail":
      return { word: "worse", tone: "bad", shape: "alert" };
    case "open":
      return { word: "open", tone: "wait", shape: "wait" };
  }
}

/** A score with the labels it is at: `triage.correct, model small`. */
export function scoreName({ cell, at }: Pick<BesideBaseline["scores"][number], "cell" | "at">): string {
  return [cell, ...labelsOf(at)].join(", ");
}

/** A difference with its sign: `−0.250`. */
export function signed(difference: number): string {
  const digits = Math.abs(difference).toFixed(3);
  return difference === 0 ? digits : `${difference < 0 ? "−" : "+"}${digits}`;
}

/** The interval of a difference; empty where there is none. */
export function intervalText({ interval }: Pick<BesideBaseline["scores"][number], "interval">): string {
  return interval === null ? "" : `${signed(interval.low)} to ${signed(interval.high)}`;
}

/** Where a result is, `model small, row 17 “My card …”`; a row that is known by a hash by its text alone, where there is one. Empty outside sheets without labels. */
export function placeText({ labels, row, text }: Pick<WorseResult, "labels" | "row" | "text">): string {
  return [...labelsOf(labels), ...(row === null ? [] : [rowText(row, text)])].join(", ");
}

function rowText(row: string, text: WorseResult["text"]): string {
  const isHash = /^[0-9a-f]{32}/.test(row);
  if (text === null) return `row ${isHash ? row.slice(0, 8) : row}`;
  const shown = `“${cut(typeof text === "object" ? JSON.stringify(text) : String(text))}”`;
  return isHash ? `row ${shown}` : `row ${row} ${shown}`;
}

/** What became of a result that is worse: `passed, fails now`. */
export function howText({ then, now }: Pick<WorseResult, "then" | "now">): string {
  if (now?.outcome === "error") return "an error now";
  if (now?.outcome === "blocked") return "blocked now";
  if (then.pass === true && now?.pass === false) return "passed, fails now";
  return `${then.score?.toFixed(3) ?? "no score"} then, ${now?.score?.toFixed(3) ?? "no score"} now`;
}

function labelsOf(at: { readonly [axis: string]: string }): readonly string[] {
  return Object.entries(at).map(([axis, label]) => `${axis} ${label}`);
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
