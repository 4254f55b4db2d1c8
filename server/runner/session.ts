import { addressText, parseAddress, type Coordinates } from "#server/notebook/address.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import type { Freshness } from "#server/notebook/freshness.ts";
import type { Cell, Diagnostic } from "#server/notebook/notebook.ts";
import type { Scope } from "#server/notebook/plan.ts";
import type { CaseValues } from "#server/notebook/notes.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import type { CellRename } from "#server/workbench/renames-of.ts";
import type { Grant, Wait } from "#server/store/store.ts";
import { alternatives, newestAnswer, type Alternative } from "./alternatives.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import { readFileVersions } from "./file-versions.ts";
import { placedFromCell, placedInFile } from "./error-place.ts";
import type { Estimate } from "./estimate.ts";
import { missingInputs, noInputValue } from "./input-value.ts";
import { noteResults, type NoteRequest } from "./note-result.ts";
import { modelProblems } from "./model-problems.ts";
import { memoryNotes, type NotesFile } from "./notes-file.ts";
import { promptPreview, type PromptPreview } from "./prompt-preview.ts";
import { createNotebookReader, earlyValues } from "./read-notebook.ts";
import { refresh } from "./refresh.ts";
import { cancelBatch } from "./cancel-batch.ts";
import { resume } from "./resume.ts";
import { createSessionInputs } from "./session-inputs.ts";
import { createSessionState } from "./create-session-state.ts";
import type { Runtime } from "./runtime.ts";
import { grantCell, grantProblems } from "./session-grants.ts";
import { openSessionNotes } from "./session-notes.ts";
import type { LiveResult, Override, SessionState } from "./session-state.ts";
import { settle } from "./settle.ts";
import { sheetGrid, type SheetGrid } from "./sheet-grid.ts";
import { rowStates, sheetFreshness, type RowResultState, type SheetFreshness } from "./sheet-freshness.ts";
import { estimateRun, showAnswer, startRun, type Run, type RunOptions, type RunReport } from "./start-run.ts";

/** An open notebook: its text, its results, and what can be done with them. */
export interface Session extends SheetGrid {
  readonly state: SessionState;
  readonly diagnostics: readonly Diagnostic[];
  /** What DuckDB's parser found in a cell's SQL, also of a cell parsed from another text with the same source. */
  sqlAnalysis(cell: Cell): SqlAnalysis | undefined;
  /**
   * Takes a new text; results stay, and their freshness follows. What people gave and said under the names of cells and inputs that are
   * other names in it goes along: grants, notes, what inputs were given as.
   */
  setText(text: string, renames?: readonly CellRename[]): Promise<void>;
  /** Sets an input; where fields that are read first name it, the text is read anew with it. Throws `input.unknown` or `input.type`. */
  setInput(name: string, value: Datum): Promise<void>;
  /** The inputs as they were given or stand as defaults: of a table or a file its path. */
  givenInputs(): { readonly [name: string]: Datum };
  /** The kept sets of inputs by their names. */
  cases(): ReadonlyMap<string, CaseValues>;
  /** Keeps a set of inputs under a name, in place of what was kept there; null takes it away. */
  keepCase(name: string, values: CaseValues | null): Promise<void>;
  /** Every result outside sheets, and each sheet's table, with its freshness as of now. */
  freshness(): ReadonlyMap<string, Freshness>;
  /** Reads the results outside sheets that others of this workspace kept, and looks at the sheets' anew. Computes nothing. */
  reload(): Promise<void>;
  /** Looks whether dataset files it reads have changed, and says whether one has. Computes nothing. */
  lookAtFiles(): Promise<boolean>;
  /** Looks at the sheets' results anew, so that after a restart it is known what of them still holds. Computes nothing. */
  refresh(): Promise<void>;
  /** Counts of a sheet's results by state for each column and variant: from keys alone, at once, or exactly. Null where its rows are not settled. */
  sheetFreshness(sheet: string, options?: { readonly exact?: boolean }): Promise<SheetFreshness | null>;
  /** The state of each result in rows `from … to` of a sheet by column, with reasons. Null where its rows are not settled. */
  rowStates(
    sheet: string,
    from: number,
    to: number,
  ): Promise<{ readonly [column: string]: readonly RowResultState[] } | null>;
  /**
   * Keeps what a person says of results (an edit, a lock, a label, a score, a comment, a choice) and applies it, all or none. A value of
   * theirs is settled for all that reads it, and no run computes it again; what is below stays and returns with the last word.
   */
  note(...requests: readonly NoteRequest[]): Promise<void>;
  run(scope: Scope, options?: RunOptions): Run;
  /** What a run would send, before it sends anything; nothing is run for it. */
  estimate(scope: Scope, options?: RunOptions): Promise<Estimate>;
  /** What a prompt would send at an address as things stand; see `promptPreview`. */
  preview(node: string, at: Coordinates, row?: number | string): Promise<PromptPreview>;
  /** Runs what may run by itself, until `signal`; see `settle`. Null, and nothing runs, until the notebook is trusted. */
  settle(options?: Pick<RunOptions, "onEvent"> & { readonly signal?: AbortSignal }): Promise<RunReport | null>;
  readonly trusted: boolean;
  trust(): void;
  /**
   * Lets a cell that calls a model and says `run: auto` do so in `settle`, for as many US dollars; again, in place of what it had.
   * It holds for the cell's name in this workspace, whatever its text becomes. Throws as `grantCell`.
   */
  grant(cell: string, budget: number): Promise<void>;
  revokeGrant(cell: string): Promise<void>;
  /** The notebook has another path, and what the stores keep of it is there already. No run may be on. */
  move(to: string): Promise<void>;
  /** The notebook's grants with what is spent of them, by the cells' names, also of cells that are no longer there. */
  grants(): readonly Grant[];
  /** Calls again for one result. The answers before stay in the journal as alternatives, and the new one is shown. */
  runAgain(address: string, options?: RunOptions): Run;
  /** All answers the journal has for a result, newest first. */
  alternatives(address: string): Promise<readonly Alternative[]>;
  /** Shows one of them, by its `answer`, or with null the newest. The choice is a note, and nothing is sent. */
  choose(address: string, answer: string | null): Promise<void>;
  /** What waits in the notebook, longest first, also since before a restart. */
  waits(): Promise<readonly Wait[]>;
  /** Cancels the batches an address waits for; see `cancelBatch`. */
  cancelBatch(address: string): ReturnType<typeof cancelBatch>;
  /** Continues what waits at an address; see `resume`. */
  resume(address: string, value: Datum, options?: RunOptions): Promise<Run>;
  /** The result shown of a cell: at the labels `choose` names. Undefined where there is none. */
  shown(cell: string): LiveResult | undefined;
}

