import type { Coordinates } from "#server/notebook/address.ts";
import type { BodyLanguage, Effect, WaitingOn } from "#server/notebook/cell-kind.ts";
import type { Freshness } from "#server/notebook/freshness.ts";
import type { Diagnostic, Input } from "#server/notebook/notebook.ts";
import type { CaseValues } from "#server/notebook/notes.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { BudgetState } from "#server/runner/workspace-budgets.ts";
import type { RunEstimate } from "#server/store/store.ts";
import type { RowScope } from "#server/notebook/plan.ts";
import type { Outcome, Preparation, Progress } from "#server/runner/run-event.ts";
import type { FrameChanges } from "#server/tables/frame-changes.ts";
import type { VariantCounts } from "#server/tables/sheet-store.ts";

/**
 * An open notebook as a page sees it: plain data in sections of keyed entries, so that what changed is sent and nothing else. The
 * server derives it from the session; the page holds it in a store and puts patches into it.
 */
export interface NotebookView {
  readonly head: { readonly head: HeadView };
  /** Prose by the path of the cell it follows; what stands before the first cell has the key `""`. */
  readonly prose: { readonly [after: string]: ProseView };
  /** Cells by their path: `topic`, `topic.short` for a wording, `triage.correct` in a sheet. */
  readonly cells: { readonly [path: string]: CellView };
  /** Nodes by their id: a cell in its scope, `topic` and `triage.topic`. */
  readonly nodes: { readonly [id: string]: NodeView };
  /** Results outside sheets by the text of their address. */
  readonly results: { readonly [address: string]: ResultView };
  readonly sheets: { readonly [id: string]: SheetView };
  /** Texts of answers that are coming, by the text of their address. */
  readonly streams: { readonly [address: string]: string };
  /** The runs under way and the last that ended, by id. */
  readonly runs: { readonly [id: string]: RunView };
}

export type Section = keyof NotebookView;

/** What of a notebook is not a cell's. */
export interface HeadView {
  /** The file's path in the workspace. */
  readonly path: string;
  readonly title: string;
  /** The title as the front matter has it, which may be an expression. */
  readonly writtenTitle: string;
  /** Rises with every text the notebook has, also over a restart of the server. */
  readonly revision: number;
  readonly isNotebook: boolean;
  /** False: nothing runs by itself until somebody says so. */
  readonly trusted: boolean;
  /** The order of the page: prose and cells at the top, a wording's siblings one after another. */
  readonly order: readonly BlockRef[];
  readonly inputs: readonly InputView[];
  readonly outputs: readonly string[];
  readonly models: { readonly [alias: string]: Datum };
  readonly choose: { readonly [axis: string]: string };
  /** Sets of inputs kept under names. */
  readonly cases: readonly { readonly name: string; readonly values: CaseValues }[];
  readonly diagnostics: readonly Diagnostic[];
  readonly undo: string | null;
  readonly redo: string | null;
  /** When the text was last written to its file, milliseconds; null while a change is not. */
  readonly savedAt: number | null;
  /** Why it could not be written, or was deleted or renamed under us. */
  readonly fileProblem: CellError | null;
  /** US dollars spent by calls of this workspace since midnight; null where some have no price. */
  readonly spentToday: number;
  readonly unpricedToday: number;
  /** The budgets that hold for its calls: the day's and its own, as far as there are any. */
  readonly budgets: readonly Omit<BudgetState, "since">[];
  /** What cells may spend without being asked. */
  readonly grants: readonly GrantView[];
}

/** The grant of a cell by its name, and what is spent of it, US dollars. */
export interface GrantView {
  readonly cell: string;
  readonly budget: number;
  readonly spent: number;
}

export type BlockRef =
  | { readonly type: "prose"; readonly key: string }
  | { readonly type: "cell"; readonly path: string };

export interface InputView extends Input {
  /** What it is set to, a table by its name, a file as `StoredFile`; undefined where it has no value. */
  readonly value?: Datum;
  /** JSON of the value, where whole numbers in it lose digits or their type on the way to the page. */
  readonly json?: string;
}

export interface ProseView {
  /** The place of the segment, for `set-prose`. */
  readonly segment: number;
  /** What is edited of it; edits name it as their base. */
  readonly text: string;
  /** The white space before it and behind it, for `set-prose`. */
  readonly around: readonly [string, string];
  /** Sanitised: no HTML of the text's own. */
  readonly html: string;
}

