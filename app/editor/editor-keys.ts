import { acceptCompletion, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { indentUnit } from "@codemirror/language";
import { Prec, type Extension, type StateCommand } from "@codemirror/state";
import { keymap, type Command, type KeyBinding } from "@codemirror/view";
import type { CellCommands } from "./cell-commands";
import type { EditorHost } from "./editor-host";
import { correctName } from "./lint-marks";
import { goToName } from "./names/go-to-name";
import { renameName } from "./names/rename-name";

export interface EditorKeys extends CellCommands {
  /** Back to command mode. */
  leave(): void;
  save(): void;
  togglePreview(): void;
}

/** Spaces up to the next stop: YAML takes no tabs. */
const insertIndent: StateCommand = ({ state, dispatch }) => {
  dispatch(state.update(state.replaceSelection(state.facet(indentUnit)), { scrollIntoView: true, userEvent: "input" }));
  return true;
};

/** The keys of an editor. Those that are not its own alone go no further, so that the page does not act on them as well. */
export function editorKeys(keys: EditorKeys, host: EditorHost): Extension {
  const own = (key: string, run: Command): KeyBinding => ({ key, run, preventDefault: true, stopPropagation: true });
  const does = (key: string, act: () => void): KeyBinding =>
    own(key, () => {
      act();
      return true;
    });
  return [
    Prec.high(
      keymap.of([
        does("Mod-Enter", keys.run),
        does("Shift-Enter", keys.runAndNext),
        does("Alt-Enter", keys.runAndInsert),
        does("Mod-s", keys.save),
        does("Alt-p", keys.togglePreview),
        own("F12", goToName(host)),
        own("F2", renameName(host)),
        own("Mod-.", correctName),
        own("F8", nextDiagnostic),
        own("Shift-F8", previousDiagnostic),
      ]),
    ),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      { key: "Tab", run: (view) => (view.state.selection.main.empty ? insertIndent(view) : indentMore(view)) },
      { key: "Shift-Tab", run: indentLess, preventDefault: true },
      ...closeBracketsKeymap,
      ...historyKeymap,
      ...completionKeymap,
      // The page has a use for it.
      ...defaultKeymap.filter(({ key }) => key !== "Mod-i"),
    ]),
    Prec.lowest(keymap.of([does("Escape", keys.leave)])),
  ];
}
