import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { ColumnRef } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { cellSetting } from "../notebook/cell-setting";
import { variantLabel } from "../results/variant-label";
import type { CellView, NodeView, NotebookView, SheetView } from "#server/workbench/view.ts";

/** A column of the grid: of the sheet's rows, or the results of one of its cells at one variant. */
export type GridColumn = RowColumn | CellColumn;

export interface RowColumn {
  readonly type: "row";
  readonly id: string;
  readonly name: string;
  /** What its values are, in a word. */
  readonly word: string;
  readonly numeric: boolean;
}

export interface CellColumn {
  readonly type: "cell";
  readonly id: string;
  /** The node's id, and the cell's name in the sheet. */
  readonly node: string;
  readonly cell: string;
  readonly kind: string;
  /** Its variant, without a repeat: repeats are one column. */
  readonly at: Coordinates;
  /** A field of an answer that is an object. */
  readonly field: string | null;
  /** Its place among the variants of its cell, several where it has repeats. */
  readonly places: readonly number[];
  /** What tells it from the columns beside it of the same cell: its labels, or its field; empty for an only one. */
  readonly label: string;
  /** Variants that are not shown beside it; 0 where all are. */
  readonly folded: number;
  /** The score that judges it at the same variant, by its cell's name. */
  readonly score: string | null;
  /** How a person's entry in a label column is read: its `type:`. */
  readonly entry: Datum | null;
  readonly numeric: boolean;
}

/** So many variants stand side by side; more are a matrix. */
export const mostBeside = 6;
/** So many fields of an object are columns of their own. */
const mostFields = 12;
const repeat = "repeat";

/** The columns a sheet has, in its own order. `open` names variants, by cell, that are shown although there are many. */
export function sheetColumns(
  sheet: SheetView,
  { nodes, cells }: Pick<NotebookView, "nodes" | "cells">,
  open: { readonly [cell: string]: readonly string[] },
): readonly GridColumn[] {
  const rows = sheet.rowColumns.map(({ name, type }): RowColumn => {
    const word = typeWord(type);
    return { type: "row", id: `row ${name}`, name, word, numeric: word === "number" };
  });
  const scores = scoresOf(sheet, nodes, cells);
  return [
    ...rows,
    ...sheet.columns.flatMap((id) => {
      const node = nodes[id];
      if (node === undefined) return [];
      const cell = cells[node.cells[0] ?? ""];
      return cellColumns(node, cell, scores.get(node.name) ?? null, open[node.name] ?? []);
    }),
  ];
}

function cellColumns(
  node: NodeView,
  cell: CellView | undefined,
  score: string | null,
  open: readonly string[],
): readonly CellColumn[] {
  const groups = variantGroups(node);
  const isChosen = ({ at }: VariantGroup): boolean =>
    Object.entries(node.chosen).every(([axis, label]) => at[axis] === undefined || at[axis] === label);
  const many = groups.length > mostBeside;
  const shown = many ? groups.filter((group) => isChosen(group) || open.includes(group.text)) : groups;
  const common = commonLabels(shown.map(({ at }) => at));
  const fields = groups.length > 1 ? [] : fieldsOf(cell?.configuration["schema"]);
  const labelType = cell === undefined ? undefined : cellSetting(cell, "type");
  return shown.flatMap((group): CellColumn[] => {
    const column: CellColumn = {
      type: "cell",
      id: `cell ${node.name}${group.text}`,
      node: node.id,
      cell: node.name,
      kind: node.kind,
      at: group.at,
      field: null,
      places: group.places,
      label: labelsText(group.at, common),
      folded: groups.length - shown.length,
      score,
      entry: node.kind === "label" ? (labelType ?? "string") : null,
      numeric: node.kind === "label" && labelType === "number",
    };
    if (fields.length === 0 || node.kind !== "prompt") return [column];
    return fields.map(({ name, numeric }) => ({
      ...column,
      id: `${column.id}.${name}`,
      field: name,
      label: name,
      numeric,
    }));
  });
}

export interface VariantGroup {
  readonly at: Coordinates;
  /** The one text of its labels. */
  readonly text: string;
  readonly places: readonly number[];
}