export interface CellView {
  readonly path: string;
  readonly name: string;
  readonly label: string | null;
  readonly kind: string;
  /** Whether its kind is known. */
  readonly known: boolean;
  /** The text that `set-source` replaces: what is below the configuration, or where the kind has no body all of it. Edits name it as their base. */
  readonly source: string;
  /** The language it is in. */
  readonly language: BodyLanguage;
  /** As it is written. */
  readonly configuration: { readonly [key: string]: Datum };
  /** Its fields that are read before anything is computed, as they came out, where there are expressions among them. */
  readonly early?: { readonly [key: string]: Datum };
  /** The same as it is written, which `set-configuration-text` replaces; null where `source` has it, or another wording. */
  readonly settings: string | null;
  /** The node it computes at the top or in its sheet; null where it has none. */
  readonly node: string | null;
  /** The sheet it stands in. */
  readonly container: string | null;
  /** Paths of the cells inside. */
  readonly children: readonly string[];
  /** The line of its fence, from 1, and that on which `source` begins, with the spaces before the fence. */
  readonly line: number;
  readonly sourceLine: number;
  readonly indentation: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface NodeView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The sheet whose rows it is computed for. */
  readonly sheet: string | null;
  /** Paths of its cells: more than one where it has wordings. */
  readonly cells: readonly string[];
  readonly axes: readonly { readonly name: string; readonly labels: readonly string[] }[];
  readonly chosen: Coordinates;
  readonly effect: Effect;
  /** Inputs and nodes it reads, and nodes that read it. */
  readonly reads: readonly string[];
  readonly readers: readonly string[];
  /** Texts of its addresses outside sheets, in the order of its variants; empty in sheets. */
  readonly addresses: readonly string[];
  readonly blocked: CellError | null;
  /** Of a sheet: its rows are the elements of a plain list. */
  readonly overList?: true;
  /** Of a sheet that is up to date and has no table, how it came out: skipped, blocked, or an error of its own. */
  readonly without?: Pick<ResultView, "outcome" | "error" | "because">;
  /** How far it is in the run that is on; null at rest. */
  readonly progress: ProgressView | null;
}

export interface ProgressView extends Progress {
  readonly run: string;
  readonly state: "queued" | "running";
  /** When it began, milliseconds; null while it is queued. */
  readonly since: number | null;
  /** What it waits for before anything can come, while it does. */
  readonly preparation: Preparation | null;
}

export interface ResultView {
  readonly address: string;
  readonly at: Coordinates;
  readonly freshness: Freshness;
  readonly outcome: Outcome | null;
  /** Long texts and tables are cut; `full` says how long they are. */
  readonly value: Value | null;
  /** Characters of a text, or rows of a table, that `value` has only a part of. */
  readonly full: number | null;
  readonly error: CellError | null;
  readonly calls: readonly CallFacts[];
  readonly because: readonly string[];
  readonly waiting: WaitingOn | null;
  /** When it was computed, milliseconds. */
  readonly computedAt: number | null;
  readonly notes: NotesView | null;
}

/** What people said of a result. */
export interface NotesView {
  readonly label?: Datum;
  readonly scores: { readonly [name: string]: { readonly score: number; readonly reason?: string } };
  readonly comments: readonly { readonly text: string; readonly time: string; readonly author?: string }[];
  readonly chosen?: string;
}

export interface SheetView {
  readonly id: string;
  /** What gives its rows, by name: a cell, a column or an input; of what is computed for it what that reads first, or `writtenRows`. */
  readonly rows: string | null;
  /** Null where its rows are not there. */
  readonly rowCount: number | null;
  /** Why its rows cannot be opened; null where they are there, or only awaited. */
  readonly problem: CellError | null;
  /** Whether what gives the rows is settled: where it is not, they are those of before. */
  readonly settled: boolean;
  /** How the rows differ from those they took the place of since it was opened, `rows` naming those of now; null where they do not. */
  readonly change: (FrameChanges & { readonly rows: string }) | null;
  /** Columns of the rows' table, with DuckDB's types of numbers, booleans and JSON; anything else counts as text. */
  readonly rowColumns: readonly { readonly name: string; readonly type: string }[];
  /** Nodes it shows, in order. */
  readonly columns: readonly string[];
  /** Counts by state for each column, by the node's name. */
  readonly counts: { readonly [column: string]: readonly VariantCounts[] };
  /** Rises whenever any of its results changed: pages that were read are then to be read again. */
  readonly version: number;
}

export interface RunView {
  readonly id: string;
  /** What was asked for, in words: `topic`, `everything stale`. */
  readonly title: string;
  readonly automatic: boolean;
  /** Rows it goes over in sheets; in those it does not name, and of which there are too many to tell, all that are not settled. */
  readonly rows: { readonly [sheet: string]: RowScope };
  /** Labels of the variants it goes over, of each of its parts; empty where it goes over all. */
  readonly at: readonly Coordinates[];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: "done" | "cancelled" | "budget" | "failed" | "waiting" | null;
  readonly money: { readonly made: number; readonly cached: number; readonly cost: number; readonly unpriced: number };
  /** The most it may spend, US dollars; null where nothing bounds it. */
  readonly budget: number | null;
  /** What was said of it before its calls went out; null where nothing was. */
  readonly estimate: RunEstimate | null;
  /** What it would cost, while it waits for a yes. */
  readonly confirm: Estimate | null;
  readonly error: CellError | null;
}

/** An entry put in or taken away. `append` adds to a text that is already there. */
export type Change =
  | { readonly type: "set"; readonly section: Section; readonly key: string; readonly value: unknown }
  | { readonly type: "append"; readonly section: "streams"; readonly key: string; readonly text: string }
  | { readonly type: "remove"; readonly section: Section; readonly key: string };

/** What a page is told: everything, or what changed since. `sequence` counts from 1 within one boot of the server. */
export type ViewEvent =
  | { readonly type: "snapshot"; readonly sequence: number; readonly view: NotebookView }
  | { readonly type: "changes"; readonly sequence: number; readonly changes: readonly Change[] };
