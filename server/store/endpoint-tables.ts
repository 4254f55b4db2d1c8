import type { Migration } from "kysely/migration";

/** The migration that makes the tables of published versions and of requests. `counter` is the type of a number the database counts up. */
export function endpointTables(counter: "integer" | "bigserial"): Migration {
  return {
    async up(db) {
      await db.schema
        .createTable("endpoints")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("notebook", "text", (column) => column.notNull())
        .addColumn("live", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("endpoints_primary_key", ["workspace_id", "slug"])
        .execute();
      await db.schema
        .createTable("endpoint_versions")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("notebook", "text", (column) => column.notNull())
        .addColumn("text", "text", (column) => column.notNull())
        .addColumn("models", "text", (column) => column.notNull())
        .addColumn("datasets", "text", (column) => column.notNull())
        .addColumn("note", "text")
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("endpoint_versions_primary_key", ["workspace_id", "slug", "version"])
        .addForeignKeyConstraint("endpoint_versions_endpoint", ["workspace_id", "slug"], "endpoints", [
          "workspace_id",
          "slug",
        ])
        .execute();
      await db.schema
        .createTable("endpoint_tables")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("hash", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("endpoint_tables_primary_key", ["workspace_id", "hash", "slug", "version"])
        .execute();
      await db.schema
        .createTable("endpoint_changes")
        .addColumn("id", counter, (column) => column.primaryKey())
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("change", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("changed_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex("endpoint_changes_by_slug")
        .on("endpoint_changes")
        .columns(["workspace_id", "slug", "id"])
        .execute();
      await db.schema
        .createTable("requests")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("run_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("mode", "text", (column) => column.notNull())
        .addColumn("status", "text", (column) => column.notNull())
        .addColumn("inputs", "text", (column) => column.notNull())
        .addColumn("answer", "text")
        .addColumn("results", "text", (column) => column.notNull())
        .addColumn("errors", "text", (column) => column.notNull())
        .addColumn("started_at", "bigint", (column) => column.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("cost", "double precision")
        .addColumn("calls_made", "bigint", (column) => column.notNull())
        .addColumn("calls_cached", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("requests_primary_key", ["workspace_id", "run_id"])
        .execute();
      await db.schema
        .createIndex("requests_by_slug")
        .on("requests")
        .columns(["workspace_id", "slug", "started_at"])
        .execute();
      await db.schema.createIndex("requests_by_status").on("requests").columns(["workspace_id", "status"]).execute();
      await db.schema
        .createTable("request_keys")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("request_key", "text", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("run_id", "text", (column) => column.notNull())
        .addColumn("given_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("request_keys_primary_key", ["workspace_id", "slug", "request_key"])
        .execute();
      await db.schema
        .createIndex("request_keys_by_run")
        .on("request_keys")
        .columns(["workspace_id", "run_id"])
        .execute();
    },
  };
}
