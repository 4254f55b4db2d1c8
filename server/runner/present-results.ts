import { addressText, coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import { baselineDigits, type BaselineLine } from "#server/notebook/baseline.ts";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import { callSums } from "#server/notebook/call-sums.ts";
import { cellKey } from "#server/notebook/cell-key.ts";
import { isSettled } from "#server/notebook/freshness.ts";
import type { Node, Sheet } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { isPart } from "#server/notebook/part-of-cell.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import type { RowFreshness, ShownResult } from "#server/tables/sheet-store.ts";
import { answeringNodes } from "./answering-nodes.ts";
import { callsOf, callsWithRepeats, repeatsOf } from "./calls-with-repeats.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import { closedSheet } from "./node-values.ts";
import { settledStates, sheetSpecs } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { currentFrame } from "./sheet-freshness.ts";
import { rowAddress } from "./sheet-frame.ts";
import { storedError } from "./stored-error.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** How one address of a notebook stands. */
export type PresentResult =
  /** Its result is settled; `models` are those that answered. */
  | { readonly type: "settled"; readonly line: BaselineLine; readonly models: readonly string[] }
  /** It is not; `unfinished` is what waits, was stopped, or is a test that is open. */
  | { readonly type: "open"; readonly address: string; readonly why: "stale" | "never" | "unfinished" }
  /** A sheet whose rows are not settled, or that is not computed: nobody knows its addresses. */
  | { readonly type: "closed"; readonly sheet: string };

/** Rows that are read at a time. */
const chunk = 1_000;

/**
 * How every address of the nodes of `cells` stands as of now, outside sheets first, then row by row; all nodes where it is null. The parts of
 * a cell are counted with it, and sheets' own tables are left out: their results are there one by one. Nothing is computed.
 */
export async function* presentResults(
  cells: ReadonlySet<string> | null,
  context: Context,
): AsyncGenerator<PresentResult> {
  const { state } = context;
  const isAsked = (node: Node): boolean => cells === null || cells.has(node.id);
  yield* scalarResults(isAsked, context);
  for (const sheet of state.graph.sheets.values())
    if (sheet.nodes.some((id) => isAsked(state.graph.nodes.get(id)!))) yield* sheetResults(sheet, isAsked, context);
}

function* scalarResults(isAsked: (node: Node) => boolean, { state }: Context): Generator<PresentResult> {
  const { graph, overrides, results } = state;
  const freshness = deriveFreshness(state);
  for (const node of graph.nodes.values()) {
    if (node.sheet !== null || isPart(node.id) || graph.sheets.has(node.id) || !isAsked(node)) continue;
    for (const at of variantsOf(node.axes)) {
      const address = addressText({ cell: node.id, at });
      const override = overrides.get(address);
      const result = results.get(address);
      const { state: fresh } = freshness.get(address) ?? { state: "never" };
      const answers = answeringNodes(node, at, graph).map((place) =>
        callsOf({ cell: place.node, at: place.at }, state),
      );
      yield presentResult(node, address, {
        fresh: isSettled({ state: fresh }) ? "settled" : fresh === "never" ? "never" : "stale",
        override: override?.type ?? null,
        outcome: result?.outcome ?? null,
        error: result?.error ?? null,
        value: override?.value ?? result?.value ?? null,
        valueHash: override?.valueHash ?? result?.valueHash ?? null,
        key: result?.key ?? "",
        calls: callsWithRepeats(node, at, state),
        answers,
      });
    }
  }
}

async function* sheetResults(
  sheet: Sheet,
  isAsked: (node: Node) => boolean,
  context: Context,
): AsyncGenerator<PresentResult> {
  const { state, tables } = context;
  const { graph } = state;
  const frame = closedSheet(sheet, state) === null ? await currentFrame(sheet, context) : null;
  if (frame === null) {
    yield { type: "closed", sheet: sheet.id };
    return;
  }
  const nodes = sheet.nodes.map((id) => graph.nodes.get(id)!).filter(({ blocked }) => blocked === null);
  const specs = sheetSpecs(sheet.id, context);
  for (let from = 0; from < frame.rowCount; from += chunk) {
    const range = { frame: frame.frame, from, to: Math.min(from + chunk, frame.rowCount) };
    const stored = new Map<string, ShownResult>();
    const placeOf = (node: string, at: Coordinates, row: string): string => `${node} ${coordinatesText(at)} ${row}`;
    for (const { name, axes } of nodes)
      for (const one of await tables.sheets.results({ ...range, node: name, variants: variantsOf(axes) }))
        stored.set(placeOf(name, one.at, one.row), one);
    for (const node of nodes.filter((one) => !isPart(one.id) && isAsked(one))) {
      for (const { row, at, freshness } of await tables.sheets.states({ ...range, nodes: specs, node: node.name })) {
        const made = (name: string, there: Coordinates): readonly CallFacts[] => {
          const one = stored.get(placeOf(name, there, row));
          return one === undefined || one.override !== null ? [] : one.calls;
        };
        const result = stored.get(placeOf(node.name, at, row));
        const calls = [
          ...made(node.name, at),
          ...repeatsOf(node, at, graph).flatMap(([each, there]) => made(each.name, there)),
        ];
        yield presentResult(node, addressText(rowAddress(node, at, row)), {
          fresh: freshOf(freshness),
          override: result?.override ?? null,
          outcome: result?.outcome ?? null,
          error: result === undefined ? null : storedError(result),
          value: result === undefined || result.value === null ? null : decodeValue(result.value),
          valueHash: result?.valueHash ?? null,
          key: result === undefined || result.key === "" ? "" : cellKey({ column: result.key, input: result.input }),
          calls,
          answers: answeringNodes(node, at, graph).map((place) => made(place.node, place.at)),
        });
      }
    }
  }
}

/** A result with all that its line is made of. */
interface Found {
  readonly fresh: "settled" | "stale" | "never";
  readonly override: "locked" | "edited" | null;
  readonly outcome: Outcome | null;
  readonly error: CellError | null;
  readonly value: Value | null;
  readonly valueHash: string | null;
  /** Empty where there is none. */
  readonly key: string;
  readonly calls: readonly CallFacts[];
  /** The calls of each result that decides this one. */
  readonly answers: readonly (readonly CallFacts[])[];
}

function presentResult(node: Node, address: string, found: Found): PresentResult {
  const { fresh, override, value, calls } = found;
  if (fresh !== "settled") return { type: "open", address, why: fresh };
  const outcome = settledOutcome(found);
  const isOpenTest = value?.type === "test" && value.value.verdict === "open";
  if (outcome === null || isOpenTest) return { type: "open", address, why: "unfinished" };
  const hash = outcome !== "ok" || value === null ? null : (found.valueHash ?? valueHash(value));
  const line: BaselineLine = {
    address,
    ...(override !== null || found.key === "" ? {} : { key: short(found.key) }),
    ...(hash === null ? {} : { value: short(hash) }),
    ...(override === null ? {} : { override }),
    outcome,
    ...(outcome === "ok" ? verdictOf(node, value, found) : {}),
    ...(override !== null || calls.length === 0 ? {} : costOf(calls)),
  };
  return { type: "settled", line, models: override !== null ? [] : calls.map(({ model }) => model) };
}

/** Null for what has no result yet, however fresh its key is. */
function settledOutcome({ override, outcome, error }: Found): BaselineLine["outcome"] | null {
  if (override !== null) return "ok";
  switch (outcome) {
    case "ok":
    case "error":
    case "skipped":
      return outcome;
    case "blocked":
      return isFailed({ outcome, error }) ? "blocked" : null;
    case "cancelled":
    case "partial":
    case null:
      return null;
  }
}

/** The score and the verdict of a value that has one. Repeats of a score that are made one are a number. */
function verdictOf(
  node: Node,
  value: Value | null,
  { answers }: Found,
): Pick<BaselineLine, "score" | "pass" | "calls"> {
  if (value?.type === "test") return { pass: value.value.verdict === "pass" };
  const isMean = value?.type === "number" && node.wordings[0]!.kind === "score";
  if (value?.type !== "score" && !isMean) return {};
  const { score, pass } = value.type === "score" ? value.value : { score: Number(value.value), pass: null };
  const keys = answers.map((calls) => calls.map(({ key }) => key));
  return { score, pass, ...(keys.every((own) => own.length === 0) ? {} : { calls: short(hashOf(keys)) }) };
}

function costOf(calls: readonly CallFacts[]): Pick<BaselineLine, "cost" | "tokens" | "latency"> {
  const { cost, input, output, latency } = callSums(calls);
  return { cost, tokens: [input, output], latency: Math.round(latency ?? 0) };
}

function short(hash: string): string {
  return hash.slice(0, baselineDigits);
}

function freshOf(freshness: RowFreshness): Found["fresh"] {
  if (settledStates.has(freshness)) return "settled";
  return freshness === "never" ? "never" : "stale";
}
