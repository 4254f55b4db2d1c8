import type { Kysely } from "kysely";
import { insertRows } from "./insert-rows.ts";
import type { ResultsSchema } from "./results-schema.ts";

/** Results outside sheets as they are kept: texts by address. What they say is known to `resultsOver` alone. */
export interface ResultTexts {
  /** The texts of a notebook's results, in no order. */
  all(notebook: string): Promise<readonly string[]>;
  /** Keeps texts, each under the address of its place, replacing those of the same addresses, in one transaction. */
  put(notebook: string, addresses: readonly string[], texts: readonly string[]): Promise<void>;
  /** Puts a notebook's texts to another path, in place of those that are there. */
  move(notebook: string, to: string): Promise<void>;
  close(): Promise<void>;
}

/** The texts of one workspace's results. `close` lets go of the database. */
export function createResultTexts(db: Kysely<ResultsSchema>, workspace: string): ResultTexts {
  return {
    async all(notebook) {
      const rows = await db
        .selectFrom("results")
        .select("result")
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .execute();
      return rows.map(({ result }) => result);
    },

    async put(notebook, addresses, texts) {
      // The last one stands where an address comes twice: a statement may not change a row twice.
      const byAddress = new Map(addresses.map((address, place) => [address, texts[place]!]));
      const rows = Array.from(byAddress, ([address, result]) => ({
        workspace_id: workspace,
        notebook,
        address,
        result,
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

    move: (notebook, to) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom("results")
          .where("workspace_id", "=", workspace)
          .where("notebook", "=", to)
          .execute();
        await transaction
          .updateTable("results")
          .set({ notebook: to })
          .where("workspace_id", "=", workspace)
          .where("notebook", "=", notebook)
          .execute();
      }),

    close: () => db.destroy(),
  };
}
