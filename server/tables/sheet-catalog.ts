import type { Coordinates } from "#server/notebook/address.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Column } from "#server/notebook/value.ts";
import { takeTurns } from "#server/process/take-turns.ts";
import type { Session } from "./duckdb-session.ts";
import { loadSheetNames, type SheetNames } from "./sheet-names.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** What the sheet store remembers of the database's content, and the one line its writers stand in. */
export interface SheetCatalog {
  names(): Promise<SheetNames>;
  /** A sheet by its name, made where there is none. */
  sheet(name: string): Promise<Sheet>;
  /** Forgets a sheet in memory; its tables are the caller's to drop. */
  forget(name: string): Promise<void>;
  /** A node of a sheet by its name; its tables are made with it. */
  node(sheet: Sheet, name: string): Promise<number>;
  /** The integer of a variant's coordinates, below `variantsPerRow`. */
  variant(sheet: Sheet, at: Coordinates): Promise<number>;
  /** A frame that can be read. Throws `sheet.frame` where it is no longer, or not yet, there. */
  frame(frame: string): Promise<SheetFrame>;
  frames(): Promise<Map<string, SheetFrame>>;
  /** Runs `work` with a session of its own, which is interrupted when `signal` aborts. */
  read<Answer>(work: (session: Session) => Promise<Answer>, signal?: AbortSignal): Promise<Answer>;
  /** Runs `work` as one transaction, after every earlier writer. */
  write<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer>;
  /** Drops a table that is not found any more, once all reads that are on have ended: they may still name it. */
  dropAfterReads(table: string): void;
}

export interface Sheet {
  readonly id: number;
  /** Rises with every change of results or overrides, so that counts worked out before can be told to be old. */
  revision: number;
  /** For each node whose results or overrides changed, the revision of the last change and when it was, by the clock of `performance`. */
  readonly changes: Map<string, { readonly revision: number; readonly at: number }>;
  /** Rows' integers by identity, as far as they were seen lately. */
  readonly rows: Map<string, number>;
}

/** A column of a sheet's rows, in the table `sheet_cells_ID` as `c0`, `c1` …; why there is no value as `x0`, `x1` …, where it says so. */
export interface FrameColumn extends Column {
  readonly lacks?: true;
}

/** One version of a sheet's rows. Row numbers are those of the sheet's register `sheet_rows_ID`. */
export interface SheetFrame {
  readonly id: number;
  readonly sheet: Sheet;
  readonly rowCount: number;
  readonly columns: readonly FrameColumn[];
  /** Rows of the register from this number on came later: the frame does not have them. */
  readonly registered: number;
  /** How many earlier rows of the register it does not have; they are in `sheet_absent_ID`. */
  readonly absent: number;
  /** Tables of whole-frame input hashes by the statement that makes them, newest use last. */
  readonly inputs: Map<string, Promise<string>>;
  /** Tables of bindings that are known to have every row. */
  readonly completeBindings: Set<string>;
}

/** Says that results or overrides of a node changed. */
export function changed(sheet: Sheet, node: string): void {
  sheet.revision += 1;
  sheet.changes.set(node, { revision: sheet.revision, at: performance.now() });
}

/** Keeps a row's number at hand: results for rows that work was just asked of come soon. */
export function rememberRow({ rows }: Sheet, label: string, id: number): void {
  if (rows.size >= rowsRemembered) rows.clear();
  rows.set(label, id);
}

/** Some 40 MB a sheet. */
const rowsRemembered = 200_000;

/** An address within a node is `row * variantsPerRow + variant`: one integer, in the order of rows. */
export const variantsPerRow = 65_536;

interface Memory {
  readonly names: SheetNames;
  readonly sheets: Map<string, Promise<Sheet>>;
  readonly frames: Map<string, SheetFrame>;
}

