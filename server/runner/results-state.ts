import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { repeatAxis, variantsOf } from "#server/notebook/axis.ts";
import type { ResultNumber, ResultSummary } from "#server/notebook/cell-kind.ts";
import type { Graph, Node } from "#server/notebook/graph-node.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Table, Value } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import type { NodeSpec } from "#server/tables/sheet-store.ts";
import type { RunContext } from "./run-context.ts";
import { nodeSpec } from "./sheet-frame.ts";
import { sessionLookup } from "./session-lookup.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** A sheet's nodes as the store needs them, in order. */
export function sheetSpecs(sheet: string, { state }: Context): readonly NodeSpec[] {
  const lookup = sessionLookup(state);
  return state.graph.sheets.get(sheet)!.nodes.map((id) => nodeSpec(state.graph.nodes.get(id)!, state.graph, lookup));
}

/** All results of a sheet's column as a table, a record an address, and whether all of them are settled. */
export async function resultsTable(
  id: string,
  context: Context,
): Promise<{ readonly table: Table; readonly settled: boolean }> {
  const node = context.state.graph.nodes.get(id)!;
  const frame = node.sheet === null ? undefined : context.state.frames.get(node.sheet);
  if (frame === undefined)
    throw new SheafError("sheet.not-run", `\`${id}\` has no results yet`, {
      cure: `Run the sheet \`${node.sheet ?? id}\` first.`,
    });
  const nodes = sheetSpecs(node.sheet!, context);
  const table = await context.tables.sheets.longTable({ frame: frame.frame, nodes, node: node.name });
  const counts = await context.tables.sheets.freshness({ frame: frame.frame, nodes, node: node.name, exact: true });
  const settled = counts.every(({ counts: of }) =>
    Object.entries(of).every(([state, count]) => count === 0 || settledStates.has(state)),
  );
  return { table, settled };
}

const settledStates = new Set(["current", "locked", "edited"]);

/** The numbers of a node's results at the labels given, with how many there should be and are. */
export async function summarize(
  id: string,
  at: Coordinates,
  field: string | null,
  context: Context,
): Promise<ResultSummary> {
  const node = context.state.graph.nodes.get(id)!;
  const variants = variantsOf(node.axes).filter((variant) =>
    Object.entries(at).every(([axis, label]) => variant[axis] === label),
  );
  const found =
    node.sheet === null
      ? scalarResults(node, variants, context)
      : await columnResults(node, node.sheet, variants, context);
  const values: ResultNumber[] = [];
  let errors = 0;
  let skipped = 0;
  let unscored = 0;
  for (const { outcome, value, row, calls } of found.settled) {
    if (outcome === "error") errors += 1;
    else if (outcome === "skipped") skipped += 1;
    else {
      const number = value === null ? null : numberOf(value, field);
      if (number === null) unscored += 1;
      else values.push({ row, value: number, cluster: calls.map((call) => call.key).join(" ") || (row ?? "") });
    }
  }
  return {
    cell: id,
    at,
    dimensions: dimensionsOf(node, at, found.rows, context.state.graph),
    total: found.total,
    settled: found.settled.length,
    errors,
    skipped,
    unscored,
    values,
  };
}

interface Settled {
  readonly row: string | null;
  readonly outcome: string;
  readonly value: Value | null;
  readonly calls: readonly CallFacts[];
}

interface Found {
  readonly rows: number | null;
  readonly total: number;
  readonly settled: readonly Settled[];
}

function scalarResults(node: Node, variants: readonly Coordinates[], { state }: Context): Found {
  const lookup = sessionLookup(state);
  const settled = variants.flatMap((at): readonly Settled[] => {
    const address = addressText({ cell: node.id, at });
    if (!lookup.result(address).settled) return [];
    const override = state.overrides.get(address);
    if (override !== undefined) return [{ row: null, outcome: "ok", value: override.value, calls: [] }];
    const { outcome, value, calls } = state.results.get(address)!;
    return [{ row: null, outcome, value, calls }];
  });
  return { rows: null, total: variants.length, settled };
}

async function columnResults(
  node: Node,
  sheet: string,
  variants: readonly Coordinates[],
  context: Context,
): Promise<Found> {
  const frame = context.state.frames.get(sheet);
  if (frame === undefined) return { rows: 0, total: 0, settled: [] };
  const nodes = sheetSpecs(sheet, context);
  const wanted = new Set(variants.map((at) => addressText({ cell: "", at })));
  const settled: Settled[] = [];
  for (let from = 0; from < frame.rowCount; from += page) {
    const to = Math.min(from + page, frame.rowCount);
    const states = await context.tables.sheets.states({ frame: frame.frame, nodes, node: node.name, from, to });
    const good = new Set(
      states
        .filter(({ freshness }) => settledStates.has(freshness))
        .map(({ row, at }) => addressText({ cell: row, at })),
    );
    const results = await context.tables.sheets.results({ frame: frame.frame, node: node.name, variants, from, to });
    for (const { row, at, outcome, value, calls } of results) {
      if (!wanted.has(addressText({ cell: "", at })) || !good.has(addressText({ cell: row, at }))) continue;
      if (outcome === "ok" || outcome === "error" || outcome === "skipped")
        settled.push({ row, outcome, value: value === null ? null : decodeValue(value), calls });
    }
  }
  return { rows: frame.rowCount, total: frame.rowCount * variants.length, settled };
}

const page = 2000;

/** The number of a result: a score's score, true as 1, a field of either or of an object; null where it has none. */
function numberOf(value: Value, field: string | null): number | null {
  const inner =
    value.type === "score" ? { ...value.value, ...value.value.checks } : value.type === "json" ? value.value : null;
  let datum: unknown = value.type === "score" ? value.value.score : "value" in value ? value.value : null;
  if (field !== null) {
    datum =
      inner !== null && typeof inner === "object" && Object.hasOwn(inner, field)
        ? (inner as { readonly [key: string]: unknown })[field]
        : null;
    if (datum !== null && typeof datum === "object" && "score" in datum) datum = datum.score;
  }
  if (typeof datum === "boolean") return datum ? 1 : 0;
  if (typeof datum === "bigint") return Number(datum);
  return typeof datum === "number" ? datum : null;
}

function dimensionsOf(node: Node, at: Coordinates, rows: number | null, graph: Graph): ResultSummary["dimensions"] {
  const axes = node.axes
    .filter((axis) => !(axis.name in at))
    .map((axis) => ({ name: axis.name === repeatAxis ? "repeats" : `${axis.name}s`, size: axis.labels.length }));
  return rows === null || node.sheet === null
    ? axes
    : [{ name: `rows of ${graph.sheets.get(node.sheet)!.cell.name}`, size: rows }, ...axes];
}
