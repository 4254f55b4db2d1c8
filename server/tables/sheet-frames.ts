import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Column, Table } from "#server/notebook/value.ts";
import { createFromData } from "./data-table.ts";
import type { Session } from "./duckdb-session.ts";
import type { FrameColumn, Sheet, SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { keyProblem } from "./key-problem.ts";
import { identityText } from "./sheet-input-sql.ts";
import type { Frame } from "./sheet-store.ts";
import type { TableFiles } from "./table-files.ts";

/** How many versions of its rows a sheet keeps at hand: the one on the screen, the one a run began with, one in between. */
const framesKept = 3;

interface FrameCall {
  readonly sheet: string;
  readonly table: Table;
  readonly key: string | null;
  readonly keyPath?: readonly string[];
  readonly identity: readonly string[];
}

/** Makes a table the rows of a sheet; `SheetStore.openFrame` says how rows are identified. */
export async function openFrame(catalog: SheetCatalog, files: TableFiles, call: FrameCall): Promise<Frame> {
  const { table, key, keyPath, identity } = call;
  const frame = hashOf({
    sheet: call.sheet,
    table: table.hash,
    outcomes: table.outcomes?.hash,
    key,
    keyPath,
    identity: [...identity].sort(),
  });
  const sheet = await catalog.sheet(call.sheet);
  const columns = frameColumns(table);
  const frames = await catalog.frames();
  const opened = await catalog.write(async (session) => {
    const known = frames.get(frame);
    if (known !== undefined) return known;
    const next = await session.queryColumns("select coalesce(max(id), 0) + 1 from sheet_frames");
    const id = next.columns[0]![0] as number;
    await createCells(session, `sheet_cells_${id}`, table, files);
    await createLabels(session, id, call);
    const register = await registerRows(session, id, sheet);
    await session.execute(
      "insert into sheet_frames values ($id, $frame, $sheet, $rowCount, $columns, $registered, $absent)",
      {
        id,
        frame,
        sheet: call.sheet,
        rowCount: table.rowCount,
        columns: canonicalJson(columns as unknown as CanonicalInput),
        ...register,
      },
    );
    const made: SheetFrame = {
      id,
      sheet,
      rowCount: table.rowCount,
      columns,
      ...register,
      inputs: new Map(),
      completeBindings: new Set(),
    };
    // Set before the next writer begins, who may want the same rows.
    frames.set(frame, made);
    return made;
  });
  // The newest use stands last: the ones before it go first.
  frames.delete(frame);
  frames.set(frame, opened);
  await dropFrames(catalog, sheet, framesKept);
  return { frame, rowCount: opened.rowCount };
}

function frameColumns({ columns, outcomes }: Table): readonly FrameColumn[] {
  const lacking = new Set(outcomes?.columns.map(({ name }) => name));
  return columns.map(({ name, type, sql }) => ({ name, type, sql, ...(lacking.has(name) ? { lacks: true } : {}) }));
}

/** The rows themselves: `ordinal` from 0, and the columns as `c0`, `c1` …, so that no name of theirs is in the way. */
async function createCells(session: Session, name: string, table: Table, files: TableFiles): Promise<void> {
  const { columns, rowCount } = table;
  if (columns.length === 0)
    return await session.execute(
      `create table ${name} as select cast(range as INTEGER) as ordinal from range(${rowCount})`,
    );
  const cells = await numbered(session, files, table, "incoming_cells", (_, index) => `c${index}`);
  if (table.outcomes === undefined) return await session.execute(`create table ${name} as ${cells}`);
  const place = new Map(columns.map((column, index) => [column.name, index]));
  const lacks = await numbered(session, files, table.outcomes, "incoming_lacks", (column) => `x${place.get(column)}`);
  await session.execute(`create table ${name} as from (${cells}) join (${lacks}) using (ordinal) order by ordinal`);
}

/** The rows of a table with their numbers, from 0, and its columns by names of their own. */
async function numbered(
  session: Session,
  files: TableFiles,
  table: Table,
  incoming: string,
  nameOf: (column: string, index: number) => string,
): Promise<string> {
  const { columns, rows } = table;
  const fields = columns.map(({ name }, index) => nameOf(name, index));
  if (rows !== undefined) {
    const data = columns.map((_, index) => rows.map((row) => row[index] ?? null));
    const renamed = columns.map((column, index) => ({ ...column, name: fields[index]! }));
    await createFromData(session, `temp table ${incoming}`, renamed, data);
  }
  const source = rows === undefined ? files.source(table) : `temp.main.${incoming}`;
  return `select cast(row_number() over () - 1 as INTEGER) as ordinal, ${fields.join(", ")}
    from ${source} as source(${fields.join(", ")})`;
}

/** The identity of every row, in the temporary table `labelled (ordinal, label)`. */
async function createLabels(
  session: Session,
  id: number,
  { table, key, keyPath = [], identity }: FrameCall,
): Promise<void> {
  const cells = `sheet_cells_${id}`;
  if (key !== null) {
    const { expression, column } = columnSql(table.columns, key);
    const label = keyPath.length === 0 ? identityText(expression, column) : memberText(expression, column, keyPath);
    await session.execute(`create temp table labelled as select ordinal, ${label} as label from ${cells}`);
    const problem = await keyProblem(session, "labelled", [key, ...keyPath].join("."));
    if (problem !== null) throw new SheafError(`sheet.${problem.type}`, problem.message, { cure: problem.cure });
    return;
  }
  const texts = [...identity].sort().map((name) => {
    const { expression, column } = columnSql(table.columns, name);
    const text = identityText(expression, column);
    return `case when ${expression} is null then 'n' else strlen(${text}) || ':' || ${text} end`;
  });
  await session.execute(`
    create temp table incoming as select ordinal, md5(${texts.join(" || ") || "''"}) as label from ${cells};
    create temp table repeated as select label from incoming group by label having count(*) > 1;
    create temp table labelled as
      select ordinal, label from incoming anti join repeated using (label)
      union all
      select ordinal, case when occurrence = 1 then label else label || '.' || occurrence end
      from (select ordinal, label, row_number() over (partition by label order by ordinal) as occurrence
            from incoming semi join repeated using (label))`);
}

/** The text of a member of a column's value; null where there is none. */
function memberText(expression: string, { sql }: Column, path: readonly string[]): string {
  if (sql !== "JSON") return "cast(null as VARCHAR)";
  const place = path.map((name) => `."${name.replaceAll('"', '\\"')}"`).join("");
  return `json_extract_string(${expression}, '$${place.replaceAll("'", "''")}')`;
}

/** Gives rows that are new to the sheet their numbers, and makes the frame's list `(ordinal, row, label)`. */
async function registerRows(
  session: Session,
  id: number,
  sheet: Sheet,
): Promise<{ readonly registered: number; readonly absent: number }> {
  const rows = `sheet_rows_${sheet.id}`;
  await session.execute(`
    insert into ${rows}
      select (select coalesce(max(id) + 1, 0) from ${rows}) + row_number() over (order by ordinal) - 1, label
      from labelled anti join ${rows} using (label);
    create table sheet_frame_${id} as
      select labelled.ordinal, ${rows}.id as row, labelled.label from labelled join ${rows} using (label) order by ordinal;
    create table sheet_absent_${id} as
      select id as row from ${rows} anti join sheet_frame_${id} on sheet_frame_${id}.row = ${rows}.id order by row`);
  const { columns } = await session.queryColumns(
    `select (select coalesce(max(id) + 1, 0) from ${rows}), (select count(*) from sheet_absent_${id})`,
  );
  const [[registered], [absent]] = columns as [[number], [number]];
  return { registered, absent };
}

/** Drops the versions of a sheet's rows but for the last so many. */
export async function dropFrames(catalog: SheetCatalog, sheet: Sheet, kept: number): Promise<void> {
  const frames = await catalog.frames();
  const mine = [...frames].filter(([, other]) => other.sheet === sheet);
  const names = await catalog.names();
  for (const [frame, { id, inputs }] of mine.slice(0, Math.max(0, mine.length - kept))) {
    frames.delete(frame);
    const bindings = names.all(sheet.id, "binding").filter(([text]) => text.startsWith(`[${id},`));
    const tables = await Promise.all(inputs.values());
    await catalog.write(async (session) => {
      await session.execute("delete from sheet_frames where id = $id", { id });
      for (const table of ["cells", "frame", "absent"]) await session.execute(`drop table sheet_${table}_${id}`);
      for (const table of tables) await session.execute(`drop table if exists ${table}`);
      for (const [text, binding] of bindings) {
        names.forget(sheet.id, "binding", text);
        await session.execute(`drop table sheet_binding_${sheet.id}_${binding}`);
        await session.execute("delete from sheet_names where scope = $scope and kind = 'binding' and id = $binding", {
          scope: sheet.id,
          binding,
        });
      }
    });
  }
}

/** A column of a frame in SQL, as `c3`, and what says why it has no value, as `x3`. Throws `sheet.column` for a name that is none. */
export function columnSql(
  columns: readonly FrameColumn[],
  name: string,
): { readonly expression: string; readonly column: Column; readonly lack: string | null } {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0)
    throw new SheafError("sheet.column", `the sheet's rows have no column ${name}`, {
      cure: `The columns are ${columns.map((column) => column.name).join(", ") || "none"}.`,
    });
  const column = columns[index]!;
  return { expression: `c${index}`, column, lack: column.lacks === true ? `x${index}` : null };
}

/** The condition that a node's address is of a row the frame has. */
export function inFrame({ id, registered, absent }: SheetFrame, address: string, variantsPerRow: number): string {
  const early = `${address} < ${registered * variantsPerRow}`;
  return absent === 0
    ? early
    : `${early} and cast(${address} // ${variantsPerRow} as INTEGER) not in (from sheet_absent_${id})`;
}
