import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { Datum } from "#server/notebook/value.ts";
import type { FreeAnswers, LedgerCall } from "#server/store/journal.ts";
import type { CallStore, CopiedThrough } from "./call-store.ts";
import { integers, type Session } from "./duckdb-session.ts";
import { queryRows } from "./query-rows.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** A column of a copy: its type, and what it has of a row. */
type CopiedColumn<Row> = readonly [DuckDBType, (row: Row) => DuckDBValue];

const callColumns: { readonly [name: string]: CopiedColumn<LedgerCall> } = {
  id: [BIGINT, ({ id }) => BigInt(id)],
  run: [VARCHAR, ({ run }) => run],
  notebook: [VARCHAR, ({ notebook }) => notebook],
  address: [VARCHAR, ({ address }) => address],
  step: [INTEGER, ({ step }) => step],
  model: [VARCHAR, ({ model }) => model],
  provider: [VARCHAR, ({ provider }) => provider],
  key_number: [INTEGER, ({ keyNumber }) => keyNumber],
  key_hash: [VARCHAR, ({ keyHash }) => keyHash],
  answered_by: [VARCHAR, ({ answeredBy }) => answeredBy],
  sent_at: [BIGINT, ({ sentAt }) => BigInt(sentAt)],
  state: [VARCHAR, ({ state }) => state],
  finish: [VARCHAR, ({ finish }) => finish],
  ended_at: [BIGINT, ({ endedAt }) => whole(endedAt)],
  first_text_at: [BIGINT, ({ firstTextAt }) => whole(firstTextAt)],
  input: [BIGINT, ({ usage }) => whole(usage.input)],
  output: [BIGINT, ({ usage }) => whole(usage.output)],
  cached_input: [BIGINT, ({ usage }) => whole(usage.cachedInput)],
  cache_write: [BIGINT, ({ usage }) => whole(usage.cacheWrite)],
  reasoning: [BIGINT, ({ usage }) => whole(usage.reasoning)],
  audio: [BIGINT, ({ usage }) => whole(usage.audio)],
  image: [BIGINT, ({ usage }) => whole(usage.image)],
  cost: [DOUBLE, ({ cost }) => cost],
  error: [VARCHAR, ({ error }) => error],
  attempts: [INTEGER, ({ attempts }) => attempts],
  batched: [BOOLEAN, ({ batched }) => batched],
};

const freeColumns: { readonly [name: string]: CopiedColumn<FreeAnswers & { readonly id: number }> } = {
  id: [BIGINT, ({ id }) => BigInt(id)],
  came_at: [BIGINT, ({ at }) => BigInt(at)],
  run: [VARCHAR, ({ run }) => run],
  notebook: [VARCHAR, ({ notebook }) => notebook],
  cell: [VARCHAR, ({ cell }) => cell],
  model: [VARCHAR, ({ model }) => model],
  answers: [BIGINT, ({ answers }) => BigInt(answers)],
  cost: [DOUBLE, ({ cost }) => cost],
  unpriced: [BIGINT, ({ unpriced }) => BigInt(unpriced)],
  input: [BIGINT, ({ input }) => BigInt(input)],
  output: [BIGINT, ({ output }) => BigInt(output)],
};

/** Tables of earlier releases are dropped: what they had is copied again. */
const tables = `
  drop table if exists calls;
  drop table if exists calls_through;
  drop table if exists ledger_through;
  drop table if exists ledger;
  drop table if exists copied_calls;
  create table if not exists booked_calls (${declared(callColumns)});
  create table if not exists free_answers (${declared(freeColumns)})`;

/** Works on the copy of the ledger, whose tables are there then. */
export function useCopy<Answer>(
  database: TablesDatabase,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  return database.use(async (session) => {
    await session.execute(tables);
    return work(session);
  });
}

/** The part of the store of calls that is written. */
export function createCallCopy(database: TablesDatabase): Pick<CallStore, "through" | "put" | "clear" | "addFree"> {
  return {
    through: () =>
      useCopy(database, async (session) => {
        const last = (columns: string, table: string) =>
          queryRows(session, `select ${columns} from ${table} order by id desc limit 1`);
        const [call] = await last("id, sent_at, run, address", "booked_calls");
        const [free] = await last("id, came_at, run, cell", "free_answers");
        const open = await queryRows(session, "select id from booked_calls where state is null order by id");
        return {
          call: call === undefined ? null : toLastCall(call),
          free: free === undefined ? null : toLastFree(free),
          open: open.map(([id]) => Number(id)),
        };
      }),
    put: (calls) =>
      useCopy(database, async (session) => {
        await session.execute("begin");
        try {
          const ids = integers(calls.map(({ id }) => id));
          await session.execute("delete from booked_calls where id in (select unnest($ids))", { ids });
          await append(session, "booked_calls", callColumns, calls);
          await session.execute("commit");
        } catch (thrown) {
          await session.execute("rollback");
          throw thrown;
        }
      }),
    clear: () => useCopy(database, (session) => session.execute("delete from booked_calls; delete from free_answers")),
    addFree: (answers) => useCopy(database, (session) => append(session, "free_answers", freeColumns, answers)),
  };
}

function toLastCall([id, at, run, address]: readonly Datum[]): NonNullable<CopiedThrough["call"]> {
  return { id: Number(id), sentAt: Number(at), run: String(run), address: String(address) };
}

function toLastFree([id, at, run, cell]: readonly Datum[]): NonNullable<CopiedThrough["free"]> {
  return { id: Number(id), at: Number(at), run: String(run), cell: String(cell) };
}

async function append<Row>(
  session: Session,
  name: string,
  columns: { readonly [name: string]: CopiedColumn<Row> },
  rows: readonly Row[],
): Promise<void> {
  const copied = Object.values(columns);
  await session.append(
    { name },
    copied.map(([type]) => type),
    copied.map(([, of]) => rows.map(of)),
  );
}

function declared(columns: { readonly [name: string]: readonly [DuckDBType, ...unknown[]] }): string {
  return Object.entries(columns)
    .map(([name, [type]]) => `${name} ${type.toString()}`)
    .join(", ");
}

function whole(value: number | null | undefined): bigint | null {
  return value == null ? null : BigInt(Math.round(value));
}
