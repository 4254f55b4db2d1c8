import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { isAt, repeatAxis, variantsOf } from "#server/notebook/axis.ts";
import type { ResultElements, ResultNumber, ResultSummary } from "#server/notebook/cell-kind.ts";
import { continuesOnError } from "#server/notebook/continues-on-error.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { toLanguageValue } from "#server/notebook/language-value.ts";
import type { Datum, Table, Value } from "#server/notebook/value.ts";
import type { NodeSpec, RowFreshness, SheetCells, VariantCounts } from "#server/tables/sheet-store.ts";
import { answeringNodes } from "./answering-nodes.ts";
import type { RunContext } from "./run-context.ts";
import { nodeSpec } from "./sheet-frame.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { SessionState } from "./session-state.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** A sheet's nodes as the store needs them, in order. */
export function sheetSpecs(sheet: string, { state }: Context): readonly NodeSpec[] {
  const lookup = sessionLookup(state);
  const frame = state.frames.get(sheet);
  return state.graph.sheets
    .get(sheet)!
    .nodes.map((id) => nodeSpec(state.graph.nodes.get(id)!, state.graph, lookup, frame));
}

/** The cells of a sheet, by their names in it: with them its tables say why there is no value. */
export function sheetCells(sheet: string, { graph }: Pick<SessionState, "graph">): SheetCells {
  return Object.fromEntries(
    graph.sheets.get(sheet)!.nodes.map((id) => {
      const node = graph.nodes.get(id)!;
      return [node.name, { id, continues: continuesOnError(node) }];
    }),
  );
}

/** The results of a sheet's column at the labels given as a table, a record an address, and whether all of them are settled. */
export async function resultsTable(
  id: string,
  at: Coordinates,
  context: Context,
  options: { readonly outcomes?: boolean } = {},
): Promise<{ readonly table: Table; readonly settled: boolean }> {
  const node = context.state.graph.nodes.get(id)!;
  const frame = node.sheet === null ? undefined : context.state.frames.get(node.sheet);
  if (frame === undefined)
    throw new SheafError("sheet.not-run", `\`${id}\` has no results yet`, {
      cure: `Run the sheet \`${node.sheet ?? id}\` first.`,
    });
  const nodes = sheetSpecs(node.sheet!, context);
  const table = await context.tables.sheets.longTable({
    frame: frame.frame,
    nodes,
    node: node.name,
    where: at,
    ...(options.outcomes === true ? { cells: sheetCells(node.sheet!, context.state) } : {}),
  });
  const counts = await context.tables.sheets.freshness({ frame: frame.frame, nodes, node: node.name, exact: true });
  const settled = counts.every((counted) => !isAt(counted.at, at) || areSettled(counted));
  return { table, settled };
}

/** Whether all the results of a column that were counted, exactly, are settled: what was stopped, or is blocked by what is still to come, has no answer yet. */
export function areSettled({ counts, outcomes, failed }: VariantCounts): boolean {
  const { blocked = 0, cancelled = 0, partial = 0 } = outcomes;
  if (blocked - failed + cancelled + partial > 0) return false;
  return Object.entries(counts).every(([state, count]) => count === 0 || settledStates.has(state));
}

/** States of rows for which a run has nothing to do. */
export const settledStates: ReadonlySet<string> = new Set(["current", "locked", "edited"] satisfies RowFreshness[]);

/** The numbers of a node's results at the labels given, with how many there should be and are. */
export async function summarize(
  id: string,
  at: Coordinates,
  field: string | null,
  context: Context,
): Promise<ResultSummary> {
  const node = context.state.graph.nodes.get(id)!;
  if (node.sheet !== null) return summarizeColumn(node, node.sheet, at, field, context);
  const variants = variantsOf(node.axes).filter((variant) => isAt(variant, at));
  const values: ResultNumber[] = [];
  let errors = 0;
  let skipped = 0;
  let unscored = 0;
  let present = 0;
  let lists = 0;
  const found: Value[] = [];
  const settled = scalarResults(node, variants, context);
  for (const { at: variant, outcome, value } of settled) {
    // Settled, a blocked one is so by an error.
    if (outcome === "error" || outcome === "blocked") errors += 1;
    else if (outcome === "skipped") skipped += 1;
    else {
      if (value !== null && !isNull(value, field)) present += 1;
      if (value !== null) found.push(value);
      if (value !== null && elementsOf(value, field) !== null) lists += 1;
      const number = value === null ? null : numberOf(value, field);
      if (number === null) unscored += 1;
      else values.push({ row: null, at: variant, value: number, calls: callsOf(node, variant, context) });
    }
  }
  return {
    cell: id,
    at,
    dimensions: dimensionsOf(node, at),
    total: variants.length,
    settled: settled.length,
    errors,
    skipped,
    unscored,
    present,
    values,
    ...(variants.length > 1 ? { lists } : onlyElements(found, field)),
    ...lackingIn(found, field, cellsOf(node, context)),
  };
}

