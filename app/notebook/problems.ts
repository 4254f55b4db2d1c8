import type { Diagnostic } from "#server/notebook/notebook.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import { mistakeOf } from "./mistake-of";

/** Something that is wrong in a notebook, and where to go for it. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** The cell to go to; null for the head of the notebook. */
  readonly block: string | null;
  /** The cell's name, or what else it is about. */
  readonly subject: string;
  readonly message: string;
  readonly cure: string | null;
  /** The line in the file; null where none is known. */
  readonly line: number | null;
}

/** All that is wrong in a notebook, in the order of the page: its text, cells that cannot run, and results that failed. */
export function problemsOf(view: NotebookView): readonly Problem[] {
  const { head, cells, nodes } = view;
  const order = new Map(head.head.order.map((block, index) => [block.type === "cell" ? block.path : "", index]));
  const placeOf = ({ block }: Problem): number =>
    block === null ? -1 : (order.get(block) ?? order.get(block.split(".")[0]!) ?? order.size);
  const found: readonly Problem[] = [
    ...head.head.diagnostics.map((one) => ({ ...ofText(one), block: null, subject: "notebook" })),
    ...Object.entries(cells).flatMap(([block, { diagnostics }]) =>
      diagnostics.map((one) => ({ ...ofText(one), block, subject: block })),
    ),
    ...Object.values(nodes).flatMap((node) => problemsOfNode(node, view)),
  ];
  const distinct = new Map(found.map((one) => [`${one.block} ${one.subject} ${one.message}`, one]));
  return [...distinct.values()].sort((left, right) => placeOf(left) - placeOf(right));
}

function problemsOfNode(node: NodeView, { cells, results, sheets }: NotebookView): readonly Problem[] {
  const block = node.sheet === null ? (node.cells[0] ?? node.id) : node.sheet;
  if (node.blocked !== null) {
    // What is wrong with its text is told already, and is why.
    return mistakeOf(node, cells) !== null
      ? []
      : [{ ...ofError(node.blocked), block: node.cells[0] ?? block, subject: node.name }];
  }
  const unopened = sheets[node.id]?.problem ?? null;
  if (unopened !== null) return [{ ...ofError(unopened), block, subject: node.name }];
  const failed = failedRows(sheets, node);
  if (failed > 0) {
    const message = failed === 1 ? "one row failed" : `${failed.toLocaleString("en")} rows failed`;
    const cure = "Filter the sheet by them, or run the failed ones again.";
    return [{ severity: "error", block, subject: node.id, message, cure, line: null }];
  }
  return node.addresses.flatMap((address) => {
    const { error = null, outcome = null, at = {} } = results[address] ?? {};
    // A mistake in its text is told with the text.
    if (error === null || outcome !== "error" || mistakeOf(node, cells, address) !== null) return [];
    const labels = Object.values(at).join(" · ");
    return [{ ...ofError(error), block, subject: labels === "" ? node.id : `${node.id} · ${labels}` }];
  });
}

function failedRows(sheets: NotebookView["sheets"], { sheet, name }: NodeView): number {
  const counts = sheet === null ? [] : (sheets[sheet]?.counts[name] ?? []);
  return counts.reduce((sum, { outcomes }) => sum + (outcomes.error ?? 0), 0);
}

function ofText({ severity, message, cure, position }: Diagnostic): Omit<Problem, "block" | "subject"> {
  return { severity, message, cure: cure ?? null, line: position.line };
}

function ofError({ message, cure }: CellError): Omit<Problem, "block" | "subject"> {
  return { severity: "error", message, cure: cure ?? null, line: null };
}