/** The variants of a node, those that differ in their repeat alone together. */
export function variantGroups({ axes }: Pick<NodeView, "axes">): readonly VariantGroup[] {
  let variants: Coordinates[] = [{}];
  for (const { name, labels } of axes)
    variants = variants.flatMap((at) => labels.map((label) => ({ ...at, [name]: label })));
  const groups = new Map<string, { at: Coordinates; text: string; places: number[] }>();
  for (const [place, variant] of variants.entries()) {
    const { [repeat]: _, ...at } = variant;
    const text = variantText(at);
    const group = groups.get(text) ?? { at, text, places: [] };
    group.places.push(place);
    groups.set(text, group);
  }
  return [...groups.values()];
}

/** The one text of a variant's labels, whatever their order. */
export function variantText(at: Coordinates): string {
  return JSON.stringify(Object.entries(at).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Labels that all of several variants have. */
export function commonLabels(variants: readonly Coordinates[]): Coordinates {
  const [first = {}, ...others] = variants;
  if (others.length === 0) return {};
  return Object.fromEntries(Object.entries(first).filter(([axis, label]) => others.every((at) => at[axis] === label)));
}

/** Labels in words, without those that are common: `small · 5 shots`. */
export function labelsText(at: Coordinates, common: Coordinates = {}): string {
  return variantLabel(Object.fromEntries(Object.entries(at).filter(([axis]) => !(axis in common))));
}

/** For each cell that a score judges, the score: the first whose `output` is the cell and whose variants are the cell's. */
function scoresOf(
  { columns }: SheetView,
  nodes: NotebookView["nodes"],
  cells: NotebookView["cells"],
): ReadonlyMap<string, string> {
  const scores = new Map<string, string>();
  for (const id of columns) {
    const score = nodes[id];
    if (score?.kind !== "score") continue;
    const output = cells[score.cells[0] ?? ""]?.configuration["output"];
    const judged = typeof output === "string" ? /^=\s*(\w+)\s*$/.exec(output)?.[1] : undefined;
    const node = columns.map((each) => nodes[each]).find((each) => each?.name === judged);
    if (node === undefined || scores.has(node.name)) continue;
    const sameAxes =
      node.axes.length === score.axes.length &&
      node.axes.every(({ name }) => score.axes.some((axis) => axis.name === name));
    if (sameAxes) scores.set(node.name, score.name);
  }
  return scores;
}

/** The fields of an object that a `schema:` describes, in JSON Schema or in its short form. */
function fieldsOf(schema: Datum | undefined): readonly { readonly name: string; readonly numeric: boolean }[] {
  if (!isMapping(schema)) return [];
  const isJsonSchema = ["enum", "const", "items", "anyOf", "oneOf", "allOf", "$ref", "$schema"].some(
    (key) => key in schema,
  );
  const properties = schema["properties"];
  const members = isMapping(properties) ? properties : isJsonSchema || typeof schema["type"] === "string" ? {} : schema;
  const names = Object.keys(members);
  if (names.length > mostFields) return [];
  return names.map((name) => {
    const member = members[name];
    const type =
      typeof member === "object" && member !== null ? (member as { readonly [key: string]: Datum })["type"] : member;
    return { name, numeric: type === "number" || type === "integer" };
  });
}

/** The column as filters, sorting and figures name it. */
export function columnRef(column: GridColumn): ColumnRef {
  if (column.type === "row") return { type: "row", column: column.name };
  const { cell, at, field } = column;
  return { type: "cell", cell, at, ...(field === null ? {} : { field }) };
}

/** A column's name for those who hear it. */
export function headerLabel(column: GridColumn): string {
  if (column.type === "row") return `${column.name}, ${column.word}`;
  return [column.cell, column.label, column.kind].filter((word) => word !== "").join(", ");
}

/** DuckDB's type in the word people have for it. */
function typeWord(sql: string): string {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DECIMAL|DOUBLE|FLOAT|REAL|number)/i.test(sql)) return "number";
  if (/^bool/i.test(sql)) return "boolean";
  if (/^(?:JSON|STRUCT|MAP)|\[\]$/i.test(sql)) return "json";
  if (/^(?:DATE|TIME)/i.test(sql)) return "date";
  return "string";
}
