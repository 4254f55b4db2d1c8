import { axesFit, modelAxis, ownAxes, type Axis } from "./axis.ts";
import type { CellKind } from "./cell-kind.ts";
import { cellProblem } from "./cell-problem.ts";
import type { Graph, Node, Read, Sheet } from "./graph-node.ts";
import { coveredReads } from "./covered-reads.ts";
import type { EarlyCell } from "./early-fields.ts";
import { frontProblems } from "./graph-front.ts";
import { nodeOrder } from "./graph-order.ts";
import { dependenciesOf } from "./graph-read.ts";
import { modelField } from "./model-field.ts";
import { isPartOfSheet, wholeOf } from "./part-of-cell.ts";
import { createScopes, type Draft } from "./graph-scopes.ts";
import type { Cell, Diagnostic, Notebook } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import type { CellError, Position } from "./value.ts";

/** What the graph is told besides the notebook: the kinds there are, and what each cell reads. */
export interface GraphSettings {
  readonly kinds: ReadonlyMap<string, CellKind>;
  /** The kind that makes one value of a cell's repeats. */
  readonly reduce: CellKind;
  /** The kind that decides whether a sheet is computed. */
  readonly condition: CellKind;
  /** The kind that computes the list a sheet goes over. */
  readonly rows: CellKind;
  /** What a cell's early fields came from; null where none of them is an expression. */
  readonly early?: (cell: Cell) => EarlyCell | null;
  /** The references in a cell's body and fields, found by the parsers of their languages. */
  readonly references: (cell: Cell) => readonly Reference[];
  /** Whether what a cell's SQL expression comes to at a row hangs on all rows. */
  readonly overRows?: (cell: Cell) => boolean;
}

/**
 * Builds the graph of a notebook. It never throws: what is wrong with a cell is a diagnostic on it and blocks that node and
 * its readers, and the rest can be computed.
 */
export function buildGraph(notebook: Notebook, settings: GraphSettings): Graph {
  const diagnostics: Diagnostic[] = [];
  const scopes = createScopes(notebook, settings, diagnostics);
  const drafts = scopes.drafts;
  const { order, cycles } = nodeOrder(drafts, (draft) => dependenciesOf(draft, scopes.sheets));

  for (const cycle of cycles) {
    const path = pathOf(cycle);
    for (const id of cycle) {
      const draft = drafts.get(id)!;
      if (draft.blocked?.code === "graph.cycle") continue;
      block(draft, diagnostics, {
        code: "graph.cycle",
        message: `\`${wholeOf(draft.name)}\` reads itself: ${path}`,
        cure: "Take one of these references away; a loop over earlier results is not a cell's own reading.",
      });
      drafts.get(wholeOf(id))!.blocked ??= draft.blocked;
    }
  }

  const nodes = new Map<string, Node>();
  for (const id of order) {
    const draft = drafts.get(id)!;
    const node = finish(draft, nodes, scopes.sheets, notebook, diagnostics);
    const overRows = draft.kind?.body === "expression-sql" && draft.wordings.some((cell) => settings.overRows?.(cell));
    nodes.set(id, overRows ? { ...node, overRows } : node);
  }
  diagnostics.push(...frontProblems(notebook.front, nodes));
  return { front: notebook.front, nodes, sheets: finishSheets(scopes.sheets, order, nodes), diagnostics };
}

/** A cycle in words: nodes by their cells, each once where a cell is several in a row. */
function pathOf(cycle: readonly string[]): string {
  const cells = [...cycle, cycle[0]!].map(wholeOf);
  const [first, ...rest] = cells.filter((cell, index) => cell !== cells[index - 1]);
  return [first, ...(rest.length === 0 ? [first] : rest)].join(" → ");
}

/** Says what is wrong with a cell at its place, and keeps it from running. The first reason stays. */
export function block(draft: Draft, diagnostics: Diagnostic[], error: CellError): void {
  const cell = draft.wordings[0]!;
  diagnostics.push(cellProblem(cell, error));
  draft.blocked ??= { ...error, position: error.position ?? cell.position };
}

