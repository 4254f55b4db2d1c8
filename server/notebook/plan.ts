import { agreesWith, variantsOf } from "./axis.ts";
import type { Address, Coordinates } from "./address.ts";
import type { Effect } from "./cell-kind.ts";
import { chosenVariants } from "./chosen-variants.ts";
import type { Graph, Node } from "./graph-node.ts";
import { wholeOf } from "./part-of-cell.ts";
import { dependenciesOf } from "./graph-read.ts";

/** What a person asks to be run. */
export type Scope =
  /** Whatever is not settled, everywhere. */
  | { readonly type: "stale" }
  /** The named cells with what they need; `outputs` of the front matter are such a list. */
  | {
      readonly type: "cells";
      readonly cells: readonly string[];
      /** Only variants with these labels. */ readonly at?: Coordinates;
    }
  /** Columns of sheets together: each cell at the variants that have its labels, and what those need at them. */
  | {
      readonly type: "columns";
      readonly columns: readonly { readonly cell: string; readonly at: Coordinates }[];
    }
  /** The named cells at the labels `choose` names, and of what they need those variants alone: what a caller asks for. */
  | { readonly type: "outputs"; readonly cells: readonly string[] }
  /** One cell alone: nothing it reads is brought up to date. */
  | { readonly type: "only"; readonly cell: string }
  /** One result alone, computed again: a variant, a row. */
  | { readonly type: "address"; readonly address: Address }
  /** A cell with everything that reads it, directly or not, and what those need. */
  | { readonly type: "downstream"; readonly cell: string }
  /** Everything again, settled or not. */
  | { readonly type: "all" };

/** Which rows of a sheet. `failed` are those whose outcome is an error; `empty` those without a result. */
export type RowScope =
  | { readonly type: "stale" }
  | { readonly type: "all" }
  | { readonly type: "first"; readonly count: number }
  | { readonly type: "rows"; readonly rows: readonly string[] }
  | { readonly type: "failed" }
  | { readonly type: "empty" };

/** What is to be done, symbolically: nothing in it grows with the number of rows. */
export interface Plan {
  readonly scope: Scope;
  /** In an order in which they can run: each after those it needs. */
  readonly steps: readonly Step[];
  /** Nodes of the scope that have a mistake; what reads them is a step, and blocked when it comes. */
  readonly blocked: readonly string[];
}

/** One node at all its variants, over some rows of its sheet or at its one place. */
export interface Step {
  readonly node: string;
  readonly variants: readonly Coordinates[];
  /** Null outside sheets. */
  readonly rows: RowScope | null;
  /** True: computed again even where a result is settled. */
  readonly force: boolean;
  readonly effect: Effect;
  /** Steps of this plan it must wait for. */
  readonly needs: readonly string[];
}

export interface PlanSettings {
  readonly effect: (node: Node) => Effect;
  /** Rows to run in each sheet; stale ones where a sheet is not named. */
  readonly rows?: { readonly [sheet: string]: RowScope };
  /** Rows for sheets that `rows` does not name. */
  readonly everySheet?: RowScope;
}

/** Works out which nodes a scope needs, and in which order. Whether a result is settled is asked for when its step comes, since earlier steps decide it. */
export function planRun(graph: Graph, scope: Scope, settings: PlanSettings): Plan {
  const chosen =
    scope.type === "outputs"
      ? chosenVariants(graph, scope.cells)
      : scope.type === "columns"
        ? variantsOfColumns(graph, scope.columns)
        : null;
  const wanted = scope.type === "outputs" || scope.type === "columns" ? chosen! : nodesOf(graph, scope);
  const steps: Step[] = [];
  const blocked: string[] = [];
  const out = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (!wanted.has(node.id)) continue;
    if (node.blocked !== null) {
      out.add(node.id);
      blocked.push(node.id);
      continue;
    }
    const dependencies = dependenciesOf(node, graph.sheets);
    const once = dependencies.length > 1 ? [...new Set(dependencies)] : dependencies;
    steps.push({
      node: node.id,
      variants: chosen?.get(node.id) ?? variantsAt(node, scope),
      rows: node.sheet === null ? null : rowsAt(node.sheet, scope, settings),
      force: isForced(scope, node),
      effect: settings.effect(node),
      needs: once.filter((id) => wanted.has(id) && !out.has(id)),
    });
  }
  return { scope, steps, blocked };
}

