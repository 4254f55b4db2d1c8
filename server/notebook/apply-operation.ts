import { firstForms, type CellForms } from "./cell-forms.ts";
import type { Analyses } from "./body-references.ts";
import { insert } from "./edit/insert.ts";
import { move, remove } from "./edit/remove.ts";
import { rename } from "./edit/rename.ts";
import { setConfiguration, setFrontMatter } from "./edit/set-configuration.ts";
import { setConfigurationText } from "./edit/set-configuration-text.ts";
import { setKind } from "./edit/set-kind.ts";
import { setLabel } from "./edit/set-label.ts";
import { setProse } from "./edit/set-prose.ts";
import { setSource } from "./edit/set-source.ts";
import { applyEdits, inOrder, inverseOf } from "./edit/text-edits.ts";
import { parseNotebook } from "./format.ts";
import type { Diagnostic, Notebook } from "./notebook.ts";
import type { Operation, TextEdit } from "./operation.ts";

/** A text after an operation. */
export interface Applied {
  readonly text: string;
  /** The operation that gives the text before back, byte for byte. */
  readonly inverse: Operation;
  /** What changed, in ascending order; offsets count in the text before. */
  readonly edits: readonly TextEdit[];
  /** Places a rename could not follow the name to. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Applies an operation to the text of a notebook. Only the named cell's part changes, and where a longer fence is needed the fence lines
 * around it; new lines end as the file's do. `analyses` are needed by `rename` alone, to follow the name into SQL: what that reads, and which names are columns of tables.
 * Throws a `SheafError` with a code `operation.…`, having changed nothing, where the operation names nothing or would change other cells.
 */
export function applyOperation(
  text: string,
  operation: Operation,
  { forms = firstForms, sql = () => undefined, ...known }: { readonly forms?: CellForms } & Partial<Analyses> = {},
): Applied {
  const { edits, warnings } = editsOf(text, operation, forms, { sql, ...known });
  const ordered = inOrder(text, edits);
  return { text: applyEdits(text, ordered), inverse: inverseOf(text, ordered), edits: ordered, warnings };
}

function editsOf(
  text: string,
  operation: Operation,
  forms: CellForms,
  analyses: Analyses,
): { readonly edits: readonly TextEdit[]; readonly warnings: readonly Diagnostic[] } {
  if (operation.type === "rename") return rename(parseNotebook(text, forms), operation.cell, operation.to, analyses);
  if (operation.type === "edit") return { edits: operation.edits, warnings: [] };
  if (operation.type === "replace") {
    const { start, end } = operation;
    return { edits: [{ start, end, text: operation.text }], warnings: [] };
  }
  return { edits: structuralEdits(parseNotebook(text, forms), operation), warnings: [] };
}

function structuralEdits(
  notebook: Notebook,
  operation: Exclude<Operation, { readonly type: "rename" | "edit" | "replace" }>,
): readonly TextEdit[] {
  switch (operation.type) {
    case "set-source":
      return setSource(notebook, operation.cell, operation.source);
    case "set-configuration":
      return setConfiguration(notebook, operation.cell, operation.path, operation.value);
    case "set-configuration-text":
      return setConfigurationText(notebook, operation.cell, operation.text);
    case "set-front-matter":
      return setFrontMatter(notebook, operation.path, operation.value);
    case "set-kind":
      return setKind(notebook, operation.cell, operation.kind);
    case "set-label":
      return setLabel(notebook, operation.cell, operation.label);
    case "insert":
      return insert(notebook, operation.at, operation.text);
    case "remove":
      return remove(notebook, operation.cell);
    case "move":
      return move(notebook, operation.cell, operation.to);
    case "set-prose":
      return setProse(notebook, operation.segment, operation.text);
  }
}
