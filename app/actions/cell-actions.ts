import type { NotebookView } from "#server/workbench/view.ts";
import {
  blockAfterRemoval,
  gapAbove,
  gapBelow,
  gapNextTo,
  moveBlocks,
  nameAfterMove,
  removeBlocks,
  withFolded,
} from "../notebook/block-edits";
import { blockFinder, type FoundBlocks } from "../notebook/block-finder";
import { blockAt, proseKey } from "../notebook/blocks";
import { readersOutside } from "../notebook/dependencies";
import { cellSetting } from "../notebook/cell-setting";
import { showSettings } from "../editor/shown-settings";
import { defineAction, inCommand, type Action } from "./action";
import { chosen, chosenCells, selectedBlock, type ActionContext } from "./action-context";
import { insertCell, kindChoice } from "./insert-cell";
import { pasteInto } from "./paste-into";
import { undoing } from "./undo";

const nothing = (context: ActionContext): string | null => (selectedBlock(context) === null ? "Select a block" : null);
const noCell = (context: ActionContext): string | null => (chosenCells(context).length === 0 ? "Select a cell" : null);
const notOne = (context: ActionContext): string | null =>
  chosenCells(context).length === 1 && chosen(context).length === 1 ? null : "Select one cell";

/** All that is selected with what is folded away under it; in a sheet one of its cells. */
function wholeChoice(context: ActionContext): readonly string[] {
  const all = chosen(context);
  return all.every((block) => context.blocks.all.includes(block)) ? withFolded(context.blocks, all) : all;
}

/** Takes blocks out, after a question where other cells read them, and selects what stands there then. */
async function removeChosen(context: ActionContext, isCut: boolean): Promise<boolean> {
  const { view, page, server } = context;
  const going = wholeChoice(context);
  const readers = readersOutside(view, going);
  if (readers.length > 0) {
    const cells = going.filter((block) => proseKey(block) === null);
    const yes = await page.ask({
      title: `${isCut ? "Cut" : "Delete"} ${cells.length === 1 ? cells[0] : `${cells.length} cells`}?`,
      text: `${listed(readers)} ${readers.length === 1 ? "reads" : "read"} ${cells.length === 1 ? "it" : "them"}, and cannot run without.`,
      yes: isCut ? "Cut" : "Delete",
      isDangerous: true,
    });
    if (!yes) return false;
  }
  const find = blockFinder(view, context.blocks, going);
  let next: string | null = null;
  const isDone = await server.editShown(() => {
    const found = find();
    next = goesOnAt(view, found);
    return removeBlocks(view, found.chosen);
  });
  if (!isDone) return false;
  if (next === null) page.select({ cell: null });
  else page.show(next);
  if (!isCut)
    page.say(`Deleted ${going.length === 1 ? nameOf(going[0]!) : `${going.length} blocks`}.`, undoing(context));
  return true;
}

/** Where one goes on when blocks, or a cell in a sheet, are gone. */
function goesOnAt(view: NotebookView, { blocks, chosen: going }: FoundBlocks): string | null {
  if (going.length === 0) return null;
  const sheet = blockAt(blocks, going[0]!);
  if (sheet === going[0] || sheet === null) return blockAfterRemoval(blocks, going);
  const inner = view.cells[sheet]?.children ?? [];
  return inner[inner.indexOf(going[0]!) + 1] ?? sheet;
}

