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

/** The interval of a difference; empty where there is none. */
export function intervalText({ interval }: Pick<BesideBaseline["scores"][number], "interval">): string {
  return interval === null ? "" : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
}

/** One result that is worse: `model small, row 8f3a1c02 "My card …": passed, fails now`. */
export function resultText({ labels, row, text, then, now }: WorseResult): string {
  const shown = text === null ? "" : ` “${cut(typeof text === "object" ? JSON.stringify(text) : String(text))}”`;
  const identity = row === null ? [] : [`row ${/^[0-9a-f]{32}/.test(row) ? row.slice(0, 8) : row}${shown}`];
  const place = [...labelsOf(labels), ...identity].join(", ");
  return `${place === "" ? "" : `${place}: `}${howText(then, now)}`;
}

function howText(then: WorseResult["then"], now: WorseResult["now"]): string {
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
