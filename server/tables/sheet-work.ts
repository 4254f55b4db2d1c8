import type { CallFacts } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { ColumnsResult, Session } from "./duckdb-session.ts";
import { rememberRow, type SheetCatalog, type SheetFrame } from "./sheet-catalog.ts";
import { freshnessCode, freshnessWords, outcomeWords, overrideWords } from "./sheet-codes.ts";
import { inputText } from "./sheet-input-text.ts";
import { scopeOf, within, type RowScope, type SomeRows } from "./sheet-scope.ts";
import { allStatesSql, repeatsRead, specOf, statesSql, type StatesSql } from "./sheet-states.ts";
import type { NodeSpec, RowRange, RowState, WorkItem } from "./sheet-store.ts";

type Call = { readonly nodes: readonly NodeSpec[]; readonly node: string } & RowRange;

/** What there is to do for rows of a node, with what each address reads in the sheet. */
export async function readWork(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  call: Call,
): Promise<readonly WorkItem[]> {
  const scope = await scopeOf(session, frame, call);
  if (scope === null) return [];
  const states = await statesSql({ catalog, session, frame, nodes: call.nodes, scope }, call.node);
  const repeated = states.upstream.map(({ spec }) => repeatsRead(spec).length > 0);
  const upstream = states.upstream.map(({ tables }, at) => upstreamSql(tables, at, repeated[at]!, scope));
  // As a table its size is known, and the join begins at its few addresses and not at the many results.
  await session.execute(`create temp table work as with ${states.clauses}
    select row, label, ordinal, place, state, outcome, override, value_hash, error, input, parts ${repeated.map((isRepeated, at) => `, u${at}${isRepeated ? `, calls${at}` : ""}`).join("")}
    from ${states.name}`);
  const read = await session.queryColumns(`
    select s.row, s.label, s.ordinal, s.place, s.state, s.outcome, s.override, s.value_hash, s.error, s.input, s.parts
      ${upstream.map(({ columns }) => `, ${columns}`).join("")}
    from work s ${upstream.map(({ joins }) => joins).join(" ")} order by s.ordinal, s.place`);
  const { variants } = specOf(call.nodes, call.node);
  const [rows, labels, ordinals, places, state, outcomes, overrides, hashes, errors, inputs, parts, ...values] =
    read.columns;
  return ordinals!.map((ordinal, index): WorkItem => {
    const row = String(labels![index]);
    rememberRow(frame.sheet, row, Number(rows![index]));
    const outcome = outcomes![index] as number | null;
    const override = overrides![index] as number | null;
    const input = inputs![index] as number | bigint | null;
    return {
      row,
      ordinal: Number(ordinal),
      at: variants[Number(places![index])]!.at,
      input: input === null ? null : inputText(input, String(parts![index])),
      stored:
        outcome === null
          ? null
          : {
              outcome: outcomeWords[outcome]!,
              fresh: state![index] === freshnessCode.current,
              valueHash: hashes![index] as string | null,
              error: errors![index] as string | null,
            },
      override: override === null ? null : overrideWords[override]!,
      upstream: upstream.map((_, at) => upstreamResult(values.slice(at * 6, at * 6 + 6), index)),
    };
  });
}

/** The result at the address that upstream `at` is read at; all null where readers may not use it. An override stands before it. */
function upstreamSql(
  tables: string,
  at: number,
  isRepeated: boolean,
  scope: RowScope,
): { readonly columns: string; readonly joins: string } {
  const [result, override] = [`r${at}`, `o${at}`];
  return {
    joins: `left join ${within(`sheet_results_${tables}`, scope)} ${result} on ${result}.address = s.u${at}
      left join ${within(`sheet_overrides_${tables}`, scope)} ${override} on ${override}.address = s.u${at}`,
    columns: `case when ${override}.type is not null then 0 else ${result}.outcome end,
      coalesce(${override}.value, ${result}.value), coalesce(${override}.value_hash, ${result}.value_hash),
      case when ${override}.type is null then ${result}.error end,
      case when ${override}.type is null then ${isRepeated ? `s.calls${at}` : `${result}.calls`} else '[]' end, ${override}.type`,
  };
}

function upstreamResult(columns: ColumnsResult["columns"], index: number): WorkItem["upstream"][number] {
  const [outcome, value, valueHash, error, calls, override] = columns.map((values) => values[index]);
  if (typeof outcome !== "number") return null;
  return {
    outcome: outcomeWords[outcome]!,
    value: value as string | null,
    valueHash: valueHash as string | null,
    error: error as string | null,
    calls: JSON.parse(String(calls)) as readonly CallFacts[],
    ...(typeof override === "number" ? { override: overrideWords[override]! } : {}),
  };
}

