import type { CellView, NodeView } from "#server/workbench/view.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { compareAddress } from "../compare/compare-address";
import {
  addModel,
  addWording,
  axisOf,
  readValues,
  sample,
  sweep,
  sweptParameters,
  type ComparedCell,
} from "../compare/compare-edits";
import { settingsCell } from "../notebook/settings-cell";
import { defineAction, inCommand, onCell, type Action } from "./action";
import { chosenCells, type ActionContext } from "./action-context";

interface Compared {
  readonly cell: CellView;
  readonly node: NodeView;
  /** The wording with the settings. */
  readonly settings: ComparedCell;
}

/** The one prompt that is selected; a word why there is none. */
function compared(context: ActionContext): Compared | string {
  const [path, ...more] = chosenCells(context);
  const cell = context.view.cells[context.selection.cell ?? ""] ?? context.view.cells[path ?? ""];
  const node = context.view.nodes[cell?.node ?? ""];
  if (cell?.kind !== "prompt" || node === undefined || more.length > 0) return "Select a prompt";
  return { cell, node, settings: settingsCell(context.view, cell) };
}

const none = (context: ActionContext): string | null => {
  const found = compared(context);
  return typeof found === "string" ? found : null;
};

/** Edits what is selected, in one step that is taken back as one. */
async function edit(
  context: ActionContext,
  edits: (found: Compared) => Promise<readonly Operation[] | null> | readonly Operation[] | null,
): Promise<void> {
  const found = compared(context);
  const operations = typeof found === "string" ? null : await edits(found);
  if (operations !== null && operations.length > 0) await context.server.edit(operations);
}

async function askModel(context: ActionContext): Promise<string | null> {
  const { page, view } = context;
  const other = "…";
  const known = [...Object.keys(view.head.head.models), ...(await context.models())];
  const choices = [
    ...[...new Set(known)].map((value) => ({ value, label: value })),
    { value: other, label: "Another …", hint: "by its whole name, provider/model" },
  ];
  const chosen = await page.choose("Compare with", choices, context.selection.cell);
  if (chosen !== other) return chosen;
  return page.askText({
    title: "Compare with another model",
    label: "Model, as provider/model",
    value: "",
    yes: "Compare",
    problem: (text) => (/^[^\s/]+\/\S+$/.test(text.trim()) ? null : "Write it as provider/model"),
  });
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
    available: (context) => typeof compared(context) !== "string",
    disabled: (context) => {
      const found = compared(context);
      if (typeof found === "string") return found;
      return found.node.sheet === null ? null : "In a sheet its variants stand side by side in their columns";
    },
    run(context) {
      const found = compared(context);
      if (typeof found !== "string") context.page.goTo(compareAddress(context.view.head.head.path, found.node.id));
    },
  }),
  defineAction({
    id: "compare.model",
    group: "Cells",
    label: "Compare with another model …",
    keywords: "add variant",
    keys: inCommand("Shift+m"),
    icon: "plus",
    disabled: none,
    run: (context) =>
      edit(context, async ({ settings }) => {
        const model = await askModel(context);
        return model === null ? null : addModel(settings, model.trim());
      }),
  }),
  defineAction({
    id: "compare.wording",
    group: "Cells",
    label: "Add a wording",
    keywords: "variant prompt text compare",
    keys: inCommand("Shift+w"),
    icon: "copy-plus",
    disabled: none,
    async run(context) {
      const found = compared(context);
      if (typeof found === "string") return;
      const { cell, node } = found;
      const wordings = node.cells.flatMap((path) => context.view.cells[path] ?? []);
      const labels = wordings.flatMap(({ label }) => label ?? []);
      const { operations, label } = addWording(cell, wordings.at(-1) ?? cell, labels);
      if (!(await context.server.edit(operations))) return;
      const added = `${cell.container === null ? "" : `${cell.container}.`}${cell.name}.${label}`;
      context.page.select({ cell: added, mode: "command" });
    },
  }),
  defineAction({
    id: "compare.sweep",
    group: "Cells",
    label: "Sweep a parameter …",
    keywords: "vary temperature top_p variant axis",
    icon: "plus",
    disabled: none,
    run: (context) =>
      edit(context, async ({ settings }) => {
        const choices = Object.keys(sweptParameters).map((value) => ({ value, label: value.replaceAll("_", " ") }));
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
      }),
  }),
  defineAction({
    id: "compare.samples",
    group: "Cells",
    label: "Ask several times …",
    keywords: "repeat samples n variance",
    icon: "plus",
    disabled: none,
    run: (context) =>
      edit(context, async ({ settings }) => {
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
      }),
  }),
];
