import { sql, type Kysely } from "kysely";
import type { JournalBodies } from "./journal.ts";
import { createJournalBodies } from "./journal-bodies.ts";
import type { JournalSchema } from "./journal-schema.ts";

/** Free bytes from which it is worth writing a file anew. */
const worthwhile = 64 * 1024 * 1024;

/** The bodies in a SQLite file. */
export function sqliteBodies(db: Kysely<JournalSchema>, workspace: string): JournalBodies {
  const bodies = createJournalBodies(db, workspace);
  const pragma = async (name: string): Promise<number> => {
    const { rows } = await sql<{ readonly [name: string]: number }>`pragma ${sql.raw(name)}`.execute(db);
    return Object.values(rows[0]!)[0]!;
  };
  const folded =
    (remove: JournalBodies["removeBefore"]): JournalBodies["removeBefore"] =>
    async (time, limit) => {
      const removed = await remove(time, limit);
      // The log beside the file has the old pages until it is folded in.
      if (removed > 0 && removed < limit) await sql`pragma wal_checkpoint(truncate)`.execute(db);
      return removed;
    };
  return {
    ...bodies,
    removeBefore: folded(bodies.removeBefore),
    removeOutlived: folded(bodies.removeOutlived),
    async compact() {
      const [free, pages, size] = [
        await pragma("freelist_count"),
        await pragma("page_count"),
        await pragma("page_size"),
      ];
      if (free * size >= worthwhile && free * 2 > pages) await sql`vacuum`.execute(db);
    },
  };
}
