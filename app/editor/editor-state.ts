import { closeBrackets } from "@codemirror/autocomplete";
import { history, historyField } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, placeholder, tooltips } from "@codemirror/view";
import { editorTheme } from "./editor-theme";

/** What every editor of a cell has, whatever its language. */
export function commonExtensions(label: string, hint: string): Extension {
  return [
    history(),
    closeBrackets(),
    bracketMatching(),
    drawSelection(),
    highlightSpecialChars(),
    EditorView.lineWrapping,
    placeholder(hint),
    // Nothing a cell is clipped to cuts them off.
    tooltips({ position: "fixed", parent: document.body }),
    // It is entered by Enter or the pointer, so that Tab goes on from cell to cell.
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "-1" }),
    editorTheme,
  ];
}

/** States of editors that scrolled away, with their history and selection. */
const left = new Map<string, unknown>();

export function keepState(key: string, state: EditorState): void {
  left.set(key, state.toJSON({ history: historyField }));
}

/** The state a cell's editor begins with: that it had when it scrolled away, where its text is the same; otherwise with the cursor at `anchor`. */
export function firstState(key: string, doc: string, anchor: number, extensions: Extension): EditorState {
  const kept = left.get(key) as { readonly doc: string } | undefined;
  left.delete(key);
  return kept?.doc === doc
    ? EditorState.fromJSON(kept, { extensions }, { history: historyField })
    : EditorState.create({ doc, extensions, selection: { anchor } });
}
