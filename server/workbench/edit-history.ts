import { mostNotes } from "#server/notebook/most-notes.ts";
import type { Operation } from "#server/notebook/operation.ts";
import type { CellRename } from "./renames-of.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";

/** One step that can be taken back: operations to apply and notes to keep, in order, and what to say and show of it. */
export interface HistoryStep {
  /** What was done, in words: `edit topic`. */
  readonly title: string;
  /** The cell it is about, or `prose:KEY`, to scroll to; null where it is about none. */
  readonly cell: string | null;
  readonly operations: readonly Operation[];
  readonly notes?: readonly NoteRequest[];
  /** Names that cells and inputs have afterwards, for what is kept by their names. */
  readonly renames?: readonly CellRename[];
}

/** The history of a notebook's operations and of people's notes in it: one for all who edit it. */
export interface EditHistory {
  readonly undo: HistoryStep | null;
  readonly redo: HistoryStep | null;
  /** Notes what takes an edit back. Edits of one cell's text within two seconds are one step. */
  add(step: HistoryStep, at: number, joins: string | null): void;
  /** Takes the last step off; its own inverse goes to the other side. */
  takeUndo(): HistoryStep | null;
  takeRedo(): HistoryStep | null;
  putRedo(step: HistoryStep): void;
  putUndo(step: HistoryStep): void;
}

const together = 2_000;
const most = 1_000;
/** Notes that all steps have together: some 100 MB. */
const notesKept = 2 * mostNotes;

function noteCount(steps: readonly HistoryStep[]): number {
  return steps.reduce((count, { notes = [] }) => count + notes.length, 0);
}

export function createEditHistory(): EditHistory {
  const undo: HistoryStep[] = [];
  const redo: HistoryStep[] = [];
  let last: { readonly joins: string; readonly at: number } | null = null;
  return {
    get undo() {
      return undo.at(-1) ?? null;
    },
    get redo() {
      return redo.at(-1) ?? null;
    },
    add(step, at, joins) {
      redo.length = 0;
      const before = undo.at(-1);
      if (joins !== null && last?.joins === joins && at - last.at < together && before !== undefined)
        undo[undo.length - 1] = { ...before, operations: [...step.operations, ...before.operations] };
      else undo.push(step);
      while (undo.length > most || (undo.length > 1 && noteCount(undo) > notesKept)) undo.shift();
      last = joins === null ? null : { joins, at };
    },
    takeUndo() {
      last = null;
      return undo.pop() ?? null;
    },
    takeRedo() {
      last = null;
      return redo.pop() ?? null;
    },
    putRedo: (step) => void redo.push(step),
    putUndo: (step) => void undo.push(step),
  };
}