function finish(
  draft: Draft,
  nodes: ReadonlyMap<string, Node>,
  sheets: ReadonlyMap<string, Sheet>,
  notebook: Notebook,
  diagnostics: Diagnostic[],
): Node {
  const cell = draft.wordings[0]!;
  const hasNoAxes = draft.reduces || cell.form?.body === "cells";
  const { axes: own, problems } = hasNoAxes ? { axes: [], problems: [] } : ownAxes(draft.wordings, notebook.text);
  for (const { field, message, cure } of problems) {
    const position = cell.configuration.positions[field];
    block(draft, diagnostics, { code: "graph.axis", message, cure, ...(position === undefined ? {} : { position }) });
  }
  const axes = joinAxes(draft, own, nodes, diagnostics);
  checkSheetName(draft, axes, nodes, diagnostics);
  for (const axis of own) warnUnread(axis, draft, diagnostics);
  for (const read of draft.reads) {
    // Of an axis that is declared wrongly that is told.
    const isDeclared = (name: string): boolean => problems.some(({ field }) => field === `vary.${name}`);
    if (read.type === "vary" && !axes.some((axis) => axis.name === read.axis) && !isDeclared(read.axis)) {
      const known = axes.map((axis) => axis.name);
      block(draft, diagnostics, {
        code: "graph.unknown-axis",
        message: `\`vary.${read.axis}\` is read, and \`${cell.name}\` has no axis \`${read.axis}\``,
        cure:
          known.length === 0 ? `Declare it: \`vary: { ${read.axis}: [a, b] }\`.` : `Its axes are ${known.join(", ")}.`,
        position: read.reference.position,
      });
    }
    const at = read.reference.at;
    const target = "node" in read ? nodes.get(read.node) : undefined;
    if (at !== null && target !== undefined) checkLabels(draft, read, target, diagnostics);
  }
  checkParts(draft, sheets, nodes, diagnostics);
  const { covers, reads } =
    draft.kind?.covers === true ? coveredReads(draft.reads, nodes, sheets) : { covers: [], reads: [] };
  return {
    id: draft.id,
    name: draft.name,
    wordings: draft.wordings,
    kind: draft.kind,
    sheet: draft.sheet,
    reads: reads.length === 0 ? draft.reads : [...draft.reads, ...reads],
    covers,
    axes,
    ownAxes: own,
    earlyInputs: draft.earlyInputs,
    reduces: draft.reduces,
    blocked: draft.blocked,
  };
}

/** The axes that travel along what a node reads, joined with its own; axes that do not fit block it. */
function joinAxes(
  draft: Draft,
  own: readonly Axis[],
  nodes: ReadonlyMap<string, Node>,
  diagnostics: Diagnostic[],
): readonly Axis[] {
  if (draft.kind?.body === "cells") return [];
  const axes: Axis[] = [...own];
  for (const read of draft.reads) {
    if (read.type !== "node" && read.type !== "meta") continue;
    const target = nodes.get(read.node);
    if (target === undefined) continue;
    for (const axis of target.axes) {
      if (read.reference.at !== null && axis.name in read.reference.at) continue;
      const mine = axes.find((other) => other.name === axis.name);
      if (mine === undefined) axes.push(axis);
      else if (!axesFit(mine, axis)) {
        block(draft, diagnostics, {
          code: "graph.axes-differ",
          message:
            `\`${wholeOf(draft.name)}\` varies \`${axis.name}\` over ${mine.labels.join(", ")} (declared by \`${mine.cell}\`) and reads ` +
            `\`${target.name}\`, which varies it over ${axis.labels.join(", ")} (declared by \`${axis.cell}\`)`,
          cure: otherName(axis.name, mine, wholeOf(draft.name)),
          position: read.reference.position,
        });
      }
    }
  }
  return axes;
}

/** A sheet is computed or skipped as a whole, and has its rows once: what says so has no variants. A mistake in a part of it is the sheet's own, and told once. */
function checkParts(
  draft: Draft,
  sheets: ReadonlyMap<string, Sheet>,
  nodes: ReadonlyMap<string, Node>,
  diagnostics: Diagnostic[],
): void {
  const own = sheets.get(draft.id);
  for (const read of draft.reads) {
    const target = "node" in read ? nodes.get(read.node) : undefined;
    if (target === undefined) continue;
    const isPart = isPartOfSheet(target.id) && wholeOf(target.id) === draft.id;
    if (isPart) draft.blocked ??= target.blocked;
    const isOnce = isPartOfSheet(draft.id) || (own?.rows === read && !isPart);
    if (!isOnce || (read.type !== "node" && read.type !== "meta")) continue;
    const axis = target.axes.find(({ name }) => !(name in (read.reference.at ?? {})));
    if (axis === undefined) continue;
    block(draft, diagnostics, partVaries(draft, target, axis, read.reference.position));
  }
}

