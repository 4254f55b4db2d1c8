import { forEachDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { Command, EditorView } from "@codemirror/view";
import type { CellError } from "#server/notebook/value.ts";
import type { SourceDiagnostic } from "./source-diagnostics";

/** Underlines what is wrong, with what it is, what to do and, where a name is meant that is near, its correction. */
export function showDiagnostics(view: EditorView, diagnostics: readonly SourceDiagnostic[]): void {
  const marks = diagnostics.map(({ from, to, severity, error }): Diagnostic => {
    const meant = meantName(error, view.state.sliceDoc(from, to));
    return {
      from,
      to,
      severity,
      message: error.cure === undefined ? `${error.message}.` : `${error.message}. ${error.cure}`,
      ...(meant === null
        ? {}
        : { actions: [{ name: `Write ${meant}`, apply: (on, at, end) => correct(on, at, end, meant) }] }),
    };
  });
  view.dispatch(setDiagnostics(view.state, marks));
}

/** The name an error asks about, where a single word is at fault. */
export function meantName({ message, cure = "" }: CellError, written: string): string | null {
  const meant = /did you mean `([^`]+)`/i.exec(`${message} ${cure}`)?.[1];
  return meant === undefined || !/^[\p{L}\p{N}_]+$/u.test(written) ? null : meant;
}

/** Corrects the name at the cursor. */
export const correctName: Command = (view) => {
  const { head } = view.state.selection.main;
  let fix: (() => void) | null = null;
  forEachDiagnostic(view.state, ({ actions }, from, to) => {
    const [action] = actions ?? [];
    if (action !== undefined && from <= head && head <= to) fix ??= () => action.apply(view, from, to);
  });
  (fix as (() => void) | null)?.();
  return fix !== null;
};

function correct(view: EditorView, from: number, to: number, name: string): void {
  view.dispatch({ changes: { from, to, insert: name }, userEvent: "input.correct" });
}
