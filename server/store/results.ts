import type { Kysely } from "kysely";
import { insertRows } from "./insert-rows.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";
import type { ResultsSchema } from "./results-schema.ts";
import type { CellResult, Results } from "./store.ts";

/** The results of one workspace's cells. `close` lets go of the database. */
export function createResults(db: Kysely<ResultsSchema>, workspace: string): Results {
  return {
    async all(notebook) {
      const rows = await db
        .selectFrom("results")
        .select("result")
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .execute();
      return rows.map(({ result }) => fromJsonText<CellResult>(result));
    },

    async put(notebook, results) {
      // The last one stands where an address comes twice: a statement may not change a row twice.
      const byAddress = new Map(results.map((result) => [result.address, result]));
      const rows = Array.from(byAddress.values(), (result) => ({
        workspace_id: workspace,
        notebook,
        address: result.address,
        result: toJsonText(result),
      }));
      await db.transaction().execute((transaction) =>
        insertRows(transaction, rows, (some) =>
          transaction
            .insertInto("results")
            .values(some)
            .onConflict((conflict) =>
              conflict
                .columns(["workspace_id", "notebook", "address"])
                .doUpdateSet((update) => ({ result: update.ref("excluded.result") })),
            ),
        ),
      );
    },

    close: () => db.destroy(),
  };
}