function partVaries({ id, name }: Draft, target: Node, axis: Axis, position: Position): CellError {
  const reads = `of \`${wholeOf(name)}\` reads \`${target.name}\`, which varies \`${axis.name}\`, and a sheet`;
  return {
    ...(id.endsWith("#when")
      ? { code: "sheet.condition-varies", message: `\`when\` ${reads} is computed or skipped as a whole` }
      : { code: "sheet.rows-vary", message: `\`rows\` ${reads} has its rows once` }),
    cure: `Read one label: \`${isPartOfSheet(id) ? "" : "="}${target.name}.at(${axis.name}="${axis.labels[0]}")\`.`,
    position,
  };
}

/** A sheet may not be named as an axis in it: an address has its row under the sheet's name, beside the labels under those of the axes. */
function checkSheetName(
  draft: Draft,
  axes: readonly Axis[],
  nodes: ReadonlyMap<string, Node>,
  diagnostics: Diagnostic[],
): void {
  const axis = axes.find(({ name }) => name === draft.sheet);
  if (axis === undefined) return;
  const cell = draft.wordings[0]!;
  // Cells of the sheet that only read one that varies it are told there.
  const isTold = draft.reads.some((read) => {
    const target = "node" in read ? nodes.get(read.node) : undefined;
    return target?.sheet === draft.sheet && target.axes.some(({ name }) => name === axis.name);
  });
  block(draft, isTold ? [] : diagnostics, {
    code: "graph.axis",
    message: `\`${cell.name}\` varies \`${axis.name}\` in the sheet \`${draft.sheet}\`: its rows and its labels could not be told apart`,
    cure: "Rename the sheet or the axis.",
    position: cell.configuration.positions[`key:vary.${axis.name}`] ?? cell.position,
  });
}

function otherName(axis: string, mine: Axis, reader: string): string {
  const name = axis === modelAxis ? "judge" : `${reader}_${axis}`;
  const fields = axis === modelAxis ? `, model: =vary.${name}` : "";
  return `Give one of them another name, as in \`vary: { ${name}: [${mine.labels.join(", ")}] }${fields}\`, or read one label with \`.at(${axis}="…")\`.`;
}

function checkLabels(draft: Draft, read: Read, target: Node, diagnostics: Diagnostic[]): void {
  for (const [name, label] of Object.entries(read.reference.at!)) {
    const axis = target.axes.find((candidate) => candidate.name === name);
    if (axis !== undefined && axis.labels.includes(label)) continue;
    const known = axis === undefined ? target.axes.map((other) => other.name) : axis.labels;
    block(draft, diagnostics, {
      code: "graph.unknown-label",
      message:
        axis === undefined ? `\`${target.id}\` has no axis \`${name}\`` : `\`${target.id}\` has no ${name} ${label}`,
      cure:
        known.length === 0 ? `\`${target.id}\` has no axes: leave \`.at(…)\` out.` : `There are: ${known.join(", ")}.`,
      position: read.reference.position,
    });
  }
}

function warnUnread(axis: Axis, draft: Draft, diagnostics: Diagnostic[]): void {
  const implicit =
    axis.name === "repeat" || axis.name === "prompt" || (axis.name === modelAxis && modelField(draft.kind) === "model");
  if (implicit || draft.reads.some((read) => read.type === "vary" && read.axis === axis.name)) return;
  const cell = draft.wordings[0]!;
  diagnostics.push({
    severity: "warning",
    code: "graph.unread-axis",
    cell: cell.name,
    message: `\`${cell.name}\` varies \`${axis.name}\`, and nothing in it reads \`vary.${axis.name}\``,
    cure: `Use \`vary.${axis.name}\` in the cell, or take the axis away: each label costs a run.`,
    position: cell.configuration.positions[`key:vary.${axis.name}`] ?? cell.position,
  });
}

function finishSheets(
  sheets: ReadonlyMap<string, Sheet>,
  order: readonly string[],
  nodes: ReadonlyMap<string, Node>,
): ReadonlyMap<string, Sheet> {
  const finished = new Map<string, Sheet>();
  for (const [id, sheet] of sheets) {
    const own = order.filter((node) => nodes.get(node)!.sheet === id);
    const columns = new Set<string>();
    for (const binding of sheet.bindings) {
      if (binding.type === "column") columns.add(binding.column);
      if (binding.type === "expression")
        for (const read of binding.reads) if (read.type === "row") columns.add(read.column);
    }
    for (const node of own)
      for (const read of nodes.get(node)!.reads) if (read.type === "row") columns.add(read.column);
    finished.set(id, { ...sheet, nodes: own, reads: [...columns].sort() });
  }
  return finished;
}
