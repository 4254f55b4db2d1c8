import { coordinatesText } from "#server/notebook/address.ts";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import type { Session } from "./duckdb-session.ts";
import { variantsPerRow, type SheetCatalog, type SheetFrame } from "./sheet-catalog.ts";
import { failedSql, freshnessWords, outcomeCode, outcomeWords, overrideWords, settledCodes } from "./sheet-codes.ts";
import { inFrame } from "./sheet-frames.ts";
import { specOf, statesSql, upstreamVariant } from "./sheet-states.ts";
import type { NodeSpec, Outcome, RowFreshness, VariantCounts } from "./sheet-store.ts";

interface Call {
  readonly nodes: readonly NodeSpec[];
  readonly node: string;
}

/** Counts remembered for one revision of a sheet: the screen asks the same again and again. */
interface Remembered {
  readonly revision: number;
  readonly counts: Map<string, Promise<readonly VariantCounts[]>>;
  /** What is stored for each node, which an edit does not change: after one, the first answer needs no results at all. */
  readonly stored: Map<string, Promise<readonly Stored[]>>;
}

/** Counts of a node's addresses by state, remembered until something of the sheet changes. */
export function createFreshness(catalog: SheetCatalog) {
  const remembered = new WeakMap<SheetFrame, Remembered>();

  return async (
    call: Call & { readonly frame: string; readonly exact: boolean },
  ): Promise<readonly VariantCounts[]> => {
    const frame = await catalog.frame(call.frame);
    const { revision } = frame.sheet;
    let memory = remembered.get(frame);
    if (memory?.revision !== revision) memory = { revision, counts: new Map(), stored: new Map() };
    remembered.set(frame, memory);
    const question = canonicalJson([call.exact, call.node, call.nodes as unknown as CanonicalInput]);
    const known = memory.counts.get(question);
    if (known !== undefined) return await known;
    const { counts, stored } = memory;
    const counting = call.exact
      ? catalog.read((session) => countExactly(catalog, session, frame, call))
      : countByKeys(catalog, stored, frame, call);
    counts.set(question, counting);
    counting.catch(() => counts.delete(question));
    return await counting;
  };
}

async function countExactly(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  { nodes, node }: Call,
): Promise<readonly VariantCounts[]> {
  const states = await statesSql({ catalog, session, frame, nodes, scope: { type: "all" } }, node);
  const read = await session.queryColumns(`with ${states.clauses}
    select s.place, s.state, case when s.override is null then s.outcome else ${outcomeCode.ok} end as outcome, count(*),
      count(f.address) filter (s.override is null)
    from ${states.name} s
    left join (select address from sheet_results_${states.tables} r where ${failedSql("r")}) f on f.address = s.address
    group by all`);
  const [places, codes, outcomes, numbers, fails] = read.columns as readonly [
    number[],
    number[],
    (number | null)[],
    number[],
    number[],
  ];
  const tallies = specOf(nodes, node).variants.map(() => createTally());
  const failed = tallies.map(() => 0);
  for (const [index, place] of places.entries()) {
    tallies[place]!.add(freshnessWords[codes[index]!]!, outcomes[index]!, numbers[index]!);
    failed[place]! += fails[index]!;
  }
  return specOf(nodes, node).variants.map(({ at }, place) => {
    return { at, ...tallies[place]!.counted, failed: failed[place]! };
  });
}

