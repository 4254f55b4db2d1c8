import { BIGINT, DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";
import type { Datum } from "#server/notebook/value.ts";
import type { CallStore, CostFigures, CostGrouping, CostQuestion, CostReport } from "./call-store.ts";
import type { Parameter, Session } from "./duckdb-session.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** Groups a report has at most. */
const mostGroups = 500;

const table = `
  create table if not exists calls (id BIGINT, run VARCHAR, notebook VARCHAR, address VARCHAR, step INTEGER, model VARCHAR,
    sent_at BIGINT, state VARCHAR, ended_at BIGINT, first_text_at BIGINT, input BIGINT, output BIGINT, cached_input BIGINT,
    cache_write BIGINT, reasoning BIGINT, cost DOUBLE, error VARCHAR, attempts INTEGER);
  create table if not exists calls_through (id BIGINT)`;

const types = [
  BIGINT,
  VARCHAR,
  VARCHAR,
  VARCHAR,
  INTEGER,
  VARCHAR,
  BIGINT,
  VARCHAR,
  BIGINT,
  BIGINT,
  BIGINT,
  BIGINT,
  BIGINT,
  BIGINT,
  BIGINT,
  DOUBLE,
  VARCHAR,
  INTEGER,
];

/** The cell of an address, without the labels of its axes. */
const cell = "regexp_extract(address, '^[^{]*')";

const groupings: { readonly [Grouping in CostGrouping]: string } = {
  day: "strftime(make_timestamp((sent_at + $ahead * 60000) * 1000), '%Y-%m-%d')",
  model: "model",
  notebook: "notebook",
  cell: `notebook || ' ' || ${cell}`,
  run: "run",
  outcome: "coalesce(error, state, 'unanswered')",
};

const figures = `
  count(*) as calls,
  count(*) filter (state is distinct from 'done') as failed,
  coalesce(sum(cost), 0) as cost,
  count(*) filter (state is not null and cost is null) as unpriced,
  coalesce(sum(input), 0) as input,
  coalesce(sum(output), 0) as output,
  coalesce(sum(cached_input), 0) as cached_input,
  coalesce(sum(reasoning), 0) as reasoning,
  quantile_cont(ended_at - sent_at, 0.5) filter (state = 'done') as median,
  quantile_cont(ended_at - sent_at, 0.95) filter (state = 'done') as p95`;

/** The copy of the ledger as it works in the process `tables`. */
export function createCallStore(database: TablesDatabase): CallStore {
  const use = <Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> =>
    database.use(async (session) => {
      await session.execute(table);
      return work(session);
    });
  return {
    through: () =>
      use(async (session) => Number((await rowsOf(session, "select max(id) from calls_through"))[0]![0] ?? 0)),
    replace: ({ after, calls, through }) =>
      use(async (session) => {
        await session.execute("begin");
        try {
          await session.execute("delete from calls where id > $after", { after });
          await session.append({ name: "calls" }, types, [
            calls.map(({ id }) => BigInt(id)),
            calls.map(({ run }) => run),
            calls.map(({ notebook }) => notebook),
            calls.map(({ address }) => address),
            calls.map(({ step }) => step),
            calls.map(({ model }) => model),
            calls.map(({ sentAt }) => BigInt(sentAt)),
            calls.map(({ state }) => state),
            calls.map(({ endedAt }) => whole(endedAt)),
            calls.map(({ firstTextAt }) => whole(firstTextAt)),
            calls.map(({ usage }) => whole(usage.input)),
            calls.map(({ usage }) => whole(usage.output)),
            calls.map(({ usage }) => whole(usage.cachedInput)),
            calls.map(({ usage }) => whole(usage.cacheWrite)),
            calls.map(({ usage }) => whole(usage.reasoning)),
            calls.map(({ cost }) => cost),
            calls.map(({ error }) => error),
            calls.map(({ attempts }) => attempts),
          ]);
          await session.execute("delete from calls_through");
          await session.execute("insert into calls_through values ($through)", { through });
          await session.execute("commit");
        } catch (thrown) {
          await session.execute("rollback");
          throw thrown;
        }
      }),
    report: (question) => use((session) => report(session, question)),
  };
}

async function report(session: Session, { from, to, by, ahead, only }: CostQuestion): Promise<CostReport> {
  const chosen = Object.entries(only) as readonly (readonly [CostGrouping, string])[];
  const where = [
    "sent_at >= $from and sent_at < $to",
    ...chosen.map(([grouping]) => `${groupings[grouping]} = $${grouping}`),
  ].join(" and ");
  /** A statement may have no parameter that it does not name. */
  const parametersFor = (sql: string): { readonly [name: string]: Parameter } =>
    Object.fromEntries(
      Object.entries({ from, to, ahead, ...only }).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)),
    );
  const read = (sql: string): Promise<readonly (readonly Datum[])[]> => rowsOf(session, sql, parametersFor(sql));
  const ofCalls = `from calls where ${where}`;
  const order = by === "day" ? "name" : "cost desc, calls desc, name";
  const [total] = await read(`select ${figures} ${ofCalls}`);
  const groups = await read(
    `select ${groupings[by]} as name, ${figures} ${ofCalls} group by name order by ${order} limit ${mostGroups}`,
  );
  const [[groupCount]] = (await read(`select count(distinct ${groupings[by]}) ${ofCalls}`)) as [[Datum]];
  const days = await read(
    `select ${groupings.day} as day, coalesce(sum(cost), 0), count(*), count(*) filter (state is distinct from 'done')
     ${ofCalls} group by day order by day`,
  );
  return {
    total: toFigures(total!),
    groups: groups.map(([name, ...rest]) => ({ name: String(name), ...toFigures(rest) })),
    groupCount: Number(groupCount),
    days: days.map(([day, cost, calls, failed]) => ({
      day: String(day),
      cost: Number(cost),
      calls: Number(calls),
      failed: Number(failed),
    })),
  };
}

function toFigures(row: readonly Datum[]): CostFigures {
  const [calls, failed, cost, unpriced, input, output, cachedInput, reasoning] = row.slice(0, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [median, p95] = row.slice(8);
  const latency = median == null ? null : { median: Number(median), p95: Number(p95) };
  return { calls, failed, cost, unpriced, input, output, cachedInput, reasoning, latency };
}

async function rowsOf(
  session: Session,
  sql: string,
  parameters: { readonly [name: string]: Parameter } = {},
): Promise<readonly (readonly Datum[])[]> {
  const { columns, rowCount } = await session.queryColumns(sql, parameters);
  return Array.from({ length: rowCount }, (_, index) => columns.map((column) => column[index]!));
}

function whole(value: number | null | undefined): bigint | null {
  return value == null ? null : BigInt(Math.round(value));
}

/** Its methods as the process answers them: `calls.report` and so on. */
export function callMethods(database: TablesDatabase) {
  return Object.fromEntries(
    Object.entries(createCallStore(database)).map(([name, method]) => [`calls.${name}`, method as never]),
  );
}
