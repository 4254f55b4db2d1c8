import type { Datum } from "#server/notebook/value.ts";
import { callFilter, callGroupings, filterParameters, freeGroupings } from "./call-filter.ts";
import type { CostDay, CostFigures, CostQuestion, CostReport } from "./call-store.ts";
import type { Session } from "./duckdb-session.ts";
import { queryRows } from "./query-rows.ts";

/** Groups a report has at most. */
const mostGroups = 500;

const figures = `
  count(*) as calls,
  count(*) filter (state is distinct from 'done') as failed,
  coalesce(sum(cost), 0) as cost,
  count(*) filter (cost is null) as unpriced,
  coalesce(sum(input), 0) as input,
  coalesce(sum(output), 0) as output,
  coalesce(sum(cached_input), 0) as cached_input,
  coalesce(sum(reasoning), 0) as reasoning,
  quantile_cont(ended_at - sent_at, [0.5, 0.95, 0.99]) filter (state = 'done' and not batched) as latency`;

const freeFigures = `
  coalesce(sum(answers), 0) as free,
  coalesce(sum(cost), 0) as saved,
  coalesce(sum(unpriced), 0) as free_unpriced`;

const names = "calls, failed, cost, unpriced, input, output, cached_input, reasoning, free, saved, free_unpriced"
  .split(", ")
  .map((name) => `coalesce(${name}, 0)`)
  .join(", ");

/** What calls came to, and what came free. */
export async function callReport(session: Session, question: CostQuestion): Promise<CostReport> {
  const { by } = question;
  const read = (sql: string): Promise<readonly (readonly Datum[])[]> =>
    queryRows(session, sql, filterParameters(question, sql));
  const [calls, free] = [callGroupings(question), freeGroupings(question)];
  const ofCalls = `from booked_calls where ${callFilter(question, calls, "sent_at")}`;
  const ofFree = `from free_answers where ${callFilter(question, free, "came_at")}`;
  const order =
    by === "day" || by === "hour" ? "name" : "coalesce(cost, 0) desc, coalesce(calls, 0) desc, saved desc, name";

  const [total] = await read(
    `select ${names}, latency from (select ${figures} ${ofCalls}), (select ${freeFigures} ${ofFree})`,
  );
  const groups = await read(
    `select ${names}, latency, name, count(*) over (), key_number
     from (select ${calls[by]} as name, arg_max_null(key_number, id) as key_number, ${figures} ${ofCalls} group by name)
     full join (select ${free[by] ?? "''"} as name, ${freeFigures} ${ofFree} ${free[by] === null ? "and false" : ""} group by name)
     using (name) order by ${order} limit ${mostGroups}`,
  );
  const times = async (unit: "day" | "hour"): Promise<readonly CostDay[]> =>
    (
      await read(
        `select name, ${names}, latency from (select ${calls[unit]} as name, ${figures} ${ofCalls} group by name)
         full join (select ${free[unit]} as name, ${freeFigures} ${ofFree} group by name) using (name) order by name`,
      )
    ).map(toDay);
  const days = await times("day");
  return {
    total: toFigures(total!),
    groups: groups.map((row) => ({
      name: String(row[12]),
      keyNumber: row[14] == null ? null : Number(row[14]),
      ...toFigures(row),
    })),
    groupCount: Number(groups[0]?.[13] ?? 0),
    days,
    hours: days.length === 1 ? await times("hour") : [],
  };
}

function toDay([day, ...figures]: readonly Datum[]): CostDay {
  const { cost, calls, failed, unpriced, input, output, latency, free } = toFigures(figures);
  const { answers, cost: saved, unpriced: freeUnpriced } = free;
  const came = { free: answers, saved, freeUnpriced };
  return { day: String(day), cost, calls, failed, unpriced, ...came, input, output, latency };
}

function toFigures(row: readonly Datum[]): CostFigures {
  const counts = row.slice(0, 11).map(Number);
  const [calls, failed, cost, unpriced, input, output, cachedInput, reasoning, answers, saved, unknown] = counts as [
    ...(readonly [number, number, number, number, number, number, number, number]),
    ...(readonly [number, number, number]),
  ];
  const latencies = row[11] as readonly number[] | null;
  const latency = latencies === null ? null : { median: latencies[0]!, p95: latencies[1]!, p99: latencies[2]! };
  const free = { answers, cost: saved, unpriced: unknown };
  return { calls, failed, cost, unpriced, input, output, cachedInput, reasoning, latency, free };
}
