import { sql, type Generated } from "kysely";
import type { CallEnd } from "./journal.ts";
import type { DatabaseName, Migrations } from "./migrate.ts";

/** The journal's tables. Times are milliseconds since 1970, texts of JSON are marked. */
export interface JournalSchema {
  calls: {
    id: Generated<number>;
    workspace_id: string;
    call_key: string;
    run_id: string;
    notebook: string;
    address: string;
    step: number;
    model: string;
    sent_at: number;
    /** Null until the call has ended. */
    state: CallEnd["state"] | null;
    ended_at: number | null;
    first_text_at: number | null;
    finish: NonNullable<CallEnd["finish"]> | null;
    answered_by: string | null;
    request_id: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cached_input_tokens: number | null;
    cache_write_tokens: number | null;
    reasoning_tokens: number | null;
    /** US dollars; null for unpriced. */
    cost: number | null;
    /** US dollars that budgets count it at where it is unpriced, or has no end; null where nobody knows. */
    expected: number | null;
    /** JSON. */
    price: string | null;
    /** JSON of a `CellError`. */
    error: string | null;
    /** When its bodies are to go; null for as long as the workspace keeps them, and when they have gone. */
    kept_until: number | null;
    /** From when its bodies are kept, where that is later than when it was sent. */
    kept_from: number | null;
    /** JSON; null where retention has removed it. */
    request: string | null;
    /** JSON of the attempts that failed before the end; null where there were none. */
    attempts: string | null;
    /** As `answer`; null where there was none, too. */
    reasoning: string | null;
    /** From 1; null where there is one key, or none. */
    key_number: number | null;
    /** The first 8 hex digits of the key's SHA-256; null where there is none, and in rows of before it was kept. */
    key_hash: string | null;
    audio_tokens: number | null;
    image_tokens: number | null;
    output_audio_tokens: number | null;
    output_image_tokens: number | null;
    /** Those of `cache_write_tokens` that are kept for an hour; null where there are none, too. */
    hour_cache_write_tokens: number | null;
    /** JSON; null where the provider said no more than the text, and where retention has removed it. */
    response: string | null;
    /** The text as a JSON string, which keeps NUL and lone surrogates on every database; null where retention has removed it. */
    answer: string | null;
  };
  batches: {
    id: Generated<number>;
    workspace_id: string;
    subject: string;
    batch: string | null;
    model: string;
    notebook: string;
    run_id: string;
    sent_at: number;
    ended: number;
    /** JSON; null where it has ended. */
    calls: string | null;
    /** JSON. */
    rows: string;
    /** US dollars; null where that is not known. */
    reserved: number | null;
  };
  /** For how long bodies are kept, and the id up to which they were removed. */
  retention: {
    workspace_id: string;
    days: number | null;
    through: number;
  };
  /** Calls that had not ended when retention went past them: what their ends bring is to be removed still. */
  retention_open: {
    call_id: number;
    workspace_id: string;
  };
  /** Sums of answers that nothing was sent for. */
  free_answers: {
    id: Generated<number>;
    workspace_id: string;
    came_at: number;
    run_id: string;
    notebook: string;
    cell: string;
    model: string;
    answers: number;
    cost: number;
    unpriced: number;
    input_tokens: number;
    output_tokens: number;
  };
}