async function summarizeColumn(
  node: Node,
  sheet: string,
  at: Coordinates,
  field: string | null,
  context: Context,
): Promise<ResultSummary> {
  const frame = context.state.frames.get(sheet);
  const base = { cell: node.id, at };
  if (frame === undefined)
    return {
      ...base,
      dimensions: dimensionsOf(node, at),
      total: 0,
      settled: 0,
      errors: 0,
      skipped: 0,
      unscored: 0,
      present: 0,
      values: [],
    };
  const nodes = sheetSpecs(sheet, context);
  const found = await context.tables.sheets.aggregate({
    frame: frame.frame,
    nodes,
    node: node.name,
    where: at,
    field,
    answers: variantsOf(node.axes).map((variant) =>
      isAt(variant, at) ? answeringNodes(node, variant, context.state.graph) : [],
    ),
  });
  const { error = 0, skipped = 0, blocked = 0, cancelled = 0, partial = 0 } = found.outcomes;
  return {
    ...base,
    dimensions: [rowsOf(sheet, frame.rowCount, context), ...dimensionsOf(node, at)],
    total: found.addresses,
    // What was stopped, or is blocked by what is still to come, has no answer yet, however fresh its key is.
    settled: found.settled - (blocked - found.failed) - cancelled - partial,
    errors: error + found.failed,
    skipped,
    unscored: found.unscored,
    present: found.present,
    values: found.values,
    lists: found.lists,
    ...(found.lacking === null ? {} : { lacking: found.lacking }),
  };
}

/** How many results a sheet's column has at the labels given and how many are settled, without their numbers; `present` is what has a value. */
export async function countResults(id: string, at: Coordinates, context: Context): Promise<ResultSummary> {
  const node = context.state.graph.nodes.get(id)!;
  const sheet = node.sheet!;
  const frame = context.state.frames.get(sheet);
  const nodes = frame === undefined ? [] : sheetSpecs(sheet, context);
  const counted =
    frame === undefined
      ? []
      : await context.tables.sheets.freshness({ frame: frame.frame, nodes, node: node.name, exact: true });
  const counts = { total: 0, settled: 0, errors: 0, skipped: 0, present: 0 };
  for (const { at: variant, counts: states, settled, failed } of counted) {
    if (!isAt(variant, at)) continue;
    const { ok = 0, error = 0, skipped = 0, blocked = 0, cancelled = 0, partial = 0 } = settled;
    const byError = Math.min(failed, blocked);
    for (const [state, count] of Object.entries(states)) {
      counts.total += count;
      if (settledStates.has(state)) counts.settled += count;
    }
    counts.settled -= blocked - byError + cancelled + partial;
    counts.errors += error + byError;
    counts.skipped += skipped;
    counts.present += ok;
  }
  const dimensions = [
    ...(frame === undefined ? [] : [rowsOf(sheet, frame.rowCount, context)]),
    ...dimensionsOf(node, at),
  ];
  return { cell: id, at, dimensions, ...counts, unscored: 0, values: [] };
}

function rowsOf(sheet: string, size: number, { state }: Context): ResultSummary["dimensions"][number] {
  return { name: `rows of ${state.graph.sheets.get(sheet)!.cell.name}`, size };
}

