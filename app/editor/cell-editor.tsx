import { createEffect, createMemo, on, onCleanup, untrack } from "solid-js";
import { Annotation, Compartment } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import type { CellView } from "#server/workbench/view.ts";
import { keyModeAt } from "~/actions/key-mode-at";
import { useNotebook } from "~/notebook/notebook-context";
import { useHands } from "~/notebook/use-hands";
import { forgetEditor, setActiveEditor, type ActiveEditor } from "./active-editor";
import type { Draft } from "./draft";
import { editorKeys } from "./editor-keys";
import { cellWithPart, partTexts, settingsPart } from "./cell-part";
import { commonExtensions, firstState, keepState } from "./editor-state";
import { followDraft } from "./follow-draft";
import { languageSupport } from "./languages/language-support";
import { correctName, showDiagnostics } from "./lint-marks";
import { clickToName, thingAt } from "./names/go-to-name";
import { highlightedName, highlightName } from "./names/highlighted-name";
import { nameHover } from "./names/name-hover";
import { keyUnderCursor, nameMarks, tellNames } from "./names/name-marks";
import { pageNames, shownResult } from "./names/page-names";
import { renameName } from "./names/rename-name";
import { pageHost } from "./page-host";
import { sourceDiagnostics } from "./source-diagnostics";
import "./cell-editor.css";

/** A change that came from the page and not from the keyboard. */
const fromPage = Annotation.define<boolean>();

/** The editor of a cell's text. What is typed goes to the cell's draft, what changes elsewhere comes from it. */
export function CellEditor(props: {
  readonly cell: CellView;
  /** Its settings are edited, in place of its own text. */
  readonly settings?: boolean;
}) {
  const context = useNotebook();
  const { store, drafts, selection, select } = context;
  const { path } = props.cell;
  const part = props.settings === true ? settingsPart(path) : path;
  const key = `${store.path}\n${part}`;
  const cell = createMemo(() => cellWithPart(props.cell, part));
  const host = pageHost(context, useHands(), cell);
  const draft = createMemo(() => drafts.of(part));
  const text = untrack(() => draft()?.text ?? cell().source);
  const names = createMemo(() => pageNames(store.view, path));
  const isEdited = () => selection().cell === path && selection().mode === "edit";
  const parent = (
    <div class="cell-editor" data-text-of={path} data-part={part === path ? "text" : "settings"} />
  ) as HTMLDivElement;

  const written = createMemo(() => cell().language);
  const language = new Compartment();
  const view = new EditorView({
    parent,
    state: firstState(key, text, part === path ? 0 : text.length, [
      editorKeys,
      language.of(languageSupport(written(), host)),
      nameMarks,
      nameHover(host),
      clickToName(host),
      commonExtensions(part === path ? `Text of ${path}` : `Settings of ${path}`, hints[cell().language]),
      EditorView.updateListener.of(({ docChanged, selectionSet, transactions, state, view }) => {
        const typed = transactions.some((one) => one.docChanged && one.annotation(fromPage) === undefined);
        if (docChanged && typed) drafts.type(part, state.doc.toString(), partTexts);
        if ((docChanged || selectionSet) && view.hasFocus) highlightName(keyUnderCursor(state));
      }),
      EditorView.domEventHandlers({
        focus() {
          setActiveEditor(active);
          select({ cell: path, mode: "edit" });
          highlightName(keyUnderCursor(view.state));
        },
        blur: (event) => leaveEditMode(event.relatedTarget),
      }),
    ]),
  });
  const active: ActiveEditor = {
    cell: path,
    goToName() {
      const thing = thingAt(view, host, view.state.selection.main.head);
      if (thing !== null) host.goTo(thing);
      return thing !== null;
    },
    renameName: () => void renameName(view, host),
    correctName: () => correctName(view),
  };
  parent.addEventListener("enter", () => view.focus());
  onCleanup(() => {
    forgetEditor(active);
    keepState(key, view.state);
    view.destroy();
  });

  function leaveEditMode(to: EventTarget | null): void {
    highlightName(null);
    // In another window, in a dialog of the editor or in one of its tooltips it goes on.
    if (!document.hasFocus() || (to instanceof Element && (parent.contains(to) || to.closest(".cm-tooltip")))) return;
    if (isEdited()) select({ mode: "command" });
  }

  createEffect((before: Draft | undefined) => {
    const now = draft();
    const change = followDraft(view.state, before, now ?? { text: cell().source, sending: null });
    if (change !== null) view.dispatch(change, { annotations: fromPage.of(true) });
    return now;
  }, undefined);
  createEffect(
    // A cell is told anew with every text that is kept: set up again for that, the editor would lose what it offers.
    on(written, (now) => view.dispatch({ effects: language.reconfigure(languageSupport(now, host)) }), { defer: true }),
  );
  createEffect(() => view.dispatch({ effects: tellNames.of({ names: names(), highlighted: highlightedName() }) }));
  createEffect(() => {
    const now = cell();
    const result = shownResult(store.view, now.node);
    const error = result?.freshness.state === "current" ? result.error : null;
    // Places count in the text the server has: while more is typed, the marks before move with it.
    if (view.state.doc.toString() === now.source) showDiagnostics(view, sourceDiagnostics(now, error));
  });
  createEffect(() => {
    if (!isEdited() || view.hasFocus || parent.contains(document.activeElement)) return;
    // Of the texts and fields of one cell the one that was entered keeps the focus.
    const focused = document.activeElement;
    const isEntered =
      focused?.closest<HTMLElement>("[data-text-of]")?.dataset["textOf"] === path ||
      (focused?.closest<HTMLElement>("[data-block]")?.dataset["block"] === path && keyModeAt(focused) === "edit");
    if (!isEntered) view.focus();
  });
  return parent;
}

/** What belongs into an empty text. */
const hints: { readonly [Language in BodyLanguage]: string } = {
  messages: "What the model is told. A line `system:` or `user:` begins a message, {{ name }} puts a value in.",
  template: "Text, with {{ name }} for a value",
  expressions: "What must hold, one expression a line: mean(triage.correct) >= 0.9",
  checks: "A list of checks: - equals",
  javascript: "The body of a function: return …",
  sql: "select … from …",
  "expression-sql": "One SQL expression over the row",
  data: "Rows as CSV, JSON or YAML",
  none: "Settings, one a line: key: value",
  cells: "",
};