/** The addresses of a step outside sheets, or of one row inside, without holding them all. */
export function* addressesOf(
  step: Step,
  rows: Iterable<string> | null,
  sheet: string | null,
): Generator<{ readonly cell: string; readonly at: Coordinates }> {
  if (rows === null || sheet === null) {
    for (const at of step.variants) yield { cell: step.node, at };
    return;
  }
  for (const row of rows) for (const at of step.variants) yield { cell: step.node, at: { ...at, [sheet]: row } };
}

/** A node's variants: those that agree with the address or the labels that are asked for. */
function variantsAt(node: Node, scope: Scope): readonly Coordinates[] {
  const variants = variantsOf(node.axes);
  const at = scope.type === "address" ? scope.address.at : scope.type === "cells" ? scope.at : undefined;
  if (at === undefined) return variants;
  return variants.filter((variant) => agreesWith(variant, at));
}

/** For each node that columns need, the variants of it that any of them needs. */
function variantsOfColumns(
  graph: Graph,
  columns: Extract<Scope, { type: "columns" }>["columns"],
): ReadonlyMap<string, readonly Coordinates[]> {
  const labels = new Map<string, Coordinates[]>();
  for (const { cell, at } of columns)
    for (const id of closure(graph, [cell], (node) => dependenciesOf(node, graph.sheets)))
      labels.set(id, [...(labels.get(id) ?? []), at]);
  return new Map(
    [...labels].map(([id, own]) => [
      id,
      variantsOf(graph.nodes.get(id)!.axes).filter((variant) => own.some((at) => agreesWith(variant, at))),
    ]),
  );
}

function rowsAt(sheet: string, scope: Scope, { rows, everySheet }: PlanSettings): RowScope {
  const row = scope.type === "address" ? scope.address.at[sheet] : undefined;
  if (row !== undefined) return { type: "rows", rows: [row] };
  return rows?.[sheet] ?? everySheet ?? { type: scope.type === "all" ? "all" : "stale" };
}

function isForced(scope: Scope, node: Node): boolean {
  switch (scope.type) {
    case "all":
      return true;
    case "only":
      return wholeOf(node.id) === scope.cell;
    case "address":
      return true;
    case "cells":
      // What it reads is another thing each time, and no key says so: who runs it by its name wants it anew.
      return scope.cells.includes(node.id) && node.reads.some(({ type }) => type === "calls");
    case "stale":
    case "columns":
    case "outputs":
    case "downstream":
      return false;
  }
}

function nodesOf(graph: Graph, scope: Exclude<Scope, { type: "outputs" | "columns" }>): { has(node: string): boolean } {
  switch (scope.type) {
    case "all":
    case "stale":
      return new Set(graph.nodes.keys());
    case "cells":
      return closure(graph, scope.cells, (node) => dependenciesOf(node, graph.sheets));
    case "only":
      return partsOf(graph, scope.cell);
    case "address":
      return partsOf(graph, scope.address.cell);
    case "downstream": {
      const readers = readersOf(graph);
      const down = closure(graph, [scope.cell], (node) => readers.get(node.id) ?? []);
      return closure(graph, down, (node) => dependenciesOf(node, graph.sheets));
    }
  }
}

/** A cell with what it is made of: repeats that are made one value, what decides whether a sheet is computed, and its list of rows are computed with it. */
function partsOf(graph: Graph, cell: string): ReadonlySet<string> {
  return new Set([cell, `${cell}#each`, `${cell}#when`, `${cell}#rows`].filter((id) => graph.nodes.has(id)));
}

function closure(graph: Graph, start: Iterable<string>, next: (node: Node) => Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...start].filter((id) => graph.nodes.has(id));
  while (open.length > 0) {
    const id = open.pop()!;
    if (found.has(id)) continue;
    found.add(id);
    for (const other of next(graph.nodes.get(id)!)) if (graph.nodes.has(other) && !found.has(other)) open.push(other);
  }
  return found;
}

/** For each node, those that read it. */
export function readersOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const node of graph.nodes.values()) {
    for (const id of new Set(dependenciesOf(node, graph.sheets))) {
      const list = readers.get(id);
      if (list === undefined) readers.set(id, [node.id]);
      else list.push(node.id);
    }
  }
  return readers;
}
