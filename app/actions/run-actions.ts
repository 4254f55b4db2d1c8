import type { Scope } from "#server/notebook/plan.ts";
import { gapBelow } from "../notebook/block-edits";
import { sectionOf } from "../notebook/folding";
import { anywhere, defineAction, inCommand, onCell, type Action } from "./action";
import { chosenCells, nodesOf, openRuns, runProblem, selectedBlock, type ActionContext } from "./action-context";
import { insertCell } from "./insert-cell";

/** Runs the cells that are selected, with what they need. */
async function runChosen(context: ActionContext): Promise<void> {
  const cells = chosenCells(context);
  const nodes = nodesOf(context, cells);
  if (nodes.length === 0) return;
  const scope: Scope = { type: "cells", cells: nodes };
  await context.server.run({ scope, title: titleOf(cells), retryErrors: true });
}

async function runBlocks(context: ActionContext, blocks: readonly string[], title: string): Promise<void> {
  const nodes = nodesOf(context, blocks);
  if (nodes.length === 0) context.page.say("There is no cell to run there.");
  else await context.server.run({ scope: { type: "cells", cells: nodes }, title });
}

function titleOf(cells: readonly string[]): string {
  return cells.length === 1 ? cells[0]! : `${cells.length} cells`;
}

/** Why the selected cells cannot be run; null where they can. Prose has nothing to run, and Shift+Enter on it only goes on. */
function chosenProblem(context: ActionContext): string | null {
  return nodesOf(context, chosenCells(context)).length === 0 ? "Select a cell" : runProblem(context);
}

/** Selects what stands below the selected block; below the last one nothing changes. */
function goOn(context: ActionContext): void {
  const block = selectedBlock(context);
  const next = context.blocks.visible[context.blocks.visible.indexOf(block ?? "") + 1];
  if (next !== undefined) context.page.show(next);
  else if (block !== null) context.page.select({ cell: block, mode: "command" });
}

const only = (context: ActionContext): string | null =>
  chosenCells(context).length === 1 ? chosenProblem(context) : "Select one cell";

