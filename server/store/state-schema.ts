import type { Generated } from "kysely";
import { endpointTables } from "./endpoint-tables.ts";
import type { DatabaseName, Migrations } from "./migrate.ts";
import type { Budget, EndpointChange, RequestRecord, RunEnd, RunResult } from "./store.ts";

/** The tables of a workspace's state. Times are milliseconds since 1970, texts of JSON are marked. */
export interface StateSchema {
  runs: {
    workspace_id: string;
    run_id: string;
    notebook: string;
    text: string;
    /** JSON. */
    versions: string;
    /** JSON. */
    scope: string;
    /** JSON. */
    inputs: string;
    started_at: number;
    clock: number | null;
    seed: number | null;
    /** Null until the run has ended, as are all that follow. */
    outcome: RunEnd["outcome"] | null;
    ended_at: number | null;
    /** US dollars of what has a price. */
    cost: number | null;
    /** Calls without a known price. Null, as the cost, where a run ended before they were counted and had some. */
    calls_unpriced: number | null;
    calls_made: number | null;
    calls_cached: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    /** JSON of a `RunEstimate`. */
    estimate: string | null;
  };
  run_results: {
    /** The order in which results were first recorded. */
    id: Generated<number>;
    workspace_id: string;
    run_id: string;
    address: string;
    cell_key: string;
    /** JSON. */
    call_keys: string;
    outcome: RunResult["outcome"];
    score: number | null;
    /** US dollars; null for unpriced. */
    cost: number | null;
  };
  waits: {
    workspace_id: string;
    notebook: string;
    address: string;
    reason: string;
    subject: string;
    message: string;
    since: number;
  };
  consents: {
    id: Generated<number>;
    workspace_id: string;
    subject: string;
    /** What was agreed to, as it was shown. */
    text: string;
    given_at: number;
  };
  grants: {
    workspace_id: string;
    notebook: string;
    cell: string;
    /** US dollars. */
    budget: number;
    granted_at: number;
    /** US dollars. */
    spent: number;
  };
  budgets: {
    workspace_id: string;
    scope: Budget["scope"];
    /** A notebook's path; empty of a day's. */
    subject: string;
    /** US dollars. */
    amount: number;
    since: number;
    /** US dollars. */
    carried: number;
  };
  trusts: {
    workspace_id: string;
    notebook: string;
    /** SHA-256 of the text at first sight, or when it was trusted. */
    text_hash: string;
    seen_at: number;
    /** Null where it is not trusted. */
    trusted_at: number | null;
  };
  endpoints: {
    workspace_id: string;
    slug: string;
    notebook: string;
    live: number;
  };
  endpoint_versions: {
    workspace_id: string;
    slug: string;
    version: number;
    notebook: string;
    text: string;
    /** JSON. */
    models: string;
    /** JSON. */
    datasets: string;
    note: string | null;
    created_at: number;
  };
  /** Which files of tables versions need. */
  endpoint_tables: {
    workspace_id: string;
    slug: string;
    version: number;
    hash: string;
  };
  endpoint_changes: {
    id: Generated<number>;
    workspace_id: string;
    slug: string;
    change: EndpointChange["change"];
    version: number;
    changed_at: number;
  };
  requests: {
    workspace_id: string;
    run_id: string;
    slug: string;
    version: number;
    mode: RequestRecord["mode"];
    status: RequestRecord["status"];
    /** JSON. */
    inputs: string;
    /** JSON. */
    answer: string | null;
    /** JSON. */
    results: string;
    /** JSON. */
    errors: string;
    started_at: number;
    ended_at: number | null;
    /** US dollars; null for unpriced. */
    cost: number | null;
    calls_made: number;
    calls_cached: number;
  };
  request_keys: {
    workspace_id: string;
    slug: string;
    request_key: string;
    /** A hash. */
    body: string;
    run_id: string;
    given_at: number;
  };
}

