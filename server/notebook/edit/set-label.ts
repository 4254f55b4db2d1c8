import { cellsOf } from "../cells-of.ts";
import { foldName, isWordingLabel } from "../names.ts";
import type { Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { target } from "./target.ts";

/** Gives a cell a label, so that it is one wording of its name beside others: `topic` becomes `topic.first`. What reads `topic` reads it still. */
export function setLabel(notebook: Notebook, path: string, label: string): TextEdit[] {
  const { cell, container } = target(notebook, path);
  if (!isWordingLabel(label))
    throw new SheafError("operation.label", `\`${label}\` cannot be the label of a wording`, {
      cure: "Use letters, digits, `_` and `-`, and no `-` first.",
    });
  const taken = cellsOf(notebook).some(
    (other) =>
      other.cell !== cell &&
      other.container === container &&
      foldName(other.cell.name) === foldName(cell.name) &&
      foldName(other.cell.label ?? "") === foldName(label),
  );
  if (taken)
    throw new SheafError("operation.label", `\`${cell.name}.${label}\` is there already`, {
      cure: "Choose another label.",
    });
  const end = cell.position.offset + cell.position.length;
  const start = cell.label === null ? end : end - cell.label.length - 1;
  return [{ start, end, text: `.${label}` }];
}
