import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { shownState, type ShownState } from "../notebook/shown-state";
import { pictureOf, pictureOfDatum } from "../values/picture";
import { numberText } from "../values/value-summary";
import { tally } from "../results/repeats";

/** How a cell of results looks: one line of text, a mark for its state, and the verdict on it. */
export interface CellLook {
  readonly text: string;
  readonly tone: "plain" | "quiet" | "bad" | "busy";
  /** Null where the state needs no mark: it is current, or there is nothing. */
  readonly mark: ShownState["icon"] | null;
  /** The state in a word and in a sentence; empty where there is none to tell. */
  readonly word: string;
  readonly tooltip: string;
  readonly verdict: Verdict | null;
  /** Where its picture is had, for what is one. */
  readonly picture?: string | null;
}

export type Verdict = "pass" | "fail" | "open";

/** What goes on at a cell: it has its turn to come, or its text comes. */
export interface CellWork {
  readonly queued: boolean;
  readonly stream: string | null;
}

export const atRest: CellWork = { queued: false, stream: null };

/** The look of a result, of repeats the look of all of them. `scores` are those that judge them. */
export function cellLook(
  cells: readonly (SheetCell | null)[],
  { queued, stream }: CellWork,
  field: string | null = null,
  scores: readonly (SheetCell | null)[] = [],
): CellLook {
  const [only = null] = cells;
  if (stream !== null) return busy(stream, "running", "Its text is coming.");
  if (cells.length === 1) {
    if (queued && !isSettled(only)) return busy("queued", "queued", "It has its turn in the run that is on.");
    return only === null ? nothing : one(only, field, verdictOf(scores));
  }
  const there = cells.filter((cell) => cell !== null);
  if (queued && there.length < cells.length)
    return busy(`${there.length} of ${cells.length}`, "queued", "Some have their turn in the run that is on.");
  if (there.length === 0) return nothing;
  const looks = there.map((cell) => one(cell, field, null));
  const worst = looks.find(({ mark }) => mark === "error") ?? looks.find(({ mark }) => mark !== null) ?? looks[0]!;
  const text = foldedText(looks.map((look) => look.text));
  return { ...worst, text, verdict: verdictOf(scores) ?? verdictOf(there) };
}

const nothing: CellLook = { text: "", tone: "quiet", mark: null, word: "", tooltip: "", verdict: null };

const cutOff = {
  mark: "partial",
  word: "cut off",
  tooltip: "Its answer ended at the most tokens it may have.",
} as const;

function busy(text: string, mark: "queued" | "running", tooltip: string): CellLook {
  return { text, tone: "busy", mark, word: mark, tooltip, verdict: null };
}

function isSettled(cell: SheetCell | null): boolean {
  return cell !== null && cell.freshness.state !== "stale" && cell.outcome !== "error" && cell.outcome !== "blocked";
}

function one(cell: SheetCell, field: string | null, verdict: Verdict | null): CellLook {
  const { freshness, outcome, error } = cell;
  const value = field === null ? cell.value : valueOfFields(cell);
  const state = shownState({ status: "idle", freshness, outcome, error, cached: cell.cached === true });
  const hasMark = state.icon !== "current" && state.icon !== "never";
  const told =
    cell.cutOff === true && (!hasMark || state.icon === "cached")
      ? cutOff
      : hasMark
        ? { mark: state.icon, word: state.word, tooltip: state.tooltip }
        : { mark: null, word: "", tooltip: "" };
  switch (outcome) {
    case "error":
      return { ...told, text: error?.message ?? "failed", tone: "bad", verdict: null };
    case "skipped":
    case "cancelled":
    case "blocked":
      return { ...told, text: state.icon === "stale" ? outcome : state.word, tone: "quiet", verdict: null };
    case "partial":
    case "ok": {
      const own = value?.type === "score" ? verdictOfScore(value) : verdict;
      const tone = freshness.state === "stale" || value === null || value.type === "null" ? "quiet" : "plain";
      const shown = pictured(value, field);
      const inText = shown.picture?.startsWith("data:") === true;
      return {
        ...told,
        text: inText ? "picture" : value === null ? "" : cellText(value, field),
        tone,
        verdict: own,
        ...shown,
      };
    }
  }
}

/** A value whose fields can be read: of a cut one they are beside it. */
export function valueOfFields({ value, fields }: Pick<SheetCell, "value" | "fields">): Value | null {
  return fields === undefined ? value : { type: "json", value: fields };
}

function pictured(value: Value | null, field: string | null): { readonly picture?: string } {
  const picture =
    value === null
      ? null
      : field !== null && value.type === "json"
        ? pictureOfDatum(fieldOf(value.value, field))
        : pictureOf(value);
  return picture === null ? {} : { picture };
}

/** Answers of repeats as one: `card_arrival × 4, exchange_rate × 1`. */
export function foldedText(answers: readonly string[]): string {
  return tally(answers)
    .map(({ answer, count }) => `${answer} × ${count}`)
    .join(", ");
}

/** What scores say of an answer: of repeats, that all of them pass, or that one fails. */
function verdictOf(scores: readonly (SheetCell | null)[]): Verdict | null {
  const verdicts = scores.flatMap((score) =>
    score?.value?.type === "score" && score.freshness.state !== "stale" ? [verdictOfScore(score.value)] : [],
  );
  if (verdicts.length === 0) return null;
  return verdicts.includes("fail") ? "fail" : verdicts.includes("open") ? "open" : "pass";
}

function verdictOfScore({ value }: Extract<Value, { readonly type: "score" }>): Verdict {
  return value.pass === null ? "open" : value.pass ? "pass" : "fail";
}

/** A value in one line, and of an object one field. */
export function cellText(value: Value, field: string | null = null): string {
  switch (value.type) {
    case "null":
      return "";
    case "string":
      return oneLine(value.value);
    case "number":
      return numberText(value.value);
    case "boolean":
      return value.value ? "yes" : "no";
    case "json":
      return datumText(field === null ? value.value : fieldOf(value.value, field));
    case "table":
      return `${value.value.rowCount.toLocaleString("en")} ${value.value.rowCount === 1 ? "row" : "rows"}`;
    case "messages":
      return `${value.value.length} ${value.value.length === 1 ? "message" : "messages"}`;
    case "file":
    case "image":
      return value.value.name;
    case "chart":
      return value.value.title ?? value.value.kind;
    case "score":
      return value.value.score === null ? "unscored" : numberText(value.value.score);
    case "test":
      return value.value.verdict;
    case "error":
      return value.value.message;
  }
}

export function fieldOf(value: Datum, field: string): Datum {
  return isMapping(value) ? (value[field] ?? null) : null;
}

/** A plain datum in one line. */
export function datumText(datum: Datum): string {
  if (datum === null) return "";
  switch (typeof datum) {
    case "string":
      return oneLine(datum);
    case "boolean":
      return datum ? "yes" : "no";
    case "number":
    case "bigint":
      return numberText(datum);
    case "object":
      return oneLine(JSON.stringify(datum));
  }
}

/** Line breaks are shown, for a cell has one line. */
function oneLine(text: string): string {
  return text.replace(/^\s+/, "").replaceAll(/\s*\n\s*/g, " ⏎ ");
}
