import type { Coordinates } from "#server/notebook/address.ts";
import { commonLabels, labelsText, variantText, type GridColumn } from "./columns";

/** What takes one place across a sheet: a column, or the columns of a cell whose labels go down, a line each. */
export interface ColumnSlot {
  /** What its head names: its column, of several without the labels that tell its lines. */
  readonly head: GridColumn;
  readonly lines: readonly SlotLine[];
}

export interface SlotLine {
  readonly column: GridColumn;
  /** Its line within a row, from 0; null for a column that is as high as its row. */
  readonly line: number | null;
  /** The labels that stand in front of it. */
  readonly label: string;
}

/** Columns by their places across, in their order: those that differ in a label of an axis that goes down share one, which stands where the first of them does. Lines of the same labels are level. */
export function columnSlots(
  columns: readonly GridColumn[],
  { down, pinned }: { readonly down: readonly string[]; readonly pinned: readonly string[] },
  /** All columns in the order that lines are to have. */
  inOrder: readonly GridColumn[] = columns,
): readonly ColumnSlot[] {
  const lines = linesOf(inOrder, columns, down);
  const slots = new Map<string, { head: GridColumn; lines: SlotLine[] }>();
  for (const column of columns) {
    const { across, below } = split(column, down);
    if (column.type === "row" || Object.keys(below).length === 0) {
      slots.set(column.id, { head: column, lines: [{ column, line: null, label: "" }] });
      continue;
    }
    const key = JSON.stringify([column.node, column.field, pinned.includes(column.id), variantText(across)]);
    const slot = slots.get(key) ?? { head: { ...column, at: across }, lines: [] };
    const line = lines.get(axesText(below))!.indexOf(variantText(below));
    slot.lines.push({ column, line, label: labelsText(below) });
    slots.set(key, slot);
  }
  const all = [...slots.values()];
  return all.map(({ head, lines: own }) => ({
    head: own[0]!.line === null ? head : labelled(head, all),
    lines: own.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0)),
  }));
}

/** How many lines a row has. */
export function linesOfRow(slots: readonly ColumnSlot[]): number {
  return Math.max(1, ...slots.flatMap(({ lines }) => lines.map(({ line }) => (line ?? 0) + 1)));
}

/** The first of a slot's columns: its width, its order and what it is known by are the slot's. */
export function leadOf({ lines }: ColumnSlot): GridColumn {
  return lines[0]!.column;
}

/** Axes of which columns have different labels. */
export function axesOf(columns: readonly GridColumn[]): readonly string[] {
  const labels = new Map<string, Set<string>>();
  for (const column of columns)
    for (const [axis, label] of Object.entries(column.type === "cell" ? column.at : {}))
      labels.set(axis, (labels.get(axis) ?? new Set()).add(label));
  return [...labels].flatMap(([axis, { size }]) => (size > 1 ? [axis] : []));
}

/** The labels of each line, of columns with the same axes: those that are shown, in their order. */
function linesOf(
  inOrder: readonly GridColumn[],
  shown: readonly GridColumn[],
  down: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const isShown = new Set(shown.map((column) => variantText(split(column, down).below)));
  const lines = new Map<string, Set<string>>();
  for (const column of [...inOrder, ...shown]) {
    const { below } = split(column, down);
    const text = variantText(below);
    if (isShown.has(text)) lines.set(axesText(below), (lines.get(axesText(below)) ?? new Set()).add(text));
  }
  return new Map([...lines].map(([axes, texts]) => [axes, [...texts]]));
}

function split(
  column: GridColumn,
  down: readonly string[],
): { readonly across: Coordinates; readonly below: Coordinates } {
  const labels = Object.entries(column.type === "cell" ? column.at : {});
  return {
    across: Object.fromEntries(labels.filter(([axis]) => !down.includes(axis))),
    below: Object.fromEntries(labels.filter(([axis]) => down.includes(axis))),
  };
}

function axesText(at: Coordinates): string {
  return Object.keys(at).toSorted().join(" ");
}

/** A head with what tells it from the others of its cell. */
function labelled(head: GridColumn, slots: readonly { readonly head: GridColumn }[]): GridColumn {
  if (head.type === "row") return head;
  const beside = slots.flatMap(({ head: other }) =>
    other.type === "cell" && other.node === head.node ? [other.at] : [],
  );
  return { ...head, label: labelsText(head.at, beside.length > 1 ? commonLabels(beside) : head.at) };
}
