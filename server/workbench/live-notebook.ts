import { cellForms, cellKinds } from "#server/cells/index.ts";
import { withEarlyFields } from "#server/notebook/early-fields.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { CaseValues } from "#server/notebook/notes.ts";
import type { RowScope, Scope } from "#server/notebook/plan.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { toValue, type Datum } from "#server/notebook/value.ts";
import { notesPath, type NotesFile } from "#server/runner/notes-file.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { RunEvent } from "#server/runner/run-event.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { startOfDay } from "#server/runner/start-of-day.ts";
import type { Run, RunOptions } from "#server/runner/start-run.ts";
import type { Report } from "#server/runner/report.ts";
import { buildView } from "./build-view.ts";
import { collectBatches } from "./collect-batches.ts";
import { createNotebookEdits, type NotebookEdits } from "./notebook-edits.ts";
import { openNotebookFile, type MissingFile } from "./notebook-file.ts";
import { createRunBoard, type RunBoard } from "./run-board.ts";
import { labelsOf } from "./labels-of.ts";
import { createSheetBoard } from "./sheet-board.ts";
import type { HeadView } from "./view.ts";
import { createViewFeed, type ViewFeed } from "./view-feed.ts";

/** What one run is asked to do. */
export interface RunRequest {
  readonly scope: Scope;
  /** What it is, in words, for the list of runs. */
  readonly title: string;
  readonly rows?: { readonly [sheet: string]: RowScope };
  readonly everySheet?: RowScope;
  readonly budget?: number;
  readonly retryErrors?: boolean;
  readonly again?: boolean;
  readonly batch?: boolean;
}

/** A notebook that is open in the server: its session, its file, its history, and the pages that look at it. */
export interface LiveNotebook extends Pick<NotebookEdits, "revision" | "apply" | "undo" | "redo" | "note"> {
  /** Another one when its file was renamed. */
  readonly path: string;
  readonly session: Session;
  readonly feed: ViewFeed;
  readonly board: RunBoard;
  /** Sets inputs, all that fit; throws what is wrong with the first that does not. */
  setInputs(values: { readonly [name: string]: Datum }): Promise<void>;
  /** Keeps the inputs as they are under a name; null takes what was kept there away. */
  keepCase(name: string, values: CaseValues | null): Promise<void>;
  run(request: RunRequest): Run;
  /** Starts what `start` gives and shows it among the runs: for runs the session itself begins. */
  show(title: string, start: (options: RunOptions) => Run | Promise<Run>): Promise<Run>;
  trust(): Promise<void>;
  /** Grants a cell a budget in US dollars to run by itself on, or takes it back with null. Throws as `Session.grant`. */
  grant(cell: string, budget: number | null): Promise<void>;
  /** Takes what is on disk; what was here before can be had back by undo. */
  takeFile(): Promise<void>;
  /** Writes what is here over what is on disk. */
  keepMine(): Promise<void>;
  /** Its file has another path, and with it all that is kept of it: whoever looks at it goes on there. Waits for what runs. */
  move(to: { readonly path: string; readonly file: string }, records: () => Promise<void>): Promise<void>;
  /** Others of this workspace computed results of it: they are shown. */
  reload(): Promise<void>;
  /** A dataset file was touched: looks whether it is one that it reads, and brings what is free up to date. */
  datasetTouched(): Promise<void>;
  /** The file was touched: looks whether it changed. Gives the file it was where it is no longer at its path; null where it is. */
  fileTouched(): Promise<MissingFile | null>;
  /** Stops what runs, also by itself, for good; resolves when what was paid for is kept. */
  stop(): Promise<void>;
  /** Writes what is here, and ends the feed of whoever looks at it. */
  close(): Promise<void>;
}

export interface LiveNotebookSettings {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly file: string;
  readonly notes: NotesFile;
  readonly text: string;
  /** Where the numbers of this boot's events and of its texts begin. */
  readonly firstSequence: number;
  readonly report: Report;
  /** Keeps that a person trusts it, with its text as it is then. */
  onTrust(path: string, text: string): Promise<void>;
}

/** Milliseconds after an edit until cells run by themselves, and until the text is written. */
const settleAfter = 250;
const saveAfter = 150;

