import { cellForms } from "#server/cells/index.ts";
import {
  addressText,
  coordinatesText,
  parseAddress,
  type Address,
  type Coordinates,
} from "#server/notebook/address.ts";
import { promptAxis } from "#server/notebook/axis.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { cellsNamed } from "#server/notebook/cells-of.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import { readersOf } from "#server/notebook/plan.ts";
import type { Datum } from "#server/notebook/value.ts";
import { answeringNodes } from "#server/runner/answering-nodes.ts";
import type { SessionState } from "#server/runner/session-state.ts";
import type { RunResult, Store } from "#server/store/store.ts";
import { clusteredSums } from "#evals/statistics/clustered-mean.ts";
import type { Interval } from "#evals/statistics/interval.ts";
import { scoreInterval } from "#evals/statistics/score-interval.ts";
import { unitClusters } from "#evals/unit-clusters.ts";

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
  /** The 95 % interval of the mean, within 0…1; the repeats of a row, and rows of the same requests, count as one. */
  readonly interval: Interval | null;
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
  const calls = new Map<string, string>();
  for (const run of (await store.runs.list(state.path, mostRuns)).toReversed()) {
    const [placed] = cellsNamed(parseNotebook(run.text, cellForms), path);
    if (placed === undefined) continue;
    const key = textOf(placed.cell);
    const version = versions.get(key) ?? gathered(placed.cell, run.startedAt);
    versions.delete(key);
    versions.set(key, version);
    version.lastAt = run.startedAt;
    version.runs += 1;
    const results = await store.runs.results(run.id, { offset: 0, limit: mostResults });
    // A score that is given anew is of answers that may be of an earlier run.
    for (const { address, callKeys } of results) if (callKeys.length > 0) calls.set(address, callKeys.join(" "));
    for (const result of results) {
      const { cell, at } = parseAddress(result.address);
      if (label !== null && at[promptAxis] !== label) continue;
      if (nodes.has(cell)) addResult(version, result);
      if (scorers.has(cell) && result.score !== null)
        version.scores.set(result.address, {
          score: result.score,
          calls: callsBehind({ cell, at }, state.graph, calls),
        });
    }
  }
  const newest = [...versions].toReversed();
  return newest.map(([key, version]) => toVersion(version, key === textOf(now.cell), state.graph));
}

interface Gathered {
  readonly cell: Cell;
  readonly firstAt: number;
  lastAt: number;
  runs: number;
  results: number;
  cost: number | null;
  /** By address; `calls` is equal where the answers behind the scores came of the same calls, and null where they came of none. */
  readonly scores: Map<string, { readonly score: number; readonly calls: string | null }>;
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

/** The calls a score's answers came of, among those that were made last at each address. */
function callsBehind({ cell, at }: Address, graph: Graph, calls: ReadonlyMap<string, string>): string | null {
  const node = graph.nodes.get(cell)!;
  const { sheet } = node;
  const found = answeringNodes(node, at, graph).flatMap(({ node: name, at: there }) => {
    const answer =
      sheet === null ? { cell: name, at: there } : { cell: `${sheet}.${name}`, at: { ...there, [sheet]: at[sheet]! } };
    return calls.get(addressText(answer)) ?? [];
  });
  return found.length === 0 ? null : found.join(" ");
}

function toVersion(version: Gathered, current: boolean, graph: Graph): CellVersion {
  const { cell, firstAt, lastAt, runs, results, cost, scores } = version;
  const groups = new Map<string, { name: string; at: Coordinates; given: GivenScore[] }>();
  for (const [text, { score, calls }] of scores) {
    const { cell: name, at } = parseAddress(text);
    const sheet = graph.nodes.get(name)?.sheet;
    const { repeat: _, ...rest } = at;
    const variant = Object.fromEntries(Object.entries(rest).filter(([dimension]) => dimension !== sheet));
    const key = `${name}${coordinatesText(variant)}`;
    const group = groups.get(key) ?? { name, at: variant, given: [] };
    groups.set(key, group);
    // Outside sheets there is nothing but the repeats.
    group.given.push({ score, calls, unit: sheet == null ? text : at[sheet]! });
  }
  return {
    source: cell.source,
    configuration: cell.configuration.values,
    firstAt,
    lastAt,
    runs,
    results,
    cost,
    scores: [...groups.values()].map(({ name, at, given }) => scoreOf(name, at, given)),
    current,
  };
}

interface GivenScore {
  readonly score: number;
  /** What is independent: the row, whose repeats are not. */
  readonly unit: string;
  readonly calls: string | null;
}

function scoreOf(name: string, at: Coordinates, given: readonly GivenScore[]): VersionScore {
  const units = unitClusters(given);
  const values = given.map(({ score }) => score);
  const sums = clusteredSums(
    values,
    given.map(({ unit }) => units.get(unit)!),
  );
  const areVerdicts = values.every((value) => value === 0 || value === 1);
  return { name, at, n: sums.n, mean: sums.mean!, interval: scoreInterval(sums, areVerdicts) };
}
