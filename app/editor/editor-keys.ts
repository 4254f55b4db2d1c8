import {
  acceptCompletion,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap, indentLess, indentMore, insertNewlineAndIndent } from "@codemirror/commands";
import { indentUnit } from "@codemirror/language";
import { nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import type { Extension, StateCommand } from "@codemirror/state";
import { keymap } from "@codemirror/view";

/** Spaces up to the next stop: YAML takes no tabs. */
const insertIndent: StateCommand = ({ state, dispatch }) => {
  dispatch(state.update(state.replaceSelection(state.facet(indentUnit)), { scrollIntoView: true, userEvent: "input" }));
  return true;
};

/** Keys that the page's actions have: running, leaving, selecting what stands around. */
const pageKeys: ReadonlySet<string> = new Set(["Enter", "Mod-Enter", "Mod-i"]);

/** The keys of an editor that are about its text alone. What it does not take, the page does. */
export const editorKeys: Extension = keymap.of([
  { key: "Tab", run: acceptCompletion },
  { key: "Tab", run: (view) => (view.state.selection.main.empty ? insertIndent(view) : indentMore(view)) },
  { key: "Shift-Tab", run: indentLess, preventDefault: true },
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
  ...closeBracketsKeymap,
  ...historyKeymap,
  // While completions are only looked for, it leaves the text.
  { key: "Escape", run: (view) => completionStatus(view.state) === "active" && closeCompletion(view) },
  ...completionKeymap.filter(({ key }) => key !== "Escape"),
  // With Shift or Ctrl, Enter runs the cell.
  { key: "Enter", run: insertNewlineAndIndent },
  ...defaultKeymap.filter(({ key }) => !pageKeys.has(key ?? "")),
]);