export interface SessionSettings {
  /** The notebook's path in its workspace. */
  readonly path: string;
  readonly text: string;
  readonly inputs?: { readonly [name: string]: Datum };
  /** Inputs given as values, such as what a file holds. */
  readonly values?: { readonly [name: string]: Value };
  /** Where people's work in the notebook is kept; in memory alone where nothing is given. */
  readonly notes?: NotesFile;
  /** Whether cells may run by themselves: not in a notebook from elsewhere before somebody says so. */
  readonly trusted?: boolean;
}

/** Opens a notebook in a workspace. Nothing runs and nothing is sent; earlier results are there. */
export async function openSession(
  runtime: Runtime,
  { path, text, inputs = {}, values = {}, notes = memoryNotes(), trusted = false }: SessionSettings,
): Promise<Session> {
  const parse = createNotebookReader(runtime.tables);
  let parsed = await parse(text);
  let read = parsed.withInputs(new Map());
  let readWith = earlyValues(read, new Map());
  const state = createSessionState(path, read);
  /** Takes what the text is with the inputs as they are; results stay, and their freshness follows. */
  function takeRead(): void {
    read = parsed.withInputs(state.inputs);
    readWith = earlyValues(read, state.inputs);
    for (const [address, result] of state.results)
      state.results.set(address, placedInFile(placedFromCell(result, state.graph), read.graph));
    state.notebook = read.notebook;
    state.graph = read.graph;
    state.volatile = read.volatile;
  }
  /** Reads the text anew where an input that decides what it is has another value. */
  function followInputs(): boolean {
    const isSame = earlyValues(read, state.inputs) === readWith;
    if (!isSame) takeRead();
    return !isSame;
  }
  async function readResults(): Promise<void> {
    for (const stored of await runtime.results.all(state.path)) {
      const address = parseAddress(stored.address);
      const result: LiveResult = { ...stored, address, calls: stored.calls as never, because: [], waiting: null };
      state.results.set(stored.address, placedInFile(result, state.graph));
    }
  }
  await readResults();

  const sessionInputs = createSessionInputs(state, runtime.tables);
  for (const [name, value] of Object.entries(inputs)) await sessionInputs.set(name, value);
  for (const [name, value] of Object.entries(values)) sessionInputs.setValue(name, value);
  await sessionInputs.take();
  followInputs();
  const context = { state, tables: runtime.tables };
  await readFileVersions(context);
  const sessionNotes = await openSessionNotes(state, notes, runtime.tables);
  sessionNotes.apply();
  let grants = runtime.cellGrants(path);
  await grants.load();
  const start = (scope: Scope, options: RunOptions = {}): Run => startRun(state, scope, runtime, options);

  return {
    state,
    sqlAnalysis: ({ kind, source }) => read.sql.get(`${kind} ${source}`),
    get diagnostics() {
      const missing = missingInputs(state).map(({ name }) => noInputValue(name, state.graph.front));
      return [
        ...read.diagnostics,
        ...sessionInputs.problems(),
        ...grantProblems(grants, state, runtime),
        ...modelProblems(state, runtime),
        ...missing.map((error) => ({ severity: "warning" as const, ...error })),
        ...sessionNotes.problems(),
      ];
    },
    async setText(newText, renames = []) {
      const next = await parse(newText);
      for (const { cell, to } of renames) {
        await sessionNotes.rename(cell, to, sessionNotes.timeAt(runtime.now()));
        await grants.rename(cell, to);
      }
      for (const { cell, to } of renames) sessionInputs.rename(cell, to);
      parsed = next;
      takeRead();
      await sessionInputs.take();
      followInputs();
      sessionNotes.apply();
      await readFileVersions(context);
    },
    async setInput(name, value) {
      await sessionInputs.set(name, value);
      if (followInputs()) sessionNotes.apply();
    },
    givenInputs: () => sessionInputs.given(),
    cases: () => sessionNotes.cases(),
    keepCase: (name, values) =>
      sessionNotes.addCase({ type: "case", name, values, time: sessionNotes.timeAt(runtime.now()) }),
    freshness: () => deriveFreshness(state),
    async lookAtFiles() {
      const before = JSON.stringify([...state.files]);
      await readFileVersions(context);
      return JSON.stringify([...state.files]) !== before;
    },
    refresh: () => refresh(context),
    async reload() {
      await readResults();
      // Others may have made the tables, and gone over columns, too.
      state.tableWrites.clear();
      await refresh(context);
    },
    sheetFreshness: (sheet, { exact = false } = {}) => sheetFreshness(sheet, exact, context),
    rowStates: (sheet, from, to) => rowStates(sheet, from, to, context),
    note: (...requests) => noteResults(requests, state, sessionNotes, runtime),
    alternatives: (address) => alternatives(address, state, runtime),
    async choose(address, answer) {
      await noteResults([{ address, type: "chosen", answer }], state, sessionNotes, runtime);
      await showAnswer(address, state, runtime);
    },
    runAgain(address, options = {}) {
      const run = start({ type: "address", address: parseAddress(address) }, { ...options, again: true });
      const done = run.done.then(async (report) => {
        const answer = await newestAnswer(address, state, runtime);
        if (answer !== null) await noteResults([{ address, type: "chosen", answer }], state, sessionNotes, runtime);
        return report;
      });
      // Whoever waits for it is told.
      done.catch(() => {});
      return { ...run, done };
    },
    waits: () => runtime.store.waits.list(state.path),
    cancelBatch: (address) => cancelBatch(address, state, runtime),
    resume: (address, value, options) => resume(address, value, state, runtime, start, options),
    get trusted() {
      return trusted;
    },
    trust() {
      trusted = true;
    },
    async settle({ signal, ...options } = {}) {
      if (!trusted) return null;
      const run = await settle(state, grants, runtime, options);
      const cancel = (): void => run.cancel();
      if (signal?.aborted === true) cancel();
      signal?.addEventListener("abort", cancel);
      return run.done.finally(() => signal?.removeEventListener("abort", cancel));
    },
    grant: (cell, budget) => grantCell(cell, budget, grants, state, runtime),
    revokeGrant: (cell) => grants.revoke(cell),
    async move(to) {
      const there = runtime.cellGrants(to);
      await there.load();
      grants = there;
      state.path = to;
      state.place = to;
      // The rows of sheets are open under the name they had.
      state.frames.clear();
      state.columns.clear();
      await refresh(context);
    },
    grants: () => grants.list(),
    preview(node, at, row = 0) {
      deriveFreshness(state);
      return promptPreview(node, at, row, { ...context, retryErrors: false });
    },
    estimate: (scope, options = {}) => estimateRun(state, scope, runtime, options),
    run: start,
    ...sheetGrid(state, runtime),
    shown(cell) {
      const node = state.graph.nodes.get(cell);
      if (node === undefined) return undefined;
      const address = { cell, at: chosenVariant(node.axes, state.graph.front.choose) };
      const override = state.overrides.get(addressText(address));
      const result = state.results.get(addressText(address));
      return override === undefined ? result : overridden(address, override, result);
    },
  };
}

/** A person's value, with what is known of the result below it. */
function overridden(
  address: LiveResult["address"],
  { value, valueHash }: Override,
  below: LiveResult | undefined,
): LiveResult {
  const { key = "", parts = "{}", at = 0 } = below ?? {};
  return {
    address,
    key,
    parts,
    at,
    value,
    valueHash,
    outcome: "ok",
    error: null,
    calls: [],
    because: [],
    waiting: null,
  };
}
