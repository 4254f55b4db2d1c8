import type { ColumnSlot } from "./column-slots";
import { commonLabels, labelsText, type CellColumn, type GridColumn } from "./columns";

/** Places of one cell that stand side by side: its variants, or the fields of its answer. */
export interface HeaderGroup {
  readonly name: string;
  /** Its kind, and the labels all of them have. */
  readonly words: string;
  readonly slots: readonly ColumnSlot[];
}

/** The places in groups, in their order: a cell's that were put apart are groups of their own. */
export function headerGroups(slots: readonly ColumnSlot[]): readonly HeaderGroup[] {
  const groups: ColumnSlot[][] = [];
  for (const slot of slots) {
    const last = groups.at(-1);
    const before = last?.[0]?.head;
    if (slot.head.type === "cell" && before?.type === "cell" && before.node === slot.head.node) last!.push(slot);
    else groups.push([slot]);
  }
  return groups.map((group) => ({
    name: nameOf(group[0]!.head),
    words: wordsOf(group.map(({ head }) => head)),
    slots: group,
  }));
}

function nameOf(column: GridColumn): string {
  return column.type === "row" ? column.name : column.cell;
}

function wordsOf(group: readonly GridColumn[]): string {
  const [first] = group;
  if (first === undefined) return "";
  if (first.type === "row") return first.word;
  const common = commonLabels(group.map((column) => (column as CellColumn).at));
  const labels = labelsText(common);
  return labels === "" ? first.kind : `${first.kind} · ${labels}`;
}