export async function createLiveNotebook({
  runtime,
  session,
  firstSequence,
  report,
  notes: notesFile,
  onTrust,
  ...place
}: LiveNotebookSettings): Promise<LiveNotebook> {
  const { state } = session;
  const now = runtime.now;
  let spent = { cost: 0, unpriced: 0 };
  let budgets: HeadView["budgets"] = [];
  let closed = false;
  const stopping = new AbortController();
  let settleTimer: NodeJS.Timeout | undefined;
  let saveTimer: NodeJS.Timeout | undefined;
  let settling: Promise<unknown> = Promise.resolve();
  const edits = createNotebookEdits({ session, firstRevision: firstSequence, now, changed, edited: saveSoon });
  const { inTurn } = edits;
  const file = await openNotebookFile({
    ...place,
    notebook: () => ({ path: state.path, text: state.notebook.text }),
    replace: edits.replaceAll,
    now,
  });

  const board = createRunBoard(now, () => feed.changed());
  const sheets = createSheetBoard(session, () => feed.changed(), report);
  const feed = createViewFeed(
    () =>
      buildView(session, runtime, {
        head: {
          revision: edits.revision,
          undo: edits.undoTitle,
          redo: edits.redoTitle,
          savedAt: file.savedAt,
          fileProblem: file.problem,
          spentToday: spent.cost,
          unpricedToday: spent.unpriced,
          budgets,
        },
        progress: board.progress,
        sheets: sheets.views,
        streams: board.streams,
        runs: board.runs,
      }),
    firstSequence,
  );

  /** Tells, soon, what was spent today, and of which budgets. */
  function countSpending(): void {
    Promise.all([runtime.journal.usageSince(startOfDay(now())), runtime.budgets.list()])
      .then(([{ cost, unpriced }, all]) => {
        spent = { cost, unpriced };
        budgets = all
          .filter(({ scope }) => scope.type === "day" || scope.notebook === state.path)
          .map(({ scope, amount, spent, batched, estimated, unpriced }) => ({
            ...{ scope, amount, spent, batched, estimated, unpriced },
          }));
        feed.changed();
      })
      .catch((thrown: unknown) => report("counting what was spent today", toCellError(thrown)));
  }

  function onEvent(event: RunEvent): void {
    if (event.type === "run-start" && board.runs[event.run] === undefined)
      board.begin({ id: event.run, title: "by itself", automatic: true, budget: null });
    board.take(event);
    if (event.type === "rows" || event.type === "step-end" || event.type === "run-end") sheets.changed();
    if (event.type !== "run-end") return;
    countSpending();
    // What reads the new results and is free follows them.
    if (board.runs[event.run]?.automatic === false) settleSoon();
  }

  /** Asks whether a run may spend what it would, with what is left of the budgets as of now. */
  async function ask(id: string, estimate: Estimate): Promise<boolean> {
    if (stopping.signal.aborted) return false;
    countSpending();
    return board.ask(id, estimate);
  }

  function settleSoon(): void {
    clearTimeout(settleTimer);
    if (closed || stopping.signal.aborted) return;
    settleTimer = setTimeout(() => {
      settling = session
        .settle({ onEvent, signal: stopping.signal })
        .catch((thrown: unknown) => file.failed(toCellError(thrown)))
        .finally(() => {
          sheets.changed();
          feed.changed();
        });
    }, settleAfter);
  }

  /** The text is another, or what people say of results. */
  function changed(): void {
    feed.changed();
    sheets.changed();
    settleSoon();
  }

  function saveSoon(): void {
    file.edited();
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => void inTurn(save), saveAfter);
  }

  async function save(): Promise<void> {
    clearTimeout(saveTimer);
    await file.save();
    feed.changed();
  }

  countSpending();
  const unwatch = runtime.budgets.watch(countSpending);
  sheets.changed();
  // After a start of the server it is not known yet what over the sheets' results still holds.
  settling = session
    .refresh()
    .catch((thrown: unknown) => report(`looking at what holds in ${state.path}`, toCellError(thrown)))
    .finally(() => {
      feed.changed();
      settleSoon();
    });

  const live: LiveNotebook = {
    get path() {
      return state.path;
    },
    session,
    feed,
    board,
    get revision() {
      return edits.revision;
    },
    apply: edits.apply,
    undo: edits.undo,
    redo: edits.redo,
    note: edits.note,
    async setInputs(values) {
      const problems: unknown[] = [];
      for (const [name, value] of Object.entries(values))
        await session.setInput(name, value).catch((thrown: unknown) => problems.push(thrown));
      feed.changed();
      settleSoon();
      if (problems.length > 0) throw problems[0];
    },
    async keepCase(name, values) {
      await session.keepCase(name, values);
      feed.changed();
    },
    run({ scope, title, ...options }) {
      let id = "";
      const run = session.run(scope, {
        ...options,
        onEvent,
        confirm: (estimate) => ask(id, estimate),
      });
      id = run.id;
      const { rows, budget = null } = options;
      board.begin({ id, title, automatic: false, budget, rows: rows ?? {}, at: labelsOf(scope) });
      board.follow(run);
      return run;
    },
    async show(title, start) {
      let id = "";
      const run = await start({ onEvent, confirm: (estimate) => ask(id, estimate) });
      id = run.id;
      if (board.runs[id] === undefined) board.begin({ id, title, automatic: false, budget: null });
      board.follow(run);
      return run;
    },
    async trust() {
      await onTrust(state.path, state.notebook.text);
      session.trust();
      feed.changed();
      settleSoon();
    },
    async grant(cell, budget) {
      await (budget === null ? session.revokeGrant(cell) : session.grant(cell, budget));
      feed.changed();
      settleSoon();
    },
    takeFile: () =>
      inTurn(async () => {
        await file.take();
        feed.changed();
      }),
    keepMine: () =>
      inTurn(async () => {
        await file.keep();
        feed.changed();
      }),
    async move(to, records) {
      // What is on was begun under the old name, and keeps what comes of it there.
      await board.idle();
      await inTurn(async () => {
        // A file that is renamed is told of more than once.
        if (state.path === to.path) return;
        clearTimeout(settleTimer);
        await settling;
        await records();
        await file.moved(to.file);
        notesFile.move(notesPath(to.file));
        await session.move(to.path);
        await save();
        sheets.changed();
        settleSoon();
      });
    },
    async reload() {
      await session.reload();
      sheets.changed();
      feed.changed();
      countSpending();
    },
    datasetTouched: () =>
      inTurn(async () => {
        if (closed || !(await session.lookAtFiles())) return;
        sheets.changed();
        feed.changed();
        settleSoon();
      }),
    fileTouched: () =>
      inTurn(async () => {
        if (closed) return null;
        // What is here may be written now, where a conflict kept it from being.
        if (file.savedAt === null) await save();
        else await file.meet();
        feed.changed();
        return file.missing;
      }),
    async stop() {
      stopping.abort();
      endCollecting();
      clearTimeout(settleTimer);
      for (const id of Object.keys(board.runs)) {
        board.answer(id, false);
        board.run(id)?.cancel();
      }
      await board.idle();
      await settling;
    },
    async close() {
      closed = true;
      endCollecting();
      unwatch();
      clearTimeout(settleTimer);
      sheets.close();
      await inTurn(save).finally(feed.close);
    },
  };
  const endCollecting = collectBatches({ notebook: live, batches: runtime.batches, report });
  return live;
}

/** What a text would be as a notebook. */
export interface TextHead {
  readonly title: string | null;
  readonly isNotebook: boolean;
  /** Why it is no notebook where its front matter begins as one does; null for other Markdown. */
  readonly problem: string | null;
}

/** Parses for whoever only wants to know what a text would be. */
export function titleOf(text: string): TextHead {
  const notebook = parseNotebook(text, cellForms);
  const { isNotebook, front, diagnostics } = notebook;
  const defaults = front.inputs.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, { value: toValue(value) }] as const],
  );
  const { title } =
    front.written === undefined
      ? front
      : withEarlyFields({ ...notebook, cells: [] }, cellKinds, new Map(defaults)).notebook.front;
  return { title, isNotebook, problem: isNotebook ? null : (diagnostics[0]?.message ?? null) };
}
