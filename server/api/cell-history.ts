import { cellForms } from "#server/cells/index.ts";
import { coordinatesText, parseAddress, type Coordinates } from "#server/notebook/address.ts";
import { promptAxis } from "#server/notebook/axis.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { cellsNamed } from "#server/notebook/cells-of.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import { readersOf } from "#server/notebook/plan.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { SessionState } from "#server/runner/session-state.ts";
import type { RunResult, Store } from "#server/store/store.ts";
import { estimateMean } from "#evals/statistics/mean.ts";
import { wilsonInterval } from "#evals/statistics/wilson.ts";

/** A text a cell had when it was run, with what came of it then. */
export interface CellVersion {
  readonly source: string;
  readonly configuration: { readonly [key: string]: Datum };
  /** When it was first and last run so, milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Runs of the notebook that had it, and results those computed of it. */
  readonly runs: number;
  readonly results: number;
  /** US dollars its calls cost in those runs; null where some have no price. */
  readonly cost: number | null;
  /** The scores of what came of it, by score cell and variant; the last at each address. */
  readonly scores: readonly VersionScore[];
  /** Whether it is the text the cell has now. */
  readonly current: boolean;
}

export interface VersionScore {
  readonly name: string;
  readonly at: Coordinates;
  readonly n: number;
  readonly mean: number;
  /** The 95 % interval of the mean, of a share where all scores are 0 or 1. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Runs looked back at, and results read of each. */
const mostRuns = 200;
const mostResults = 20_000;

/** The texts a cell had in the notebook's runs, each once, the last that was run first. */
export async function cellHistory(path: string, state: SessionState, store: Store): Promise<readonly CellVersion[]> {
  const [now] = cellsNamed(state.notebook, path);
  if (now === undefined) return [];
  const { label } = now.cell;
  const nodes = nodesOf(now.cell, state.graph);
  const scorers = scorersOf(nodes, state.graph);
  const versions = new Map<string, Gathered>();
  for (const run of await store.runs.list(state.path, mostRuns)) {
    const [placed] = cellsNamed(parseNotebook(run.text, cellForms), path);
    if (placed === undefined) continue;
    const key = textOf(placed.cell);
    const version = versions.get(key) ?? gathered(placed.cell, run.startedAt);
    versions.set(key, version);
    version.firstAt = run.startedAt;
    version.runs += 1;
    for (const result of await store.runs.results(run.id, { offset: 0, limit: mostResults })) {
      const { cell, at } = parseAddress(result.address);
      if (label !== null && at[promptAxis] !== label) continue;
      if (nodes.has(cell)) addResult(version, result);
      // Runs come newest first: of two scores at one address the first one met is the last that was given.
      if (scorers.has(cell) && result.score !== null && !version.scores.has(result.address))
        version.scores.set(result.address, result.score);
    }
  }
  return [...versions].map(([key, version]) => toVersion(version, key === textOf(now.cell), state.graph));
}

interface Gathered {
  readonly cell: Cell;
  firstAt: number;
  readonly lastAt: number;
  runs: number;
  results: number;
  cost: number | null;
  readonly scores: Map<string, number>;
}

function gathered(cell: Cell, at: number): Gathered {
  return { cell, firstAt: at, lastAt: at, runs: 0, results: 0, cost: 0, scores: new Map() };
}

function addResult(version: Gathered, { cost }: RunResult): void {
  version.results += 1;
  version.cost = version.cost === null || cost === null ? null : version.cost + cost;
}

function textOf({ configuration, source }: Cell): string {
  return canonicalJson([configuration.values, source]);
}

/** The nodes a cell is computed as: at the top, in the rows of sheets, and its repeats. */
function nodesOf(cell: Cell, graph: Graph): ReadonlySet<string> {
  return new Set([...graph.nodes.values()].filter(({ wordings }) => wordings.includes(cell)).map(({ id }) => id));
}

/** The score cells that read any of them, by whatever way. */
function scorersOf(nodes: ReadonlySet<string>, graph: Graph): ReadonlySet<string> {
  const readers = readersOf(graph);
  const reached = new Set(nodes);
  for (const node of reached) for (const reader of readers.get(node) ?? []) reached.add(reader);
  return new Set([...reached].filter((id) => graph.nodes.get(id)?.kind?.kind === "score"));
}

function toVersion(version: Gathered, current: boolean, graph: Graph): CellVersion {
  const { cell, firstAt, lastAt, runs, results, cost, scores } = version;
  const groups = new Map<string, { name: string; at: Coordinates; values: number[] }>();
  for (const [text, score] of scores) {
    const { cell: name, at } = parseAddress(text);
    const sheet = graph.nodes.get(name)?.sheet;
    const { repeat: _, ...rest } = at;
    const variant = Object.fromEntries(Object.entries(rest).filter(([dimension]) => dimension !== sheet));
    const key = `${name}${coordinatesText(variant)}`;
    const group = groups.get(key) ?? { name, at: variant, values: [] };
    groups.set(key, group);
    group.values.push(score);
  }
  return {
    source: cell.source,
    configuration: cell.configuration.values,
    firstAt,
    lastAt,
    runs,
    results,
    cost,
    scores: [...groups.values()].map(({ name, at, values }) => scoreOf(name, at, values)),
    current,
  };
}

function scoreOf(name: string, at: Coordinates, values: readonly number[]): VersionScore {
  const { n, mean, interval } = estimateMean(values);
  const isShare = values.every((value) => value === 0 || value === 1);
  return {
    name,
    at,
    n,
    mean: mean!,
    interval: isShare ? wilsonInterval(values.filter((value) => value === 1).length, n) : interval,
  };
}
