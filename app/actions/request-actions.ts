import type { CodeLanguage } from "#server/workbench/request/request-code.ts";
import { gapBelow } from "../notebook/block-edits";
import { renderedPlace } from "../editor/rendered-place";
import { defineAction, type Action } from "./action";
import { chosenCells, selectedBlock, type ActionContext } from "./action-context";
import { pasteInto } from "./paste-into";

const promptAt = (context: ActionContext): string | null => {
  const [cell, ...more] = chosenCells(context);
  return cell !== undefined && more.length === 0 && context.view.cells[cell]!.kind === "prompt" ? cell : null;
};
const noPrompt = (context: ActionContext): string | null => (promptAt(context) === null ? "Select a prompt" : null);

async function copyAs(context: ActionContext, language: CodeLanguage, title: string): Promise<void> {
  const { view, selection, server, page } = context;
  const place = renderedPlace(view, promptAt(context)!, selection.address);
  if (place === null) return page.say("This prompt cannot be sent: look at what is wrong with it.");
  const made = await server.requestCode(place.node, place.at, place.row, language);
  if (made === null) return;
  await page.clipboard.write(made.code);
  page.say([`Copied as ${title}.`, made.notice ?? ""].join(" ").trim());
}

const languages = [
  ["curl", "curl"],
  ["python", "Python"],
  ["typescript", "TypeScript"],
] as const;

/** Requests to models as others have them: brought in as prompts, and taken out as code. */
export const requestActions: readonly Action[] = [
  defineAction({
    id: "cell.paste-request",
    group: "Cells",
    label: "Paste a request as a prompt cell",
    keywords: "curl openai anthropic json import clipboard",
    icon: "clipboard",
    async run(context) {
      const block = selectedBlock(context);
      const gap = block === null ? context.blocks.all.length : gapBelow(context.blocks, block);
      await pasteInto(context, await context.page.clipboard.read(), gap, { request: true });
    },
  }),
  defineAction({
    id: "cell.copy-as",
    group: "Cells",
    label: "Copy as code …",
    keywords: "request curl python typescript export snippet",
    icon: "copy",
    available: (context) => promptAt(context) !== null,
    async run(context) {
      const choices = languages.map(([value, label]) => ({ value, label }));
      const language = await context.page.choose("Copy as", choices, promptAt(context));
      const chosen = languages.find(([value]) => value === language);
      if (chosen !== undefined) await copyAs(context, chosen[0], chosen[1]);
    },
  }),
  ...languages.map(([language, title]) =>
    defineAction({
      id: `cell.copy-${language}`,
      group: "Cells",
      label: `Copy as ${title}`,
      keywords: "request code export snippet openai",
      icon: "copy",
      disabled: noPrompt,
      run: (context) => copyAs(context, language, title),
    }),
  ),
];
