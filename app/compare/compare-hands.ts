import { parseAddress } from "#server/notebook/address.ts";
import { hasExpression } from "#server/notebook/expressions-of.ts";
import type { Operation } from "#server/notebook/operation.ts";
import type { CellView, NodeView } from "#server/workbench/view.ts";
import type { ActionContext } from "../actions/action-context";
import { api } from "~/api";
import { modelsOfSettings, notTaken } from "../inspector/not-taken";
import { openSheet } from "../sheet/open-sheets";
import { shortNames } from "../models/offered-models";
import { settingsCell } from "../notebook/settings-cell";
import { compareAddress } from "./compare-address";
import {
  addModel,
  addWording,
  axisOf,
  readValues,
  sample,
  sweep,
  sweptParameters,
  type ComparedCell,
} from "./compare-edits";

/** The prompt that is compared. */
export interface Compared {
  readonly cell: CellView;
  readonly node: NodeView;
}

/** Edits it, in one step that is taken back as one. */
async function edit(
  context: ActionContext,
  { cell }: Compared,
  edits: (settings: ComparedCell) => Promise<readonly Operation[] | null>,
): Promise<void> {
  const settings = settingsCell(context.view, cell);
  // What is compared is not said in the cell, but by an input: written out it would go by that no more.
  const computed = ["models", "vary", "repeat"].find((key) => hasExpression(settings.configuration[key] ?? null));
  if (computed !== undefined) {
    context.page.say(
      `\`${computed}\` of ${cell.name} is an expression. Change it in the cell's settings, or the inputs it reads.`,
    );
    return;
  }
  const operations = await edits(settings);
  if (operations !== null && operations.length > 0) await context.server.edit(operations);
}

/** Goes to the page on which its variants stand side by side; of one in a sheet in the row that is selected, or the first. */
export async function openComparison(context: ActionContext, { node }: Compared): Promise<void> {
  context.page.goTo(compareAddress(context.view.head.head.path, node.id, selectedRow(context, node.sheet)));
}

function selectedRow({ selection }: ActionContext, sheet: string | null): number | null {
  if (sheet === null || selection.address === null) return null;
  const row = parseAddress(selection.address).at[sheet];
  const rows = openSheet(sheet)?.model.rows;
  return row === undefined ? null : (rows?.row(rows.placeOf(row))?.ordinal ?? null);
}

/** Asks for another model to compare with. */
export function compareModel(context: ActionContext, compared: Compared): Promise<void> {
  return edit(context, compared, async (settings) => {
    const model = await askModel(context);
    return model === null ? null : addModel(settings, model);
  });
}

async function askModel(context: ActionContext): Promise<string | null> {
  const { page, view } = context;
  const own = shortNames(view.head.head.models);
  const others = (await context.models()).filter(({ name }) => own.every((each) => each.name !== name));
  const items = [...own, ...others].map(({ name, words }) => ({
    value: name,
    label: name,
    keywords: words,
    group: words,
  }));
  const names = new Set(items.map(({ value }) => value));
  return page.find({
    label: "Compare with",
    placeholder: "Part of a model's name, or all of it: provider/model …",
    items,
    other: (text) =>
      /^[^\s/]+\/\S+$/.test(text) && !names.has(text) ? { value: text, label: text, group: "another model" } : null,
  });
}

/** Puts another wording beside the last, and selects it. */
export async function compareWording(context: ActionContext, { cell, node }: Compared): Promise<void> {
  const wordings = node.cells.flatMap((path) => context.view.cells[path] ?? []);
  const labels = wordings.flatMap(({ label }) => label ?? []);
  const { operations, label } = addWording(cell, wordings.at(-1) ?? cell, labels);
  if (!(await context.server.edit(operations))) return;
  const added = `${cell.container === null ? "" : `${cell.container}.`}${cell.name}.${label}`;
  context.page.select({ cell: added, mode: "command" });
}

/** Asks for a parameter and its values. */
export function compareValues(context: ActionContext, compared: Compared): Promise<void> {
  return edit(context, compared, async (settings) => {
    const models = modelsOfSettings(settings.configuration, context.view.head.head.models);
    const known = await api.models.known.query({ names: models.filter((name) => name !== null) });
    const choices = Object.keys(sweptParameters).map((value) => {
      const { reason, isOffered } = notTaken(value, models, known) ?? { reason: "", isOffered: true };
      return { value, label: value.replaceAll("_", " "), hint: reason, disabled: isOffered ? null : reason };
    });
    const parameter = await context.page.choose("Sweep", choices, context.selection.cell);
    if (parameter === null) return null;
    const now = axisOf(settings.configuration, parameter);
    const text = await context.page.askText({
      title: `Sweep ${parameter.replaceAll("_", " ")}`,
      label: "Values, with commas between them; one alone sets it, none leaves it to the model",
      value: (now.length > 0 ? now : sweptParameters[parameter]!).join(", "),
      yes: "Compare",
    });
    return text === null ? null : sweep(settings, parameter, readValues(text));
  });
}

/** Asks how many answers each variant is to give. */
export function compareSamples(context: ActionContext, compared: Compared): Promise<void> {
  return edit(context, compared, async (settings) => {
    const text = await context.page.askText({
      title: "Ask several times",
      label: "Answers of each variant",
      value: String(settings.configuration["repeat"] ?? 3),
      yes: "Ask",
      problem: (answer) =>
        Number.isInteger(Number(answer)) && Number(answer) >= 1 && Number(answer) <= 1_000
          ? null
          : "Enter a whole number from 1 to 1,000",
    });
    return text === null ? null : sample(settings, Number(text));
  });
}
