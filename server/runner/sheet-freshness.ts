import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { changedParts, type Freshness } from "#server/notebook/freshness.ts";
import type { KeyParts } from "#server/notebook/cell-key.ts";
import type { Node, Sheet } from "#server/notebook/graph-node.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { RowState, VariantCounts } from "#server/tables/sheet-store.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import { settledFrame } from "./open-frame.ts";
import { sheetSpecs } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";
import { sessionLookup } from "./session-lookup.ts";
import { columnParts, type SheetFrame } from "./sheet-frame.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** How a sheet's columns stand. */
export interface SheetFreshness {
  readonly rowCount: number;
  /** For each column that is computed, by its name, counts of its rows by state for each variant. */
  readonly columns: { readonly [column: string]: readonly VariantCounts[] };
}

/** How one result of a sheet stands, with the reasons where it is stale. */
export interface RowResultState {
  readonly row: string;
  readonly at: Coordinates;
  /** The reasons of a stale one name what changed: a part of the key, a column of the row, a column it reads. */
  readonly freshness: Freshness;
  readonly outcome: RowState["outcome"];
}

/** Counts of a sheet's rows by state: from keys alone, at once, or exactly. Null where the rows are not there, or not settled. */
export async function sheetFreshness(id: string, exact: boolean, context: Context): Promise<SheetFreshness | null> {
  const sheet = sheetOf(id, context);
  const frame = await currentFrame(sheet, context);
  if (frame === null) return null;
  const nodes = sheetSpecs(id, context);
  const columns: { [column: string]: readonly VariantCounts[] } = {};
  for (const { node } of nodes)
    columns[node] = await context.tables.sheets.freshness({ frame: frame.frame, nodes, node, exact });
  return { rowCount: frame.rowCount, columns };
}

/** The state of each result of rows `from … to`, by column, exactly. Null where the rows are not there, or not settled. */
export async function rowStates(
  id: string,
  from: number,
  to: number,
  context: Context,
): Promise<{ readonly [column: string]: readonly RowResultState[] } | null> {
  const sheet = sheetOf(id, context);
  const frame = await currentFrame(sheet, context);
  if (frame === null) return null;
  const nodes = sheetSpecs(id, context);
  const found: { [column: string]: readonly RowResultState[] } = {};
  for (const column of sheet.nodes) {
    const node = context.state.graph.nodes.get(column)!;
    const states = await context.tables.sheets.states({ frame: frame.frame, nodes, node: node.name, from, to });
    const freshnessOf = freshnessReader(node, context);
    found[node.name] = states.map((state) => ({
      row: state.row,
      at: state.at,
      outcome: state.outcome,
      freshness: freshnessOf(state),
    }));
  }
  return found;
}

/** A sheet by its name. Throws `sheet.unknown`. */
export function sheetOf(id: string, { state }: Context): Sheet {
  const sheet = state.graph.sheets.get(id);
  if (sheet !== undefined) return sheet;
  throw new SheafError("sheet.unknown", `there is no sheet \`${id}\``, {
    cure: `There are: ${[...state.graph.sheets.keys()].join(", ") || "none yet"}.`,
  });
}

/** The sheet opened on its rows as they are now, by `open`; null where they are not settled. */
export async function currentFrame(sheet: Sheet, context: Context, open = settledFrame): Promise<SheetFrame | null> {
  deriveFreshness(context.state);
  return open(sheet, context);
}

/** Reads the freshness of results of one column, whose keys are worked out once for all of them. */
export function freshnessReader(
  node: Node,
  { state }: Pick<Context, "state">,
): (row: Pick<RowState, "at" | "freshness" | "because" | "storedKey">) => Freshness {
  const lookup = sessionLookup(state);
  const variants = new Map<Coordinates, ReturnType<typeof columnParts>>();
  const changes = new Map<string, readonly string[]>();
  return (row) => {
    switch (row.freshness) {
      case "never":
      case "current":
      case "locked":
      case "edited":
        return { state: row.freshness };
      case "stale-input":
        return { state: "stale", reasons: row.because.map(wholeOf) };
      case "stale-key":
      case "stale-upstream": {
        const now = variants.get(row.at) ?? columnParts(node, row.at, state.graph, lookup);
        variants.set(row.at, now);
        const { storedKey } = row;
        const question = `${addressText({ cell: node.id, at: row.at })} ${storedKey}`;
        const changed =
          changes.get(question) ??
          (storedKey === null ? [] : changedParts(JSON.parse(storedKey) as KeyParts, now.parts));
        changes.set(question, changed);
        return { state: "stale", reasons: [...new Set([...now.unsettled, ...row.because.map(wholeOf), ...changed])] };
      }
    }
  };
}
