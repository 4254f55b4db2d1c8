import { activeEditor } from "../editor/active-editor";
import { togglePreview } from "../editor/shown-previews";
import { defineAction, onCell, type Action } from "./action";
import { chosenCells, type ActionContext } from "./action-context";

const editorAt = ({ selection }: ActionContext) => activeEditor(selection.cell);
const notTyped = (context: ActionContext): string | null =>
  editorAt(context) === null ? "Type in a cell first" : null;
const promptAt = (context: ActionContext): string | null => {
  const cells = chosenCells(context);
  return cells.length === 1 && context.view.cells[cells[0]!]!.kind === "prompt" ? cells[0]! : null;
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
