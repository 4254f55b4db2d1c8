import type { Migrations } from "./migrate.ts";

/** The table of results outside sheets. It is only ever read whole, so a result is one text. */
export interface ResultsSchema {
  results: {
    workspace_id: string;
    notebook: string;
    address: string;
    /** JSON of a `CellResult`. */
    result: string;
  };
}

/** The results' history. */
export const resultsMigrations: Migrations = {
  "0001-results": {
    async up(db) {
      await db.schema
        .createTable("results")
        .addColumn("workspace_id", "text", (column) => column.notNull())
        .addColumn("notebook", "text", (column) => column.notNull())
        .addColumn("address", "text", (column) => column.notNull())
        .addColumn("result", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("results_primary_key", ["workspace_id", "notebook", "address"])
        .execute();
    },
  },
};
