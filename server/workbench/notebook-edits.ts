import { cellForms } from "#server/cells/index.ts";
import { parseAddress } from "#server/notebook/address.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { takeTurns, type InTurn } from "#server/process/take-turns.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";
import type { Session } from "#server/runner/session.ts";
import { checkBase, type EditBase } from "./edit-base.ts";
import { createEditHistory, type HistoryStep } from "./edit-history.ts";
import { operationTitle } from "./operation-title.ts";
import { renamesOf, type CellRename } from "./renames-of.ts";
import { takeBackNotes } from "./take-back-notes.ts";

/** What people change in an open notebook, its text and what they say of results: one change at a time, each a step that can be taken back. */
export interface NotebookEdits {
  /** Counts the texts it has had. */
  readonly revision: number;
  /** What would be taken back, and done again, in words; null where there is nothing. */
  readonly undoTitle: string | null;
  readonly redoTitle: string | null;
  /** Applies operations in order, all or none. Throws `edit.conflict` where the cell is not as its base says, and what `applyOperation` throws. */
  apply(
    operations: readonly Operation[],
    base?: EditBase,
  ): Promise<{ readonly revision: number; readonly warnings: readonly Diagnostic[] }>;
  /** Takes the last step back, or does it again; null where there is none. */
  undo(): Promise<HistoryStep | null>;
  redo(): Promise<HistoryStep | null>;
  /** Keeps what a person says of results. Throws what `Session.note` throws. */
  note(title: string, requests: readonly NoteRequest[]): Promise<void>;
  /** Makes the whole text another, which the file has. To be called in turn. */
  replaceAll(text: string, title: string): Promise<void>;
  /** Does something between two changes. */
  readonly inTurn: InTurn;
}

export interface NotebookEditsSettings {
  readonly session: Session;
  readonly firstRevision: number;
  now(): number;
  /** The text is another, or what people say. */
  changed(): void;
  /** The text is no longer what the file has. */
  edited(): void;
}

export function createNotebookEdits({
  session,
  firstRevision,
  now,
  changed,
  edited,
}: NotebookEditsSettings): NotebookEdits {
  const { state } = session;
  const history = createEditHistory();
  let revision = firstRevision;
  const inTurn = takeTurns();

  /** Takes a text; `taken` is called as soon as it is the notebook's, whatever fails afterwards. */
  async function takeText(text: string, taken: () => void, renames?: readonly CellRename[]): Promise<void> {
    const before = state.notebook;
    try {
      await session.setText(text, renames);
    } finally {
      if (state.notebook !== before) {
        revision += 1;
        taken();
        changed();
      }
    }
  }

  function columns(cell: string): readonly string[] | undefined {
    const value = session.shown(cell)?.value;
    return value?.type === "table" ? value.value.columns.map(({ name }) => name) : undefined;
  }

  /** Applies operations; `keep` is told what takes them back once they are in the text. Gives warnings. */
  async function applyAll(
    operations: readonly Operation[],
    keep: (inverses: readonly Operation[]) => void,
    renames?: readonly CellRename[],
  ): Promise<readonly Diagnostic[]> {
    let text = state.notebook.text;
    const inverses: Operation[] = [];
    const warnings: Diagnostic[] = [];
    for (const operation of operations) {
      const applied = applyOperation(text, operation, { forms: cellForms, sql: session.sqlAnalysis, columns });
      text = applied.text;
      inverses.unshift(applied.inverse);
      warnings.push(...applied.warnings);
    }
    const taken = (): void => {
      keep(inverses);
      edited();
    };
    await takeText(text, taken, renames);
    return warnings;
  }

  /** Does a step that was taken off; where it fails before anything is changed it is put back. */
  async function stepBack(
    step: HistoryStep | null,
    putBack: (step: HistoryStep) => void,
    keep: (step: HistoryStep) => void,
  ): Promise<HistoryStep | null> {
    if (step === null) return null;
    let kept = false;
    const keepOnce = (back: Partial<HistoryStep>): void => {
      kept = true;
      keep({ ...step, ...back, ...takingBack(step.renames ?? []) });
    };
    try {
      const notes = step.notes === undefined ? {} : { notes: await keepNotes(step.notes) };
      if (step.operations.length === 0) keepOnce(notes);
      else await applyAll(step.operations, (operations) => keepOnce({ operations, ...notes }), step.renames);
    } finally {
      if (!kept) putBack(step);
    }
    return step;
  }

  /** Keeps notes; gives what takes them back. */
  async function keepNotes(notes: readonly NoteRequest[]): Promise<readonly NoteRequest[]> {
    const back = takeBackNotes(notes, state.notes);
    await session.note(...notes).finally(changed);
    return back;
  }

  return {
    get revision() {
      return revision;
    },
    get undoTitle() {
      return history.undo?.title ?? null;
    },
    get redoTitle() {
      return history.redo?.title ?? null;
    },
    apply: (operations, base) =>
      inTurn(async () => {
        if (base !== undefined) checkBase(base, state.notebook, revision);
        const { title, cell, joins } = operationTitle(operations, state.notebook);
        const renames = renamesOf(operations, state.notebook);
        const keep = (inverses: readonly Operation[]): void =>
          history.add({ title, cell, operations: inverses, ...takingBack(renames) }, now(), joins);
        const warnings = await applyAll(operations, keep, renames);
        return { revision, warnings };
      }),
    undo: () => inTurn(() => stepBack(history.takeUndo(), history.putUndo, history.putRedo)),
    redo: () => inTurn(() => stepBack(history.takeRedo(), history.putRedo, history.putUndo)),
    note: (title, requests) =>
      inTurn(async () => {
        const notes = await keepNotes(requests);
        const { cell } = parseAddress(requests[0]!.address);
        if (notes.length > 0) history.add({ title, cell, operations: [], notes }, now(), null);
      }),
    async replaceAll(text, title) {
      const before = state.notebook.text;
      if (text === before) return;
      const applied = applyOperation(before, { type: "replace", start: 0, end: before.length, text });
      await takeText(text, () => history.add({ title, cell: null, operations: [applied.inverse] }, now(), null));
    },
    inTurn,
  };
}

/** The renames that take these back; nothing where there are none. */
function takingBack(renames: readonly CellRename[]): Pick<HistoryStep, "renames"> {
  return renames.length === 0 ? {} : { renames: renames.map(({ cell, to }) => ({ cell: to, to: cell })).toReversed() };
}
