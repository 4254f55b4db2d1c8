import { commonLabels, labelsText, type CellColumn, type GridColumn } from "./columns";

/** Columns of one cell that stand side by side: its variants, or the fields of its answer. */
export interface HeaderGroup {
  readonly name: string;
  /** Its kind, and the labels all of them have. */
  readonly words: string;
  readonly columns: readonly GridColumn[];
}

/** The columns in groups, in their order: a cell's columns that were put apart are groups of their own. */
export function headerGroups(columns: readonly GridColumn[]): readonly HeaderGroup[] {
  const groups: GridColumn[][] = [];
  for (const column of columns) {
    const last = groups.at(-1);
    const before = last?.[0];
    if (column.type === "cell" && before?.type === "cell" && before.node === column.node) last!.push(column);
    else groups.push([column]);
  }
  return groups.map((group) => ({ name: nameOf(group[0]!), words: wordsOf(group), columns: group }));
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
