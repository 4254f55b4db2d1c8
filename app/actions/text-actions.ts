import { activeEditor } from "../editor/active-editor";
import { areSettingsShown, showSettings } from "../editor/shown-settings";
import { togglePreview } from "../editor/shown-previews";
import { settingsCell } from "../notebook/settings-cell";
import { defineAction, onCell, type Action } from "./action";
import { chosenCells, type ActionContext } from "./action-context";

const editorAt = ({ selection }: ActionContext) => activeEditor(selection.cell);
const notTyped = (context: ActionContext): string | null =>
  editorAt(context) === null ? "Type in a cell first" : null;
const promptAt = (context: ActionContext): string | null => {
  const cells = chosenCells(context);
  return cells.length === 1 && context.view.cells[cells[0]!]!.kind === "prompt" ? cells[0]! : null;
};

/** The cell that has the settings of the selected one. */
const settingsAt = (context: ActionContext): string | null => {
  const cell = context.view.cells[chosenCells(context).length === 1 ? chosenCells(context)[0]! : ""];
  const own = cell === undefined ? undefined : settingsCell(context.view, cell);
  return own?.settings == null ? null : own.path;
};
const settingsAreShown = (context: ActionContext): boolean => {
  const path = settingsAt(context);
  return path !== null && areSettingsShown(context.view.head.head.path, path);
};

/** What is done to the text of a cell that is typed in, and to what it sends. */
export const textActions: readonly Action[] = [
  defineAction({
    id: "text.go-to-name",
    group: "Edit",
    label: "Go to where a name is from",
    keywords: "definition jump cell input click",
    keys: [{ press: "F12", where: "edit" }],
    disabled: notTyped,
    run(context) {
      if (editorAt(context)!.goToName() === false) context.page.say("No cell or input is named at the cursor.");
    },
  }),
  defineAction({
    id: "text.rename-name",
    group: "Edit",
    label: "Rename the name at the cursor everywhere …",
    keywords: "refactor cell input references",
    keys: [{ press: "F2", where: "edit" }],
    disabled: notTyped,
    run: (context) => editorAt(context)!.renameName(),
  }),
  defineAction({
    id: "text.correct-name",
    group: "Edit",
    label: "Correct the name at the cursor",
    keywords: "quick fix typo unknown suggestion",
    keys: [{ press: "Alt+.", where: "edit" }],
    disabled: notTyped,
    run(context) {
      if (editorAt(context)!.correctName() === false) context.page.say("There is no correction at the cursor.");
    },
  }),
  defineAction({
    id: "cell.settings-text",
    group: "Edit",
    label: (context) => (settingsAreShown(context) ? "Hide the settings' text" : "Edit the settings as text"),
    keywords: "yaml front matter configuration",
    keys: onCell("Alt+s"),
    icon: "file-pen",
    disabled: (context) => (settingsAt(context) === null ? "Select a cell with settings beside its text" : null),
    run(context) {
      const path = settingsAt(context)!;
      const areShown = settingsAreShown(context);
      showSettings(context.view.head.head.path, path, !areShown);
      if (areShown) context.page.show(context.selection.cell!);
      else context.page.enter("settings", path);
    },
  }),
  defineAction({
    id: "cell.preview",
    group: "View",
    label: "Show a prompt as it is sent, beside its text",
    keywords: "preview rendered messages template",
    keys: onCell("Alt+p"),
    icon: "eye",
    disabled: (context) => (promptAt(context) === null ? "Select a prompt" : null),
    run: (context) => togglePreview(context.view.head.head.path, promptAt(context)!),
  }),
];