function nameOf(block: string): string {
  return proseKey(block) === null ? block : "text";
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

async function copyChosen(context: ActionContext): Promise<string | null> {
  const text = await context.server.copy(wholeChoice(context));
  if (text !== null) await context.page.clipboard.write(text);
  return text;
}

async function moveChosen(context: ActionContext, direction: "up" | "down"): Promise<void> {
  const { view, blocks, server, page, selection } = context;
  const moving = wholeChoice(context);
  const find = blockFinder(view, blocks, moving);
  let shown = "";
  const isDone = await server.editShown(() => {
    const now = find();
    if (now.chosen.length === 0) return [];
    const gap = gapNextTo(now.blocks, now.chosen, direction);
    shown = nameAfterMove(now.blocks, now.chosen, gap, now.nameOf(selection.cell!));
    return moveBlocks(view, now.blocks, now.chosen, gap);
  });
  if (isDone) page.show(shown);
}

function isHidden({ view }: ActionContext, path: string): boolean {
  const cell = view.cells[path];
  return cell !== undefined && cellSetting(cell, "hidden") === true;
}

/** What can be done to cells and prose. */
export const cellActions: readonly Action[] = [
  defineAction({
    id: "cell.edit",
    group: "Cells",
    label: "Edit",
    keywords: "write type enter",
    keys: inCommand("Enter"),
    icon: "pencil",
    basic: true,
    disabled: nothing,
    run(context) {
      const { view, page, selection } = context;
      page.select({ cell: selection.cell, mode: "edit" });
      // A sheet's own text are its settings.
      if (selection.cell === null || view.cells[selection.cell]?.language !== "cells") return;
      showSettings(view.head.head.path, selection.cell, true);
      page.enter("settings", selection.cell);
    },
  }),
  defineAction({
    id: "cell.leave",
    group: "Cells",
    label: "Stop editing",
    keywords: "escape command mode",
    keys: [{ press: "Escape", where: "edit" }],
    basic: true,
    available: ({ selection }) => selection.mode === "edit",
    run: ({ page, selection }) => {
      if (selection.cell !== null) page.show(selection.cell);
    },
  }),
  defineAction({
    id: "cell.insert-above",
    group: "Cells",
    label: "Insert above …",
    keywords: "new add cell before",
    keys: inCommand("a"),
    icon: "plus",
    basic: true,
    run: (context) => {
      const block = selectedBlock(context);
      return insertCell(context, block === null ? 0 : gapAbove(context.blocks, block), block);
    },
  }),
  defineAction({
    id: "cell.insert-below",
    group: "Cells",
    label: "Insert below …",
    keywords: "new add cell after",
    keys: inCommand("b"),
    icon: "plus",
    basic: true,
    run: (context) => {
      const block = selectedBlock(context);
      return insertCell(context, block === null ? context.blocks.all.length : gapBelow(context.blocks, block), block);
    },
  }),
  defineAction({
    id: "cell.change-kind",
    group: "Cells",
    label: "Change the kind …",
    keywords: "type convert make",
    keys: inCommand("m"),
    icon: "shapes",
    disabled: notOne,
    async run(context) {
      const [cell] = chosenCells(context);
      const now = context.view.cells[cell!]!.kind;
      const choices = async () => (await context.kinds()).filter(({ kind }) => kind !== now).map(kindChoice);
      const kind = await context.page.choose(`Make ${cell} a`, choices(), cell!);
      if (kind !== null) await context.server.edit([{ type: "set-kind", cell: cell!, kind }]);
    },
  }),
  defineAction({
    id: "cell.rename",
    group: "Cells",
    label: "Rename cell …",
    keywords: "name refactor",
    keys: inCommand("F2"),
    icon: "file-pen",
    basic: true,
    disabled: notOne,
    run: (context) => context.page.rename(chosenCells(context)[0]!),
  }),
  defineAction({
    id: "cell.copy",
    group: "Cells",
    label: "Copy",
    keywords: "clipboard markdown",
    keys: inCommand("c", "Mod+c"),
    icon: "copy",
    disabled: nothing,
    async run(context) {
      if ((await copyChosen(context)) !== null) context.page.say("Copied as Markdown.");
    },
  }),
  defineAction({
    id: "cell.cut",
    group: "Cells",
    label: "Cut",
    keywords: "clipboard move",
    keys: inCommand("x", "Mod+x"),
    icon: "scissors",
    disabled: nothing,
    async run(context) {
      if ((await copyChosen(context)) !== null) await removeChosen(context, true);
    },
  }),
  defineAction({
    id: "cell.paste",
    group: "Cells",
    label: "Paste below",
    keywords: "clipboard insert",
    keys: inCommand("v", "Mod+v"),
    icon: "clipboard",
    async run(context) {
      const block = selectedBlock(context);
      const gap = block === null ? context.blocks.all.length : gapBelow(context.blocks, block);
      await pasteInto(context, await context.page.clipboard.read(), gap);
    },
  }),
  defineAction({
    id: "cell.paste-above",
    group: "Cells",
    label: "Paste above",
    keywords: "clipboard insert",
    keys: inCommand("Shift+v"),
    icon: "clipboard",
    async run(context) {
      const block = selectedBlock(context);
      const gap = block === null ? 0 : gapAbove(context.blocks, block);
      await pasteInto(context, await context.page.clipboard.read(), gap);
    },
  }),
  defineAction({
    id: "cell.duplicate",
    group: "Cells",
    label: "Duplicate",
    keywords: "copy clone",
    keys: inCommand("Shift+d"),
    icon: "copy-plus",
    disabled: noCell,
    async run(context) {
      const block = selectedBlock(context)!;
      await pasteInto(context, await context.server.copy(wholeChoice(context)), gapBelow(context.blocks, block));
    },
  }),
  defineAction({
    id: "cell.move-up",
    group: "Cells",
    label: "Move up",
    keywords: "reorder",
    keys: inCommand("Alt+ArrowUp", "Alt+k"),
    icon: "arrow-up",
    disabled: nothing,
    run: (context) => moveChosen(context, "up"),
  }),
  defineAction({
    id: "cell.move-down",
    group: "Cells",
    label: "Move down",
    keywords: "reorder",
    keys: inCommand("Alt+ArrowDown", "Alt+j"),
    icon: "arrow-down",
    disabled: nothing,
    run: (context) => moveChosen(context, "down"),
  }),
  defineAction({
    id: "cell.hide-code",
    group: "Cells",
    label: (context) =>
      chosenCells(context).every((cell) => isHidden(context, cell)) ? "Show the text" : "Hide the text",
    keywords: "code source fold collapse",
    keys: inCommand("h"),
    icon: "eye-off",
    disabled: noCell,
    async run(context) {
      const cells = chosenCells(context);
      const value = cells.every((cell) => isHidden(context, cell)) ? undefined : true;
      await context.server.edit(
        cells.map((cell) => ({ type: "set-configuration", cell, path: ["hidden"], value }) as const),
      );
    },
  }),
  defineAction({
    id: "cell.remove",
    group: "Cells",
    label: "Delete",
    keywords: "remove",
    keys: inCommand("d d", "Shift+Backspace"),
    icon: "trash",
    basic: true,
    disabled: nothing,
    async run(context) {
      await removeChosen(context, false);
    },
  }),
];
