import { anywhere, defineAction, inCommand, type Action } from "./action";
import { selectedBlock, type ActionContext } from "./action-context";

/** Selects the block so many further down; with `extend` all up to it. */
function step(context: ActionContext, by: number, extend: boolean): void {
  const { blocks, page, selection } = context;
  const at = blocks.visible.indexOf(selectedBlock(context) ?? "");
  const target = blocks.visible[at < 0 ? (by > 0 ? 0 : blocks.visible.length - 1) : at + by];
  if (target === undefined) return;
  const anchor = extend ? (selection.anchor ?? blocks.visible[at] ?? target) : null;
  page.show(target);
  if (extend) page.select({ cell: target, anchor });
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
    run: (context) => step(context, 1, false),
  }),
  defineAction({
    id: "select.previous",
    group: "Move about",
    label: "Select the block before",
    keywords: "up",
    keys: inCommand("k", "ArrowUp"),
    basic: true,
    run: (context) => step(context, -1, false),
  }),
  defineAction({
    id: "select.extend-down",
    group: "Move about",
    label: "Select one more below",
    keywords: "several extend",
    keys: inCommand("Shift+j", "Shift+ArrowDown"),
    run: (context) => step(context, 1, true),
  }),
  defineAction({
    id: "select.extend-up",
    group: "Move about",
    label: "Select one more above",
    keywords: "several extend",
    keys: inCommand("Shift+k", "Shift+ArrowUp"),
    run: (context) => step(context, -1, true),
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
    run: (context) => context.page.select({ cell: selectedBlock(context), anchor: null }),
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
