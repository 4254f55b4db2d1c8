import type { ExpressionBuilder, Kysely, Selectable, Transaction } from "kysely";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { insertRows } from "./insert-rows.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";
import type { StateSchema } from "./state-schema.ts";
import type { RunEnd, RunEstimate, RunResult, Runs, RunStart } from "./store.ts";

/** The runs of one workspace. */
export function createRuns(db: Kysely<StateSchema>, workspace: string): Runs {
  const inWorkspace = (table: ExpressionBuilder<StateSchema, "runs" | "run_results">) =>
    table("workspace_id", "=", workspace);

  async function get(run: string): Promise<(RunStart & { end: RunEnd | null }) | null> {
    const row = await db.selectFrom("runs").selectAll().where(inWorkspace).where("run_id", "=", run).executeTakeFirst();
    return row === undefined ? null : toRun(row);
  }

  /** Throws where the run is not open, and keeps others from ending it until the transaction has. */
  async function hold(transaction: Transaction<StateSchema>, run: string): Promise<void> {
    const { numUpdatedRows } = await transaction
      .updateTable("runs")
      .set({ run_id: run })
      .where(inWorkspace)
      .where("run_id", "=", run)
      .where("outcome", "is", null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw notOpen(run);
  }

  return {
    async begin(run) {
      await db
        .insertInto("runs")
        .values({
          workspace_id: workspace,
          run_id: run.id,
          notebook: run.notebook,
          text: run.text,
          versions: toJsonText(run.versions),
          scope: toJsonText(run.scope),
          inputs: toJsonText(run.inputs),
          started_at: run.startedAt,
          clock: run.clock,
          seed: run.seed,
        })
        .execute();
    },

    async record(run, results) {
      // The last one stands where an address comes twice: a statement may not change a row twice.
      const byAddress = new Map(results.map((result) => [result.address, result]));
      const rows = Array.from(byAddress.values(), (result) => resultRow(workspace, run, result));
      await db.transaction().execute(async (transaction) => {
        await hold(transaction, run);
        await insertRows(transaction, rows, (some) =>
          transaction
            .insertInto("run_results")
            .values(some)
            .onConflict((conflict) =>
              conflict.columns(["workspace_id", "run_id", "address"]).doUpdateSet((update) => ({
                cell_key: update.ref("excluded.cell_key"),
                call_keys: update.ref("excluded.call_keys"),
                outcome: update.ref("excluded.outcome"),
                score: update.ref("excluded.score"),
                cost: update.ref("excluded.cost"),
              })),
            ),
        );
      });
    },

    async end(run, end) {
      const { numUpdatedRows } = await db
        .updateTable("runs")
        .set({
          outcome: end.outcome,
          ended_at: end.endedAt,
          cost: end.cost,
          calls_unpriced: end.unpriced,
          calls_made: end.callsMade,
          calls_cached: end.callsCached,
          input_tokens: end.input,
          output_tokens: end.output,
          estimate: end.estimate === null ? null : toJsonText(end.estimate as unknown as Datum),
        })
        .where(inWorkspace)
        .where("run_id", "=", run)
        .where("outcome", "is", null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw notOpen(run);
    },

    get,

    async results(run, { offset, limit }) {
      const rows = await db
        .selectFrom("run_results")
        .selectAll()
        .where(inWorkspace)
        .where("run_id", "=", run)
        .orderBy("id")
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map(toResult);
    },

    async recorded(run) {
      const { count } = await db
        .selectFrom("run_results")
        .select(({ fn }) => fn.countAll().as("count"))
        .where(inWorkspace)
        .where("run_id", "=", run)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async list(notebook, limit) {
      const rows = await db
        .selectFrom("runs")
        .selectAll()
        .where(inWorkspace)
        .where("notebook", "=", notebook)
        .orderBy("started_at", "desc")
        .orderBy("run_id", "desc")
        .limit(limit)
        .execute();
      return rows.map(toRun);
    },

    async recent({ offset, limit }) {
      const rows = await db
        .selectFrom("runs")
        .select([
          "run_id",
          "notebook",
          "scope",
          "started_at",
          "outcome",
          "ended_at",
          "cost",
          "calls_unpriced",
          "calls_made",
          "calls_cached",
          "input_tokens",
          "output_tokens",
          "estimate",
        ])
        .select((from) =>
          from
            .selectFrom("run_results")
            .select(from.fn.countAll<number | string>().as("count"))
            .whereRef("run_results.workspace_id", "=", "runs.workspace_id")
            .whereRef("run_results.run_id", "=", "runs.run_id")
            .where("run_results.outcome", "=", "error")
            .as("failed"),
        )
        .where("workspace_id", "=", workspace)
        .orderBy("started_at", "desc")
        .orderBy("run_id", "desc")
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.run_id,
        notebook: row.notebook,
        scope: fromJsonText<Datum>(row.scope),
        startedAt: Number(row.started_at),
        end: endOf(row),
        failed: Number(row.failed),
      }));
    },
  };
}

function notOpen(run: string): SheafError {
  return new SheafError("store.run-not-open", `there is no open run ${run}: it has ended, or it never began`);
}

function resultRow(workspace: string, run: string, result: RunResult) {
  return {
    workspace_id: workspace,
    run_id: run,
    address: result.address,
    cell_key: result.cellKey,
    call_keys: toJsonText(result.callKeys),
    outcome: result.outcome,
    score: result.score,
    cost: result.cost,
  };
}

function toResult(row: Selectable<StateSchema["run_results"]>): RunResult {
  return {
    address: row.address,
    cellKey: row.cell_key,
    callKeys: fromJsonText<readonly string[]>(row.call_keys),
    outcome: row.outcome,
    score: row.score,
    cost: row.cost,
  };
}

function toRun(row: Selectable<StateSchema["runs"]>): RunStart & { end: RunEnd | null } {
  return {
    id: row.run_id,
    notebook: row.notebook,
    text: row.text,
    versions: fromJsonText<Datum>(row.versions),
    scope: fromJsonText<Datum>(row.scope),
    inputs: fromJsonText<Datum>(row.inputs),
    startedAt: Number(row.started_at),
    clock: row.clock === null ? null : Number(row.clock),
    seed: row.seed === null ? null : Number(row.seed),
    end: endOf(row),
  };
}

function endOf(
  row: Pick<
    Selectable<StateSchema["runs"]>,
    | "outcome"
    | "ended_at"
    | "cost"
    | "calls_unpriced"
    | "calls_made"
    | "calls_cached"
    | "input_tokens"
    | "output_tokens"
    | "estimate"
  >,
): RunEnd | null {
  return row.outcome === null
    ? null
    : {
        outcome: row.outcome,
        endedAt: Number(row.ended_at),
        cost: row.cost,
        unpriced: row.calls_unpriced === null ? null : Number(row.calls_unpriced),
        callsMade: Number(row.calls_made),
        callsCached: Number(row.calls_cached),
        input: row.input_tokens === null ? null : Number(row.input_tokens),
        output: row.output_tokens === null ? null : Number(row.output_tokens),
        estimate: row.estimate === null ? null : fromJsonText<RunEstimate>(row.estimate),
      };
}
