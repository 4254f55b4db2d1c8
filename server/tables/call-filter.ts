import type { CallsOf, CostGrouping } from "./call-store.ts";
import type { Parameter } from "./duckdb-session.ts";

type Groupings = { readonly [Grouping in CostGrouping]: string | null };

/** The day or hour of a time, by the clock of the one who asks as it went then. */
function timeOf(at: string, { changes = [] }: CallsOf, form: "%Y-%m-%d" | "%Y-%m-%d %H:00"): string {
  const whens = changes.toReversed().map((change) => `when ${at} >= ${change.at} then ${change.ahead}`);
  const ahead = whens.length === 0 ? "$ahead" : `case ${whens.join(" ")} else $ahead end`;
  return `strftime(make_timestamp((${at} + ${ahead} * 60000) * 1000), '${form}')`;
}

/** What the calls of a group have in common, as SQL over the copy of the ledger. */
export function callGroupings(of: CallsOf): { readonly [Grouping in CostGrouping]: string } {
  return {
    day: timeOf("sent_at", of, "%Y-%m-%d"),
    hour: timeOf("sent_at", of, "%Y-%m-%d %H:00"),
    model: "model",
    provider: "provider",
    // A number is a place among the keys, where another may stand the next day.
    key: "concat_ws(' ', provider, coalesce(key_hash, key_number::varchar))",
    notebook: "notebook",
    // Without the labels of its axes.
    cell: "notebook || ' ' || regexp_extract(address, '^[^{]*')",
    run: "run",
    outcome: "coalesce(error, state, 'unanswered')",
  };
}

/** The same over free answers. What nothing was sent for went out with no key and had no outcome of its own: null. */
export function freeGroupings(of: CallsOf): Groupings {
  return {
    day: timeOf("came_at", of, "%Y-%m-%d"),
    hour: timeOf("came_at", of, "%Y-%m-%d %H:00"),
    model: "model",
    provider: "split_part(model, '/', 1)",
    key: null,
    notebook: "notebook",
    cell: "notebook || ' ' || cell",
    run: "run",
    outcome: null,
  };
}

/** A condition that holds for what is asked of; `at` is the column that says when it was. */
export function callFilter({ only }: CallsOf, groupings: Groupings, at: "sent_at" | "came_at"): string {
  const chosen = (Object.keys(only) as CostGrouping[]).filter((grouping) => only[grouping] !== undefined);
  return [
    `${at} >= $from and ${at} < $to`,
    ...chosen.map((grouping) => (groupings[grouping] === null ? "false" : `${groupings[grouping]} = $${grouping}`)),
  ].join(" and ");
}

/** The parameters that a statement names: it may be given no others. */
export function filterParameters(
  { from, to, ahead, only }: CallsOf,
  sql: string,
): { readonly [name: string]: Parameter } {
  return Object.fromEntries(
    Object.entries({ from, to, ahead, ...only }).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)),
  );
}