export function openSheetCatalog(database: TablesDatabase): SheetCatalog {
  let memory: { readonly generation: number; readonly ready: Promise<Memory> } | undefined;
  const inTurn = takeTurns();
  const reads = new Set<Promise<unknown>>();

  /** What is remembered, read again where the database was opened anew. */
  async function current(): Promise<Memory> {
    await database.connection();
    if (memory?.generation === database.generation) return await memory.ready;
    const mine = { generation: database.generation, ready: database.use((session) => load(session)) };
    memory = mine;
    mine.ready.catch(() => {
      if (memory === mine) memory = undefined;
    });
    return await mine.ready;
  }

  async function load(session: Session): Promise<Memory> {
    await session.execute(
      `create table if not exists sheet_frames (id INTEGER not null, frame VARCHAR not null, sheet VARCHAR not null,
         row_count INTEGER not null, columns VARCHAR not null, registered INTEGER not null, absent INTEGER not null)`,
    );
    const left = await session.queryColumns(
      "select table_name from duckdb_tables() where table_name like 'sheet\\_inputs\\_%' escape '\\'",
    );
    for (const name of left.columns[0]!) await session.execute(`drop table ${String(name)}`);
    const names = await loadSheetNames(session, write);
    const loaded: Memory = { names, sheets: new Map(), frames: new Map() };
    const kept = await session.queryColumns("from sheet_frames order by id");
    for (let index = 0; index < kept.rowCount; index += 1) {
      const [id, frame, sheet, rowCount, columns, registered, absent] = kept.columns.map((values) => values[index]) as [
        number,
        string,
        string,
        number,
        string,
        number,
        number,
      ];
      loaded.frames.set(frame, {
        id,
        sheet: await sheetOf(loaded, sheet),
        rowCount,
        columns: JSON.parse(columns) as FrameColumn[],
        registered,
        absent,
        inputs: new Map(),
        completeBindings: new Set(),
      });
    }
    return loaded;
  }

  function sheetOf({ names, sheets }: Memory, name: string): Promise<Sheet> {
    const found =
      sheets.get(name) ??
      names
        .id(0, "sheet", name, (id) => `create table sheet_rows_${id} (id INTEGER not null, label VARCHAR not null)`)
        .then((id) => ({ id, revision: 0, changes: new Map(), rows: new Map<string, number>() }));
    sheets.set(name, found);
    found.catch(() => sheets.delete(name));
    return found;
  }

  function write<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    return inTurn(() =>
      database.use(async (session) => {
        await session.execute("begin");
        try {
          const answer = await work(session);
          await session.execute("commit");
          return answer;
        } catch (error) {
          // After an error of DuckDB's own there may be no transaction left; the error that matters is the first.
          await session.execute("rollback").catch(() => {});
          throw error;
        }
      }),
    );
  }

  return {
    async names() {
      return (await current()).names;
    },
    async sheet(name) {
      return await sheetOf(await current(), name);
    },
    async forget(name) {
      (await current()).sheets.delete(name);
    },
    async node(sheet, name) {
      return await (await current()).names.id(sheet.id, "node", name, (id) => nodeTables(`${sheet.id}_${id}`));
    },
    async variant(sheet, at) {
      const id = await (await current()).names.id(sheet.id, "variant", canonicalJson(at));
      if (id >= variantsPerRow)
        throw new SheafError("sheet.variants", `the sheet has had more than ${variantsPerRow - 1} variants`, {
          cure: "Delete the cache folder, or give the sheet another name.",
        });
      return id;
    },
    async frame(frame) {
      const found = (await current()).frames.get(frame);
      if (found !== undefined) return found;
      throw new SheafError("sheet.frame", "these rows of the sheet are no longer at hand", {
        cure: "Run the sheet again.",
      });
    },
    async frames() {
      return (await current()).frames;
    },
    async read(work, signal) {
      await current();
      const reading = database.use(work, signal);
      reads.add(reading);
      try {
        return await reading;
      } finally {
        reads.delete(reading);
      }
    },
    async write(work) {
      await current();
      return await write(work);
    },
    dropAfterReads(table) {
      void Promise.allSettled(reads)
        .then(() => database.use((session) => session.execute(`drop table if exists ${table}`)))
        // What is left of them goes when the database is opened again.
        .catch(() => {});
    },
  };
}

/** Results and overrides of a node. `seen` is what readers' input hashes are made of, `variant` stands alone as well for counting; no key constraint, because its index costs a scattered update 50 times as much. */
function nodeTables(id: string): string {
  return `
    create table sheet_results_${id} (
      address BIGINT not null, variant USMALLINT not null, key INTEGER not null, outcome UTINYINT not null, input UHUGEINT, seen UUID not null,
      parts VARCHAR not null, value_hash VARCHAR, value VARCHAR, error VARCHAR, calls VARCHAR not null);
    create table sheet_overrides_${id} (
      address BIGINT not null, type UTINYINT not null, seen UUID not null, value_hash VARCHAR not null, value VARCHAR not null);`;
}