/** The journal's history. The two bodies stand last, so that reading the ledger never walks through them. */
export function journalMigrations(database: DatabaseName): Migrations {
  return {
    "0001-calls": {
      async up(db) {
        await db.schema
          .createTable("calls")
          // SQLite's row number and Postgres's sequence: both grow, as no row is ever deleted.
          .addColumn("id", database === "sqlite" ? "integer" : "bigserial", (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("call_key", "text", (column) => column.notNull())
          .addColumn("run_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("address", "text", (column) => column.notNull())
          .addColumn("step", "integer", (column) => column.notNull())
          .addColumn("model", "text", (column) => column.notNull())
          .addColumn("sent_at", "bigint", (column) => column.notNull())
          .addColumn("state", "text")
          .addColumn("ended_at", "bigint")
          .addColumn("first_text_at", "bigint")
          .addColumn("finish", "text")
          .addColumn("answered_by", "text")
          .addColumn("request_id", "text")
          .addColumn("input_tokens", "bigint")
          .addColumn("output_tokens", "bigint")
          .addColumn("cached_input_tokens", "bigint")
          .addColumn("cache_write_tokens", "bigint")
          .addColumn("reasoning_tokens", "bigint")
          .addColumn("cost", "double precision")
          .addColumn("price", "text")
          .addColumn("error", "text")
          .addColumn("request", "text")
          .addColumn("answer", "text")
          .execute();
        await db.schema.createIndex("calls_by_key").on("calls").columns(["workspace_id", "call_key", "id"]).execute();
        await db.schema.createIndex("calls_by_run").on("calls").columns(["workspace_id", "run_id", "id"]).execute();
        await db.schema.createIndex("calls_by_time").on("calls").columns(["workspace_id", "sent_at"]).execute();
      },
    },
    "0002-attempts": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("attempts", "text").execute();
        await db.schema.alterTable("calls").addColumn("reasoning", "text").execute();
      },
    },
    "0003-response": {
      async up(db) {
        const calls = db.schema.alterTable("calls");
        await calls.addColumn("key_number", "integer").execute();
        await calls.addColumn("audio_tokens", "bigint").execute();
        await calls.addColumn("image_tokens", "bigint").execute();
        await calls.addColumn("output_audio_tokens", "bigint").execute();
        await calls.addColumn("output_image_tokens", "bigint").execute();
        await calls.addColumn("response", "text").execute();
      },
    },
    "0004-free-answers": {
      async up(db) {
        await db.schema
          .createTable("free_answers")
          .addColumn("id", database === "sqlite" ? "integer" : "bigserial", (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("came_at", "bigint", (column) => column.notNull())
          .addColumn("run_id", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("cell", "text", (column) => column.notNull())
          .addColumn("model", "text", (column) => column.notNull())
          .addColumn("answers", "bigint", (column) => column.notNull())
          .addColumn("cost", "double precision", (column) => column.notNull())
          .addColumn("unpriced", "bigint", (column) => column.notNull())
          .addColumn("input_tokens", "bigint", (column) => column.notNull())
          .addColumn("output_tokens", "bigint", (column) => column.notNull())
          .execute();
      },
    },
    "0005-retention": {
      async up(db) {
        await db.schema
          .createTable("retention")
          .addColumn("workspace_id", "text", (column) => column.primaryKey())
          .addColumn("days", "integer")
          .addColumn("through", "bigint", (column) => column.notNull())
          .execute();
      },
    },
    "0006-batches": {
      async up(db) {
        await db.schema
          .createTable("batches")
          .addColumn("id", database === "sqlite" ? "integer" : "bigserial", (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .addColumn("subject", "text", (column) => column.notNull())
          .addColumn("batch", "text")
          .addColumn("model", "text", (column) => column.notNull())
          .addColumn("notebook", "text", (column) => column.notNull())
          .addColumn("run_id", "text", (column) => column.notNull())
          .addColumn("sent_at", "bigint", (column) => column.notNull())
          .addColumn("ended", "integer", (column) => column.notNull())
          .addColumn("calls", "text")
          .addColumn("rows", "text", (column) => column.notNull())
          .execute();
        await db.schema.createIndex("batches_by_subject").on("batches").columns(["workspace_id", "subject"]).execute();
      },
    },
    "0007-reserved": {
      async up(db) {
        await db.schema.alterTable("batches").addColumn("reserved", "double precision").execute();
      },
    },
    "0008-retention-open": {
      async up(db) {
        await db.schema
          .createTable("retention_open")
          .addColumn("call_id", "bigint", (column) => column.primaryKey())
          .addColumn("workspace_id", "text", (column) => column.notNull())
          .execute();
        // What was written by then into calls that retention had gone past, and those that have not ended yet.
        await sql`insert into retention_open (call_id, workspace_id)
          select calls.id, calls.workspace_id from retention
          join calls on calls.workspace_id = retention.workspace_id and calls.id <= retention.through
          where calls.state is null or calls.answer is not null`.execute(db);
      },
    },
    "0009-key-hash": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("key_hash", "text").execute();
      },
    },
    "0010-expected": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("expected", "double precision").execute();
      },
    },
    "0011-kept-until": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("kept_until", "bigint").execute();
        await sql`create index calls_kept_until on calls (workspace_id, kept_until)
          where kept_until is not null`.execute(db);
      },
    },
    "0012-kept-from": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("kept_from", "bigint").execute();
        // The column stands behind the bodies: what is counted by it is counted in the index.
        await sql`create index calls_kept_from on calls (workspace_id, kept_from, sent_at)
          where kept_from is not null`.execute(db);
      },
    },
    "0013-hour-cache-write": {
      async up(db) {
        await db.schema.alterTable("calls").addColumn("hour_cache_write_tokens", "bigint").execute();
      },
    },
  };
}
