import { isTextOpen } from "../notebook/open-texts";
import { anywhere, defineAction, inCommand, type Action } from "./action";
import { selectedBlock, type ActionContext } from "./action-context";

/** Selects what is so many further down: the next block, or a cell in a sheet whose text is unfolded. */
function step(context: ActionContext, by: number): void {
  const { blocks, view, selection } = context;
  const stops = blocks.visible.flatMap((block) => {
    const inner = view.cells[block]?.children ?? [];
    return [block, ...inner.filter((cell) => cell === selection.cell || isTextOpen(view.head.head.path, cell))];
  });
  const at = stops.indexOf(selection.cell ?? "");
  const target = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by];
  if (target !== undefined) context.page.show(target);
}

/** Selects one block more, up or down. */
function extend(context: ActionContext, by: number): void {
  const { blocks, page, selection } = context;
  const at = blocks.visible.indexOf(selectedBlock(context) ?? "");
  const target = blocks.visible[at < 0 ? (by > 0 ? 0 : blocks.visible.length - 1) : at + by];
  if (target === undefined) return;
  const anchor = selection.anchor ?? blocks.visible[at] ?? target;
  page.show(target);
  page.select({ cell: target, anchor });
}

function jump(context: ActionContext, to: "first" | "last"): void {
  const target = to === "first" ? context.blocks.visible[0] : context.blocks.visible.at(-1);
  if (target !== undefined) context.page.show(target);
}

/** Selecting, and going from one part of the page to another. */
export const selectionActions: readonly Action[] = [
  defineAction({
    id: "select.next",
    group: "Move about",
    label: "Select the next block",
    keywords: "down",
    keys: inCommand("j", "ArrowDown"),
    basic: true,
    run: (context) => step(context, 1),
  }),
  defineAction({
    id: "select.previous",
    group: "Move about",
    label: "Select the block before",
    keywords: "up",
    keys: inCommand("k", "ArrowUp"),
    basic: true,
    run: (context) => step(context, -1),
  }),
  defineAction({
    id: "select.extend-down",
    group: "Move about",
    label: "Select one more below",
    keywords: "several extend",
    keys: inCommand("Shift+j", "Shift+ArrowDown"),
    run: (context) => extend(context, 1),
  }),
  defineAction({
    id: "select.extend-up",
    group: "Move about",
    label: "Select one more above",
    keywords: "several extend",
    keys: inCommand("Shift+k", "Shift+ArrowUp"),
    run: (context) => extend(context, -1),
  }),
  defineAction({
    id: "select.all",
    group: "Move about",
    label: "Select all blocks",
    keywords: "everything",
    keys: inCommand("Mod+a"),
    run: ({ blocks, page }) => {
      const last = blocks.visible.at(-1);
      if (last !== undefined) page.select({ cell: last, anchor: blocks.visible[0]!, mode: "command" });
    },
  }),
  defineAction({
    id: "select.one",
    group: "Move about",
    label: "Select one block alone",
    keywords: "escape clear",
    keys: inCommand("Escape"),
    available: (context) => context.selection.anchor !== null || selectedBlock(context) !== context.selection.cell,
    run(context) {
      const block = selectedBlock(context);
      if (block === null) context.page.select({ cell: null, anchor: null });
      else context.page.show(block);
    },
  }),
  defineAction({
    id: "go.first",
    group: "Move about",
    label: "Go to the top",
    keywords: "first start",
    keys: inCommand("g g", "Mod+Home"),
    run: (context) => jump(context, "first"),
  }),
  defineAction({
    id: "go.last",
    group: "Move about",
    label: "Go to the end",
    keywords: "last bottom",
    keys: inCommand("Shift+g", "Mod+End"),
    run: (context) => jump(context, "last"),
  }),
  defineAction({
    id: "go.inputs",
    group: "Move about",
    label: "Go to the inputs",
    keywords: "form values cases",
    keys: inCommand("g i"),
    disabled: ({ view }) => (view.head.head.inputs.length === 0 ? "The notebook has no inputs" : null),
    run: ({ page }) => page.focus("inputs"),
  }),
  defineAction({
    id: "go.outline",
    group: "Move about",
    label: "Go to the outline",
    keywords: "headings contents navigation",
    keys: inCommand("g o"),
    run: ({ page }) => page.focus("outline"),
  }),
  defineAction({
    id: "go.dependencies",
    group: "Move about",
    label: "Go to what it reads and what reads it",
    keywords: "dependencies graph readers references",
    keys: inCommand("g d"),
    icon: "network",
    disabled: (context) => (context.view.cells[context.selection.cell ?? ""] === undefined ? "Select a cell" : null),
    run: ({ page }) => page.focus("dependencies"),
  }),
  defineAction({
    id: "go.values",
    group: "Move about",
    label: "Go to the values",
    keywords: "variables explorer names types inputs cells",
    keys: inCommand("g v"),
    icon: "eye",
    run: ({ page }) => page.open("values"),
  }),
  defineAction({
    id: "go.problems",
    group: "Move about",
    label: "Go to the problems",
    keywords: "errors warnings diagnostics failed",
    keys: inCommand("g e"),
    icon: "circle-alert",
    run: ({ page }) => page.open("problems"),
  }),
  defineAction({
    id: "go.document",
    group: "Move about",
    label: "Go back to the document",
    keywords: "cells focus",
    keys: anywhere("Mod+Alt+d"),
    run: ({ page }) => page.focus("document"),
  }),
];