/** One pass over each node's results for their keys, without rows: what is stored under the expected key is held for current. */
async function countByKeys(
  catalog: SheetCatalog,
  remembered: Map<string, Promise<readonly Stored[]>>,
  frame: SheetFrame,
  { nodes, node }: Call,
): Promise<readonly VariantCounts[]> {
  const done = new Map<string, readonly VariantCounts[]>();

  async function count(name: string): Promise<readonly VariantCounts[]> {
    const known = done.get(name);
    if (known !== undefined) return known;
    const { variants, inputs } = specOf(nodes, name);
    done.set(name, []);
    const counting = remembered.get(name) ?? catalog.read((session) => countStored(catalog, session, frame, name));
    remembered.set(name, counting);
    counting.catch(() => remembered.delete(name));
    const stored = await counting;
    const tallies: VariantCounts[] = [];
    for (const { at, key } of variants) {
      let possible = key !== null;
      for (const input of inputs) {
        if (input.type !== "node") continue;
        const there = coordinatesText(upstreamVariant(name, at, input));
        const upstream = (await count(input.node)).find((other) => coordinatesText(other.at) === there)?.counts ?? {};
        possible &&= (upstream.current ?? 0) + (upstream.locked ?? 0) + (upstream.edited ?? 0) > 0;
      }
      const names = await catalog.names();
      const expected = key === null ? undefined : await names.known(frame.sheet.id, "key", key);
      const variant = await catalog.variant(frame.sheet, at);
      const tally = createTally();
      let never = frame.rowCount;
      for (const found of stored) {
        if (found.variant !== variant) continue;
        never -= found.count;
        if (found.override !== null) tally.add(overrideWords[found.override]!, outcomeCode.ok, found.count);
        else if (key !== null && found.key !== expected) tally.add("stale-key", found.outcome, found.count);
        else tally.add(possible ? "current" : "stale-upstream", found.outcome, found.count);
      }
      if (never > 0) tally.add("never", null, never);
      tallies.push({ at, ...tally.counted, failed: 0 });
    }
    done.set(name, tallies);
    return tallies;
  }

  return await count(node);
}

interface Stored {
  readonly variant: number;
  readonly key: number | null;
  readonly outcome: number;
  readonly override: number | null;
  /** Below 0 for results that an override stands before. */
  readonly count: number;
}

async function countStored(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  node: string,
): Promise<readonly Stored[]> {
  const tables = `${frame.sheet.id}_${await catalog.node(frame.sheet, node)}`;
  const read = await session.queryColumns(`
    select o.address % ${variantsPerRow} as variant, null as key, ${outcomeCode.ok} as outcome, o.type, count(*)
    from sheet_overrides_${tables} o where ${inFrame(frame, "o.address", variantsPerRow)} group by all
    union all
    select variant, key, outcome, null, count(*) from sheet_results_${tables} r
    where ${inFrame(frame, "r.address", variantsPerRow)} group by all
    union all
    select r.variant, r.key, r.outcome, null, -count(*)
    from sheet_results_${tables} r join sheet_overrides_${tables} o on o.address = r.address
    where ${inFrame(frame, "o.address", variantsPerRow)} group by all`);
  const [variants, keys, outcomes, overrides, counts] = read.columns as readonly [
    number[],
    (number | null)[],
    number[],
    (number | null)[],
    number[],
  ];
  return variants.map((variant, index) => ({
    variant,
    key: keys[index]!,
    outcome: outcomes[index]!,
    override: overrides[index]!,
    count: counts[index]!,
  }));
}

/** Counts that are added up by state and outcome. */
export function createTally() {
  const counts: { [state in RowFreshness]?: number } = {};
  const outcomes: { [outcome in Outcome]?: number } = {};
  const settled: { [outcome in Outcome]?: number } = {};
  return {
    counted: { counts, outcomes, settled },
    add(state: RowFreshness, outcome: number | null, count: number): void {
      add(counts, state, count);
      if (outcome === null) return;
      add(outcomes, outcomeWords[outcome]!, count);
      if (settledWords.has(state)) add(settled, outcomeWords[outcome]!, count);
    },
  };
}

const settledWords: ReadonlySet<string> = new Set(settledCodes.map((code) => freshnessWords[code]!));

function add<Word extends string>(counts: { [word in Word]?: number }, word: Word, count: number): void {
  const sum = (counts[word] ?? 0) + count;
  if (sum === 0) delete counts[word];
  else counts[word] = sum;
}
