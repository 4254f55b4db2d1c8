import { proseKey } from "../notebook/blocks";
import { isTextOpen, openText } from "../notebook/open-texts";
import { anywhere, defineAction, inCommand, type Action } from "./action";
import { selectedBlock, type ActionContext } from "./action-context";
import { redo, undo } from "./undo";

/** The cells in the sheet that is selected, or that one of them which is. */
const innerCells = ({ view, selection }: ActionContext): readonly string[] => {
  const cell = view.cells[selection.cell ?? ""];
  if (cell === undefined) return [];
  return cell.container === null ? cell.children : [cell.path];
};
const nothingFolds = (context: ActionContext): string | null => {
  if (innerCells(context).length > 0) return null;
  const block = selectedBlock(context);
  if (block === null || proseKey(block) === null) return "Select a text with a heading, or a sheet with cells";
  return context.outline.some((item) => item.block === block) ? null : "The text has no heading";
};
const head = ({ view }: ActionContext) => view.head.head;

/** Edits of the whole, and what is shown. */
export const pageActions: readonly Action[] = [
  defineAction({
    id: "edit.undo",
    group: "Edit",
    label: (context) => (head(context).undo === null ? "Undo" : `Undo ${head(context).undo}`),
    keywords: "back revert",
    keys: inCommand("z", "Mod+z"),
    icon: "undo",
    basic: true,
    disabled: (context) => (head(context).undo === null ? "There is nothing to undo" : null),
    run: undo,
  }),
  defineAction({
    id: "edit.redo",
    group: "Edit",
    label: (context) => (head(context).redo === null ? "Redo" : `Redo ${head(context).redo}`),
    keywords: "again",
    keys: inCommand("Shift+z", "Mod+Shift+z", "Mod+y"),
    icon: "redo",
    basic: true,
    disabled: (context) => (head(context).redo === null ? "There is nothing to do again" : null),
    run: redo,
  }),
  defineAction({
    id: "edit.find",
    group: "Edit",
    label: "Find and replace …",
    keywords: "search regular expression",
    keys: anywhere("Mod+f"),
    icon: "search",
    basic: true,
    run: ({ page }) => page.open("find"),
  }),
  defineAction({
    id: "edit.save",
    group: "Edit",
    label: "Save",
    keywords: "write file autosave",
    keys: anywhere("Mod+s"),
    icon: "save",
    run: async (context) => {
      const hasAll = await context.server.settle();
      const { savedAt, fileProblem } = head(context);
      if (fileProblem !== null) context.page.say(fileProblem.message);
      else if (!hasAll) context.page.say("Not saved yet: the server does not have all that was typed here.");
      else
        context.page.say(
          savedAt === null ? "Saving: every change is written by itself." : "Saved. Every change is written by itself.",
        );
    },
  }),
  defineAction({
    id: "view.palette",
    group: "View",
    label: "Find an action …",
    keywords: "command palette search",
    keys: anywhere("Mod+k", "Mod+Shift+p"),
    icon: "palette",
    basic: true,
    run: ({ page }) => page.open("palette"),
  }),
  defineAction({
    id: "view.help",
    group: "View",
    label: "Keys and actions",
    keywords: "help shortcuts keyboard",
    keys: [...inCommand("?"), ...anywhere("Mod+/")],
    icon: "keyboard",
    basic: true,
    run: ({ page }) => page.open("help"),
  }),
  defineAction({
    id: "view.fold",
    group: "View",
    label: "Fold the section, or the texts in a sheet",
    keywords: "collapse heading hide",
    keys: inCommand("ArrowLeft"),
    icon: "fold",
    disabled: nothingFolds,
    run(context) {
      const { page, view, selection } = context;
      const cells = innerCells(context);
      if (cells.length === 0) return page.foldHeading(selectedBlock(context)!, true);
      const areOpen = cells.some((cell) => isTextOpen(head(context).path, cell));
      openText(head(context).path, cells, false);
      // What is folded already leads to what it stands in.
      if (!areOpen && view.cells[selection.cell!]?.container != null) page.show(selectedBlock(context)!);
    },
  }),
  defineAction({
    id: "view.unfold",
    group: "View",
    label: "Unfold the section, or the texts in a sheet",
    keywords: "expand heading show",
    keys: inCommand("ArrowRight"),
    icon: "unfold",
    disabled: nothingFolds,
    run(context) {
      const cells = innerCells(context);
      if (cells.length === 0) context.page.foldHeading(selectedBlock(context)!, false);
      else openText(head(context).path, cells, true);
    },
  }),
  defineAction({
    id: "view.fold-all",
    group: "View",
    label: "Fold all sections",
    keywords: "collapse headings",
    icon: "fold",
    run: ({ page }) => page.foldAll(true),
  }),
  defineAction({
    id: "view.unfold-all",
    group: "View",
    label: "Unfold all sections",
    keywords: "expand headings",
    icon: "unfold",
    run: ({ page }) => page.foldAll(false),
  }),
  defineAction({
    id: "view.all-code",
    group: "View",
    label: "Hide or show the text of all cells",
    keywords: "code source app read",
    keys: inCommand("Shift+h"),
    icon: "eye-off",
    run: ({ page }) => page.toggleAllCode(),
  }),
  defineAction({
    id: "view.theme",
    group: "View",
    label: "Change between light and dark",
    keywords: "theme colours mode",
    icon: "sun-moon",
    run: ({ page }) => page.toggleTheme(),
  }),
];