/** The keys of the calls a result outside sheets came of; null where it came of none. */
function callsOf(node: Node, at: Coordinates, { state }: Context): string | null {
  const keys = answeringNodes(node, at, state.graph).flatMap(({ node: cell, at: there }) => {
    const address = addressText({ cell, at: there });
    return state.overrides.has(address) ? [] : (state.results.get(address)?.calls ?? []).map(({ key }) => key);
  });
  return keys.length === 0 ? null : keys.join(" ");
}

interface Settled {
  readonly at: Coordinates;
  readonly outcome: string;
  readonly value: Value | null;
}

function scalarResults(node: Node, variants: readonly Coordinates[], { state }: Context): readonly Settled[] {
  const lookup = sessionLookup(state);
  return variants.flatMap((at): readonly Settled[] => {
    const address = addressText({ cell: node.id, at });
    if (!lookup.result(address, "value").settled) return [];
    const override = state.overrides.get(address);
    if (override !== undefined) return [{ at, outcome: "ok", value: override.value }];
    const { outcome, value } = state.results.get(address)!;
    return [{ at, outcome, value }];
  });
}

/** The number of a result: a score's score, true as 1, a field of either or of an object; null where it has none. */
function numberOf(value: Value, field: string | null): number | null {
  let datum = figureOf(value, field);
  if (field !== null && datum !== null && typeof datum === "object" && "score" in datum) datum = datum.score;
  if (typeof datum === "boolean") return datum ? 1 : 0;
  if (typeof datum === "bigint") return Number(datum);
  return typeof datum === "number" ? datum : null;
}

function isNull(value: Value, field: string | null): boolean {
  const datum = figureOf(value, field);
  if (datum !== null && typeof datum === "object" && value.type === "score" && "score" in datum)
    return datum.score === null;
  return datum === null || datum === undefined;
}

/** What of a value an aggregate is about: its field, a score's score, or the whole of it. */
function figureOf(value: Value, field: string | null): unknown {
  if (field === null) return value.type === "score" ? value.value.score : "value" in value ? value.value : null;
  const members = membersOf(value);
  return Object.hasOwn(members, field) ? members[field] : null;
}

/** The fields of a value under an aggregate, as expressions see them; of a score those of its checks too. A table has none: its columns are lists. */
function membersOf(value: Value): { readonly [field: string]: unknown } {
  if (value.type === "score") return { ...value.value, ...value.value.checks };
  const seen = value.type === "table" ? null : toLanguageValue(value);
  return isMapping(seen) ? seen : {};
}

/** The list or table that a value or a field of it is, and of a table a column; null where it is neither. */
function elementsOf(value: Value, field: string | null): ResultElements | null {
  if (value.type === "table") {
    const isThere = field === null || value.value.columns.some(({ name }) => name === field);
    return isThere ? { type: "table", table: value.value, column: field } : null;
  }
  const figure = figureOf(value, field);
  return Array.isArray(figure) ? { type: "list", items: figure as readonly Datum[] } : null;
}

function onlyElements([value]: readonly Value[], field: string | null): Pick<ResultSummary, "elements"> {
  const elements = value === undefined ? null : elementsOf(value, field);
  return elements === null ? {} : { elements };
}

/** What values have in place of a field that none of them has; null says nothing of fields. */
function lackingIn(
  values: readonly Value[],
  field: string | null,
  cells: readonly string[],
): Pick<ResultSummary, "lacking"> {
  const some = values.filter(({ type }) => type !== "null");
  if (field === null || some.length === 0) return {};
  const lacking = new Set(
    some.flatMap((value) =>
      value.type === "table" ? value.value.columns.map(({ name }) => name) : Object.keys(membersOf(value)),
    ),
  );
  return lacking.has(field) ? {} : { lacking: [...lacking, ...cells] };
}

/** The names of a sheet's cells, which its table has only where they have no axes. */
function cellsOf({ id }: Node, { state: { graph } }: Context): readonly string[] {
  return graph.sheets.get(id)?.columns.map((column) => graph.nodes.get(column)!.name) ?? [];
}

function dimensionsOf(node: Node, at: Coordinates): ResultSummary["dimensions"] {
  return node.axes
    .filter((axis) => !(axis.name in at))
    .map((axis) => ({
      name: axis.name === repeatAxis ? "repeats" : `labels of ${axis.name}`,
      size: axis.labels.length,
    }));
}
