import { parseAddress } from "#server/notebook/address.ts";
import type { Compared } from "../compare/compare-hands";
import { fetchedAgain } from "../notebook/fetched-again";
import { defineAction, inCommand, onCell, type Action } from "./action";
import { chosenCells, type ActionContext } from "./action-context";

/** The one prompt that is selected, or whose answer is; a word why there is none. */
function compared(context: ActionContext): Compared | string {
  const { cells, nodes } = context.view;
  const { address, cell: selected } = context.selection;
  const [path, ...more] = chosenCells(context);
  const answered = address === null ? undefined : nodes[parseAddress(address).cell];
  const own = cells[selected ?? ""] ?? cells[path ?? ""];
  const node = answered ?? nodes[own?.node ?? ""];
  const cell = node?.cells.includes(own?.path ?? "") ? own : cells[node?.cells[0] ?? ""];
  return cell?.kind !== "prompt" || node === undefined || more.length > 0 ? "Select a prompt" : { cell, node };
}

const none = (context: ActionContext): string | null => {
  const found = compared(context);
  return typeof found === "string" ? found : null;
};

type Hands = typeof import("../compare/compare-hands");
const load = fetchedAgain(() => import("../compare/compare-hands"));

/** What is done by hands that are fetched when they are first needed. */
function doing(name: { [Name in keyof Hands]: Name }[keyof Hands]): Action["run"] {
  return async (context) => {
    const found = compared(context);
    if (typeof found !== "string") await (await load())[name](context, found);
  };
}

/** Variants of a prompt, as the page that compares them, the palette and menus make them. */
export const compareActions: readonly Action[] = [
  defineAction({
    id: "compare.open",
    group: "View",
    label: "Compare side by side",
    keywords: "playground variants models arena diff conversation chat",
    keys: onCell("Alt+c"),
    icon: "columns",
    basic: true,
    available: (context) => none(context) === null,
    disabled: none,
    run: doing("openComparison"),
  }),
  defineAction({
    id: "compare.model",
    group: "Cells",
    label: "Compare with another model …",
    keywords: "add variant",
    keys: inCommand("Shift+m"),
    icon: "plus",
    disabled: none,
    run: doing("compareModel"),
  }),
  defineAction({
    id: "compare.wording",
    group: "Cells",
    label: "Add a wording",
    keywords: "variant prompt text compare",
    keys: inCommand("Shift+w"),
    icon: "copy-plus",
    disabled: none,
    run: doing("compareWording"),
  }),
  defineAction({
    id: "compare.sweep",
    group: "Cells",
    label: "Sweep a parameter …",
    keywords: "vary temperature top_p variant axis",
    icon: "plus",
    disabled: none,
    run: doing("compareValues"),
  }),
  defineAction({
    id: "compare.samples",
    group: "Cells",
    label: "Ask several times …",
    keywords: "repeat samples n variance",
    icon: "plus",
    disabled: none,
    run: doing("compareSamples"),
  }),
];