/** The state of each address of rows, with the names of what makes it stale. */
export async function readStates(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  call: Call,
): Promise<readonly RowState[]> {
  const scope = await scopeOf(session, frame, call);
  if (scope === null) return [];
  const [found] = await statesOf(catalog, session, frame, call.nodes, [call.node], scope);
  return found!.map(({ state }) => state);
}

/** A state, and what else was asked for of its address. */
export interface StateRecord {
  readonly state: RowState;
  readonly more: readonly Datum[];
}

/**
 * The states of several nodes at the rows of a scope: a list a node, by row and then in the order of the variants. `more` are
 * columns in SQL over what `StatesSql` has of some rows.
 */
export async function statesOf(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  nodes: readonly NodeSpec[],
  wanted: readonly string[],
  scope: SomeRows,
  more: readonly string[] = [],
): Promise<readonly (readonly StateRecord[])[]> {
  const found: StateRecord[][] = wanted.map(() => []);
  if (wanted.length === 0) return found;
  const states = await allStatesSql({ catalog, session, frame, nodes, scope }, wanted);
  const selects = states.map(({ name, upstream }, node) => {
    const unsettled = upstream.map((_, at) => `, case when u${at} is null then '?' else '.' end`);
    // Most are not stale: what tells why is read of those alone that are.
    return `select ${node} as node, ordinal, label, place, state, outcome, override, key,
      case when state in (${upstreamStale}, ${inputStale}) then parts end as parts, case when state = ${inputStale} then stored_parts end as stored_parts,
      case when state = ${upstreamStale} then concat(''${unsettled.join("")}) end as unsettled ${more.length === 0 ? "" : ", address, value, error, calls"} from ${name}`;
  });
  const read =
    await session.queryColumns(`with ${scope.clause === undefined ? "" : `${scope.clause}, `}${states[0]!.clauses}
    select ${["node", "label", "place", "state", "outcome", "override", "key", "parts", "stored_parts", "unsettled", ...more].join(", ")}
    from (${selects.join(" union all ")}) order by node, ordinal, place`);
  const specs = wanted.map((node) => specOf(nodes, node));
  const names = await catalog.names();
  const [at, labels, places, codes, outcomes, overrides, keys, parts, storedParts, unsettled, ...others] = read.columns;
  for (const [index, label] of labels!.entries()) {
    const node = Number(at![index]);
    const { upstream } = states[node]!;
    const freshness = freshnessWords[Number(codes![index])]!;
    const outcome = outcomes![index] as number | null;
    const now = String(parts![index] ?? "").split(",");
    const open = String(unsettled![index] ?? "");
    const missing = upstream.flatMap(({ spec }, read) => (open[read] === "?" ? [spec.node] : []));
    const state: RowState = {
      row: String(label),
      at: specs[node]!.variants[Number(places![index])]!.at,
      freshness,
      outcome: overrides![index] !== null ? "ok" : outcome === null ? null : outcomeWords[outcome]!,
      because: becauseOf(freshness, specs[node]!, states[node]!, missing, now, String(storedParts![index] ?? "")),
      storedKey: freshness === "stale-key" ? (names.text(frame.sheet.id, "key", Number(keys![index])) ?? null) : null,
    };
    found[node]!.push({ state, more: others.map((values) => values[index]!) });
  }
  return found;
}

const upstreamStale = freshnessCode["stale-upstream"];
const inputStale = freshnessCode["stale-input"];

function becauseOf(
  freshness: RowState["freshness"],
  { inputs }: NodeSpec,
  { upstream }: StatesSql,
  unsettled: readonly string[],
  now: readonly string[],
  stored: string,
): readonly string[] {
  const named = inputs.map((input) =>
    input.type === "column" ? input.column : input.type === "binding" ? input.name : input.node,
  );
  switch (freshness) {
    case "stale-upstream": {
      const missing = named.filter((_, index) => now[index] === "?");
      return [...new Set([...missing, ...unsettled])];
    }
    case "stale-input": {
      const before = stored.split(",");
      const names = [...named, ...upstream.map(({ spec }) => spec.node)];
      if (before.length !== names.length) return [...new Set(named)];
      return [...new Set(names.filter((_, index) => before[index] !== now[index]))];
    }
    case "never":
    case "current":
    case "stale-key":
    case "locked":
    case "edited":
      return [];
  }
}