/** Running and stopping. */
export const runActions: readonly Action[] = [
  defineAction({
    id: "run.cell",
    group: "Run",
    label: (context) => (chosenCells(context).length > 1 ? `Run ${chosenCells(context).length} cells` : "Run cell"),
    keywords: "execute evaluate selection",
    keys: onCell("Mod+Enter"),
    icon: "play",
    basic: true,
    disabled: chosenProblem,
    run: runChosen,
  }),
  defineAction({
    id: "run.cell-and-go-on",
    group: "Run",
    label: "Run cell and go on to the next",
    keywords: "execute advance",
    keys: onCell("Shift+Enter"),
    basic: true,
    disabled: (context) => (selectedBlock(context) === null ? "Select a block" : runProblem(context)),
    async run(context) {
      const running = runChosen(context);
      goOn(context);
      await running;
    },
  }),
  defineAction({
    id: "run.cell-and-insert",
    group: "Run",
    label: "Run cell and insert one below",
    keywords: "execute new",
    keys: onCell("Alt+Enter"),
    disabled: chosenProblem,
    async run(context) {
      const block = selectedBlock(context)!;
      await runChosen(context);
      await insertCell(context, gapBelow(context.blocks, block), block);
    },
  }),
  defineAction({
    id: "run.only",
    group: "Run",
    label: "Run this cell alone, again",
    keywords: "force only",
    keys: inCommand("r o"),
    disabled: only,
    async run(context) {
      const [cell] = nodesOf(context, chosenCells(context));
      await context.server.run({ scope: { type: "only", cell: cell! }, title: `${cell} alone`, retryErrors: true });
    },
  }),
  defineAction({
    id: "run.stale",
    group: "Run",
    label: "Run everything stale",
    keywords: "outdated all",
    keys: [...onCell("Mod+Shift+Enter"), ...inCommand("r s")],
    icon: "play",
    basic: true,
    disabled: runProblem,
    run: (context) => void context.server.run({ scope: { type: "stale" }, title: "all that is stale" }),
  }),
  defineAction({
    id: "run.stale-within-budget",
    group: "Run",
    label: "Run everything stale within a budget …",
    keywords: "money limit dollars cost",
    keys: inCommand("r b"),
    disabled: runProblem,
    async run({ page, server }) {
      const text = await page.askText({
        title: "Run everything stale",
        label: "Spend at most, US dollars",
        value: "1.00",
        yes: "Run",
        problem: (answer) => (Number(answer) >= 0 && answer.trim() !== "" ? null : "Enter an amount, such as 0.50"),
      });
      if (text === null) return;
      await server.run({ scope: { type: "stale" }, title: "all that is stale", budget: Number(text) });
    },
  }),
  defineAction({
    id: "run.stale-as-batch",
    group: "Run",
    label: "Run everything stale as a batch …",
    keywords: "cheap half price later",
    disabled: runProblem,
    async run({ page, server }) {
      const yes = await page.ask({
        title: "Run everything stale as a batch?",
        text: "Calls of models that have batches, OpenAI's and Anthropic's, are sent together: they are answered within a day, for half the price. Their results wait until then, also while Sheaf is closed. “Collect what batches answered” goes on with them.",
        yes: "Send",
      });
      if (yes) await server.run({ scope: { type: "stale" }, title: "all that is stale, as a batch", batch: true });
    },
  }),
  defineAction({
    id: "run.collect-batches",
    group: "Run",
    label: "Collect what batches answered",
    keywords: "look waiting half price",
    disabled: runProblem,
    run: ({ server }) => server.collectBatches(),
  }),
  defineAction({
    id: "run.all",
    group: "Run",
    label: "Run everything again",
    keywords: "force restart all",
    keys: inCommand("r a"),
    disabled: runProblem,
    run: (context) => void context.server.run({ scope: { type: "all" }, title: "everything again", retryErrors: true }),
  }),
  defineAction({
    id: "run.above",
    group: "Run",
    label: "Run all above",
    keywords: "before",
    keys: inCommand("r k"),
    disabled: (context) => (selectedBlock(context) === null ? "Select a block" : runProblem(context)),
    run: (context) =>
      runBlocks(context, context.blocks.all.slice(0, context.blocks.all.indexOf(selectedBlock(context)!)), "all above"),
  }),
  defineAction({
    id: "run.below",
    group: "Run",
    label: "Run this and all below",
    keywords: "after",
    keys: inCommand("r j"),
    disabled: (context) => (selectedBlock(context) === null ? "Select a block" : runProblem(context)),
    run: (context) =>
      runBlocks(context, context.blocks.all.slice(context.blocks.all.indexOf(selectedBlock(context)!)), "all below"),
  }),
  defineAction({
    id: "run.section",
    group: "Run",
    label: "Run this section",
    keywords: "heading chapter",
    keys: inCommand("r h"),
    disabled: (context) => (selectedBlock(context) === null ? "Select a block" : runProblem(context)),
    run: (context) =>
      runBlocks(context, sectionOf(context.outline, context.blocks.all, selectedBlock(context)!), "a section"),
  }),
  defineAction({
    id: "run.downstream",
    group: "Run",
    label: "Run this and all that reads it",
    keywords: "descendants dependants",
    keys: inCommand("r d"),
    disabled: only,
    async run(context) {
      const [cell] = nodesOf(context, chosenCells(context));
      await context.server.run({ scope: { type: "downstream", cell: cell! }, title: `${cell} and what reads it` });
    },
  }),
  defineAction({
    id: "run.stop",
    group: "Run",
    label: "Stop everything that runs",
    keywords: "interrupt cancel abort",
    keys: [...anywhere("Mod+."), ...inCommand("i i")],
    icon: "square",
    basic: true,
    disabled: (context) => (openRuns(context).length === 0 ? "Nothing is running" : null),
    async run(context) {
      await Promise.all(openRuns(context).map(({ id }) => context.server.cancel(id)));
    },
  }),
  defineAction({
    id: "run.stop-cell",
    group: "Run",
    label: "Stop this cell",
    keywords: "interrupt cancel abort",
    icon: "square",
    available: (context) => runningNodes(context).length > 0,
    async run(context) {
      await Promise.all(runningNodes(context).map(({ id, run }) => context.server.cancel(run, id)));
    },
  }),
];

function runningNodes(context: ActionContext): readonly { readonly id: string; readonly run: string }[] {
  return nodesOf(context, chosenCells(context)).flatMap((id) => {
    const progress = context.view.nodes[id]?.progress ?? null;
    return progress === null ? [] : [{ id, run: progress.run }];
  });
}
