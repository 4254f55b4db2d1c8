import type { Freshness } from "#server/notebook/freshness.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { CellError } from "#server/notebook/value.ts";
import { nameOfPart } from "#server/notebook/part-names.ts";
import type { Outcome, Preparation } from "#server/runner/run-event.ts";
import { preparationWords } from "./preparation-words";

/** What is known of a result, or of a whole cell: what it is doing, how it stands, and what came of it. */
export interface StateFields {
  readonly status: "idle" | "queued" | "running";
  /** Milliseconds it has been running. */
  readonly elapsed?: number | null;
  /** About how many tokens have come; null where it is no answer of a model, or none have. */
  readonly tokens?: number | null;
  /** What it waits for before anything can come. */
  readonly preparation?: Preparation | null;
  readonly freshness: Freshness;
  readonly outcome: Outcome | null;
  readonly waiting?: WaitingOn | null;
  readonly because?: readonly string[];
  readonly error?: CellError | null;
  /** Whether all it took came from the journal. */
  readonly cached?: boolean;
}

/** A state as it is shown: never by colour alone. */
export interface ShownState {
  readonly icon:
    | "never"
    | "queued"
    | "running"
    | "waiting"
    | "current"
    | "cached"
    | "stale"
    | "locked"
    | "edited"
    | "skipped"
    | "blocked"
    | "partial"
    | "cancelled"
    | "error";
  readonly word: string;
  /** A whole sentence: why, and what to do. */
  readonly tooltip: string;
  readonly tone: "quiet" | "busy" | "good" | "stale" | "bad" | "cache";
}

/** The one function from the state's fields to icon, word and tooltip. What is going on stands before what was. */
export function shownState(fields: StateFields): ShownState {
  const { status, freshness, outcome, waiting = null, because = [], error = null, cached = false } = fields;
  if (status === "running") return running(fields);
  if (status === "queued")
    return { icon: "queued", word: "queued", tooltip: "It runs as soon as what it reads is there.", tone: "busy" };
  if (waiting !== null) return { icon: "waiting", word: waitingWord(waiting), tooltip: waiting.message, tone: "stale" };
  switch (freshness.state) {
    case "locked":
      return {
        icon: "locked",
        word: "locked",
        tooltip: "Its value is fixed by hand: no run changes it.",
        tone: "quiet",
      };
    case "edited":
      return {
        icon: "edited",
        word: "edited by hand",
        tooltip: "A person's value stands in place of the computed one.",
        tone: "quiet",
      };
    case "never":
      if (outcome === null)
        return { icon: "never", word: "never run", tooltip: "It has not been run yet.", tone: "quiet" };
      break;
    case "stale": {
      const names = [...new Set(freshness.reasons.map(reasonWord))].join(", ");
      const why = names === "" ? "stale" : `stale: ${names}`;
      return {
        icon: "stale",
        word: why,
        tooltip:
          names === "" ? "What it depends on changed." : `Stale because of ${names}. Run it to bring it up to date.`,
        tone: "stale",
      };
    }
    case "current":
      break;
  }
  switch (outcome) {
    case null:
      return { icon: "never", word: "never run", tooltip: "It has not been run yet.", tone: "quiet" };
    case "ok":
      return cached
        ? {
            icon: "cached",
            word: "from cache",
            tooltip: "The same call was answered before: this cost nothing.",
            tone: "cache",
          }
        : { icon: "current", word: "current", tooltip: "It is as it would be if it were run now.", tone: "good" };
    case "skipped":
      return {
        icon: "skipped",
        word: "skipped",
        tooltip: "Its `when` is false, or what it reads was skipped.",
        tone: "quiet",
      };
    case "blocked":
      return {
        icon: "blocked",
        word: because.length === 0 ? "blocked" : `blocked by ${because.join(", ")}`,
        tooltip: error === null ? "What it reads has no value." : sentence(error),
        tone: "stale",
      };
    case "partial":
      return {
        icon: "partial",
        word: "partial",
        tooltip: "It was stopped: this is what had come. Run it to have the whole.",
        tone: "stale",
      };
    case "cancelled":
      return { icon: "cancelled", word: "cancelled", tooltip: "It was stopped before anything came.", tone: "quiet" };
    case "error":
      return { icon: "error", word: "error", tooltip: error === null ? "It failed." : sentence(error), tone: "bad" };
  }
}

/** A part of a key in a word: a name, of a variant without its labels, or what of the cell's own changed. */
function reasonWord(reason: string): string {
  switch (reason) {
    case "source":
      return "its text";
    case "settings":
      return "its settings";
    case "model":
      return "its model";
    default:
      if (reason.startsWith("rows(")) return "its list of rows";
      return nameOfPart(reason).replace(/\{.*\}$/, "");
  }
}

function running({ elapsed = null, tokens = null, preparation = null }: StateFields): ShownState {
  if (preparation !== null) {
    const tooltip = "It runs as soon as that is there; it is needed once.";
    return { icon: "running", word: preparationWords(preparation), tooltip, tone: "busy" };
  }
  const time = elapsed === null ? "" : ` ${(Math.max(0, elapsed) / 1000).toFixed(1)} s`;
  const sofar = tokens === null ? "" : ` · ≈ ${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}`;
  return { icon: "running", word: `running${time}${sofar}`, tooltip: "It is running now.", tone: "busy" };
}

function waitingWord({ reason, subject }: WaitingOn): string {
  switch (reason) {
    case "licence":
      return `waiting for your consent to ${subject}`;
    case "budget":
      return "waiting for a budget";
    case "batch":
      return "waiting for a batch";
    case "person":
      return "waiting for a person";
  }
}

function sentence({ message, cure, position }: CellError): string {
  const place = position === undefined ? "" : ` (line ${position.line}, column ${position.column})`;
  return `${message}${place}.${cure === undefined ? "" : ` ${cure}`}`;
}
