import type { AxisNames, CompletionNames } from "#server/language/index.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { listNames } from "#server/notebook/list-names.ts";
import { addressText } from "#server/notebook/address.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import type { CellView, NodeView, NotebookView } from "#server/workbench/view.ts";

/** What of a page's view the names of its cells come of. */
export type NamesView = Pick<NotebookView, "head" | "cells" | "nodes" | "results" | "sheets">;

/** What a name stands for: where it is, and what is known of its value. */
export type NamedThing =
  | { readonly type: "input"; readonly name: string }
  | {
      readonly type: "cell";
      /** As it is written: `topic`, `triage.correct`. */
      readonly name: string;
      /** The path of its cell, the first where it has wordings. */
      readonly path: string;
      readonly kind: string;
      /** The node that is read; null where there is none yet. */
      readonly node: string | null;
      readonly members: readonly string[];
      readonly axes: readonly AxisNames[];
    };

/** The names a cell's text may use, from what the page was told. */
export interface PageNames {
  readonly things: ReadonlyMap<string, NamedThing>;
  /** Columns of the row, in a sheet. */
  readonly row: readonly string[] | undefined;
  /** The axes the cell is on. */
  readonly axes: readonly AxisNames[] | undefined;
  readonly others: readonly string[];
}

/** The names that the cell at a path sees. Its own is none of them. */
export function pageNames(view: NamesView, path: string): PageNames {
  const things = new Map<string, NamedThing>();
  const cell = view.cells[path];
  const sheet = cell?.container ?? null;
  for (const { name } of view.head.head.inputs) things.set(name, { type: "input", name });
  for (const other of Object.values(view.cells)) {
    if (other.container === null && other.name !== cell?.name && other.name !== sheet)
      add(things, other.name, other, nodeAt(view, sheet, other.name) ?? view.nodes[other.name], view);
    if (other.container === null) continue;
    const outside = `${other.container}.${other.name}`;
    if (other.container === sheet && other.name !== cell?.name)
      add(things, other.name, other, view.nodes[outside], view);
    if (other.container !== sheet) add(things, outside, other, view.nodes[outside], view);
  }
  // Cells outside that a sheet shows as columns.
  for (const node of Object.values(view.nodes)) {
    const shown = view.cells[node.cells[0] ?? ""];
    if (node.sheet !== null && node.sheet !== sheet && shown !== undefined) add(things, node.id, shown, node, view);
  }
  const own = cell?.node == null ? undefined : view.nodes[cell.node];
  return {
    things,
    row: sheet === null ? undefined : rowColumns(view, sheet),
    axes: own === undefined || own.axes.length === 0 ? undefined : own.axes,
    others: [...new Set([...ownNames(cell?.kind), ...(isOverList(view, sheet ?? path) ? listNames : [])])],
  };
}

/** What a kind itself gives its text and fields. */
function ownNames(kind: string | undefined): readonly string[] {
  return kind === "retrieve" ? ["item"] : kind === "score" ? ["output", "expected"] : [];
}

/** Whether a cell is a sheet whose rows are the elements of a list. */
function isOverList({ nodes }: NamesView, sheet: string): boolean {
  return nodes[sheet]?.overList === true;
}

/** The same for the language's completion. */
export function completionNames({ things, row, axes, others }: PageNames): CompletionNames {
  const all = [...things.values()];
  return {
    inputs: all.flatMap((thing) => (thing.type === "input" ? [thing.name] : [])),
    cells: all.flatMap((thing) =>
      thing.type === "cell"
        ? [
            {
              name: thing.name,
              members: thing.members,
              ...(thing.axes.length === 0 ? {} : { axes: thing.axes }),
            },
          ]
        : [],
    ),
    ...(row === undefined ? {} : { row }),
    ...(axes === undefined ? {} : { axes }),
    others,
  };
}

/** What a name and its members stand for, `["triage", "correct", "score"]`, with how many of them say so. */
export function namedThing(
  { things }: PageNames,
  path: readonly string[],
): { readonly thing: NamedThing; readonly length: number } | null {
  for (const length of [2, 1]) {
    const thing = path.length < length ? undefined : things.get(path.slice(0, length).join("."));
    if (thing !== undefined) return { thing, length };
  }
  return null;
}

/** The same text for the same thing, however it is written. */
export function thingKey(thing: NamedThing): string {
  return thing.type === "input" ? `input ${thing.name}` : `cell ${thing.node ?? thing.name}`;
}

/** The value shown of a node outside sheets: at its chosen labels. */
export function shownResult(view: NamesView, node: string | null): NotebookView["results"][string] | undefined {
  const found = node === null ? undefined : view.nodes[node];
  return found === undefined ? undefined : view.results[addressText({ cell: found.id, at: found.chosen })];
}

function nodeAt(view: NamesView, sheet: string | null, name: string): NodeView | undefined {
  return sheet === null ? undefined : view.nodes[`${sheet}.${name}`];
}

function add(
  things: Map<string, NamedThing>,
  name: string,
  cell: CellView,
  node: NodeView | undefined,
  view: NamesView,
): void {
  if (things.has(name)) return;
  const { kind, path } = cell;
  const axes = node?.axes ?? [];
  things.set(name, {
    type: "cell",
    name,
    path,
    kind,
    node: node?.id ?? null,
    members: membersOf(cell, node, view),
    axes,
  });
}

function membersOf(cell: CellView, node: NodeView | undefined, view: NamesView): readonly string[] {
  if (cell.kind === "sheet") {
    const columns = view.sheets[cell.name]?.columns.map((id) => view.nodes[id]?.name ?? id.replace(/^.*\./, "")) ?? [];
    return [...new Set([...rowColumns(view, cell.name), ...columns])];
  }
  if (cell.kind === "score") return ["score", "pass", "reason"];
  return valueMembers(shownResult(view, node?.id ?? null)?.value ?? null);
}

/** What can stand behind the dot of a value. */
function valueMembers(value: Value | null): readonly string[] {
  if (value === null) return [];
  if (value.type === "table") return value.value.columns.map(({ name }) => name);
  return value.type === "json" ? datumMembers(value.value) : [];
}

function datumMembers(datum: Datum): readonly string[] {
  const one: Datum | undefined = Array.isArray(datum) ? (datum as readonly Datum[])[0] : datum;
  return isMapping(one) ? Object.keys(one) : [];
}

/** The columns of a sheet's rows: as the sheet has them, or while it has none those of the table that gives them. */
export function rowColumns(view: NamesView, sheet: string): readonly string[] {
  if (isOverList(view, sheet)) return listNames;
  const known = view.sheets[sheet]?.rowColumns ?? [];
  if (known.length > 0) return known.map(({ name }) => name);
  const rows = view.cells[sheet]?.configuration["rows"];
  return typeof rows === "string" ? valueMembers(shownResult(view, rows)?.value ?? null) : [];
}