/** The state's history. */
export function stateMigrations(database: DatabaseName): Migrations {
  const counter = database === "sqlite" ? "integer" : "bigserial";
  return {
    "0001-runs-waits-consents": {
      async up(db) {
        await db.schema
          .createTable("runs")
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("run_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("text", "text", (column) => column.notNull())
          .addColumn("versions", "text", (column) => column.notNull())
          .addColumn("scope", "text", (column) => column.notNull())
          .addColumn("inputs", "text", (column) => column.notNull())
          .addColumn("started_at", "bigint", (column) => column.notNull())
          .addColumn("outcome", "text")
          .addColumn("ended_at", "bigint")
          .addColumn("cost", "double precision")
          .addColumn("calls_made", "bigint")
          .addColumn("calls_cached", "bigint")
          .addPrimaryKeyConstraint("runs_primary_key", ["workspace_id", "run_id"])
          .execute();
        await db.schema
          .createIndex("runs_by_notebook")
          .on("runs")
          .columns(["workspace_id", "notebook", "started_at"])
          .execute();
        await db.schema
          .createTable("run_results")
          .addColumn("id", counter, (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("run_id", "text", (column) => column.notNull())
          .addColumn("address", "text", (column) => column.notNull())
          .addColumn("cell_key", "text", (column) => column.notNull())
          .addColumn("call_keys", "text", (column) => column.notNull())
          .addColumn("outcome", "text", (column) => column.notNull())
          .addColumn("score", "double precision")
          .addColumn("cost", "double precision")
          .addUniqueConstraint("run_results_address", ["workspace_id", "run_id", "address"])
          .addForeignKeyConstraint("run_results_run", ["workspace_id", "run_id"], "runs", ["workspace_id", "run_id"])
          .execute();
        await db.schema
          .createIndex("run_results_by_order")
          .on("run_results")
          .columns(["workspace_id", "run_id", "id"])
          .execute();
        await db.schema
          .createTable("waits")
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("address", "text", (column) => column.notNull())
          .addColumn("reason", "text", (column) => column.notNull())
          .addColumn("subject", "text", (column) => column.notNull())
          .addColumn("message", "text", (column) => column.notNull())
          .addColumn("since", "bigint", (column) => column.notNull())
          .addPrimaryKeyConstraint("waits_primary_key", ["workspace_id", "notebook", "address"])
          .execute();
        await db.schema
          .createTable("consents")
          .addColumn("id", counter, (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("subject", "text", (column) => column.notNull())
          .addColumn("text", "text", (column) => column.notNull())
          .addColumn("given_at", "bigint", (column) => column.notNull())
          .execute();
        await db.schema
          .createIndex("consents_by_subject")
          .on("consents")
          .columns(["workspace_id", "subject", "id"])
          .execute();
      },
    },
    "0002-clock-and-seed-of-runs": {
      async up(db) {
        for (const column of ["clock", "seed"])
          await db.schema.alterTable("runs").addColumn(column, "bigint").execute();
      },
    },
    "0003-grants": {
      async up(db) {
        await db.schema
          .createTable("grants")
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("cell", "text", (column) => column.notNull())
          .addColumn("budget", "double precision", (column) => column.notNull())
          .addColumn("granted_at", "bigint", (column) => column.notNull())
          .addColumn("spent", "double precision", (column) => column.notNull())
          .addPrimaryKeyConstraint("grants_primary_key", ["workspace_id", "notebook", "cell"])
          .execute();
      },
    },
    "0004-endpoints": endpointTables(counter),
    "0005-trusts": {
      async up(db) {
        await db.schema
          .createTable("trusts")
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("text_hash", "text", (column) => column.notNull())
          .addColumn("seen_at", "bigint", (column) => column.notNull())
          .addColumn("trusted_at", "bigint")
          .addPrimaryKeyConstraint("trusts_primary_key", ["workspace_id", "notebook"])
          .execute();
      },
    },
    "0006-estimates-of-runs": {
      async up(db) {
        for (const column of ["input_tokens", "output_tokens"])
          await db.schema.alterTable("runs").addColumn(column, "bigint").execute();
        await db.schema.alterTable("runs").addColumn("estimate", "text").execute();
      },
    },
    "0007-budgets": {
      async up(db) {
        await db.schema
          .createTable("budgets")
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("scope", "text", (column) => column.notNull())
          .addColumn("subject", "text", (column) => column.notNull())
          .addColumn("amount", "double precision", (column) => column.notNull())
          .addColumn("since", "bigint", (column) => column.notNull())
          .addColumn("carried", "double precision", (column) => column.notNull())
          .addPrimaryKeyConstraint("budgets_primary_key", ["workspace_id", "scope", "subject"])
          .execute();
      },
    },
    "0008-unpriced-calls-of-runs": {
      async up(db) {
        await db.schema.alterTable("runs").addColumn("calls_unpriced", "bigint").execute();
        // A run had a cost only where each of its calls had a price.
        await db.updateTable("runs").set({ calls_unpriced: 0 }).where("cost", "is not", null).execute();
      },
    },
  };
}
