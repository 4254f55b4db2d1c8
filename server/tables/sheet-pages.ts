import type { Session } from "./duckdb-session.ts";
import { texts } from "./duckdb-session.ts";
import type { SheetFrame } from "./sheet-catalog.ts";
import { columnSql } from "./sheet-frames.ts";
import type { FramePage } from "./sheet-store.ts";

/** Rows `from … to` of a frame. */
export async function readPage(
  session: Session,
  frame: SheetFrame,
  call: { readonly from: number; readonly to: number; readonly columns: readonly string[] },
): Promise<FramePage> {
  const between = (table: string): string =>
    `${table}.ordinal >= ${Math.trunc(call.from)} and ${table}.ordinal < ${Math.trunc(call.to)}`;
  return await select(session, frame, call.columns, `${between("f")} and ${between("c")} order by f.ordinal`);
}

/** Rows of a frame by identity, in the order given. */
export async function readPageOf(
  session: Session,
  frame: SheetFrame,
  call: { readonly rows: readonly string[]; readonly columns: readonly string[] },
): Promise<FramePage> {
  const found = await session.queryColumns(
    `select label, ordinal from sheet_frame_${frame.id} where label in (select unnest($rows))`,
    { rows: texts(call.rows) },
  );
  if (found.rowCount === 0) return { rows: [], columns: call.columns.map(() => []), outcomes: {} };
  const ordinals = found.columns[1] as readonly number[];
  const page = await select(session, frame, call.columns, `c.ordinal in (${ordinals.join(", ")})`);
  const place = new Map(page.rows.map((row, index) => [row, index]));
  const places = call.rows.flatMap((row) => place.get(row) ?? []);
  return {
    rows: places.map((index) => page.rows[index]!),
    columns: page.columns.map((values) => places.map((index) => values[index]!)),
    outcomes: Object.fromEntries(
      Object.entries(page.outcomes).map(([name, values]) => [name, places.map((index) => values[index]!)]),
    ),
  };
}

async function select(
  session: Session,
  frame: SheetFrame,
  columns: readonly string[],
  where: string,
): Promise<FramePage> {
  const found = columns.map((name) => ({ name, ...columnSql(frame.columns, name) }));
  const lacking = found.filter(({ lack }) => lack !== null);
  const wanted = [...found.map(({ expression }) => expression), ...lacking.map(({ lack }) => lack)];
  const read = await session.queryColumns(
    `select f.label ${wanted.map((column) => `, c.${column}`).join("")} from sheet_frame_${frame.id} f join sheet_cells_${frame.id} c on c.ordinal = f.ordinal where ${where}`,
  );
  const [rows, ...values] = read.columns;
  const lacks = values.splice(columns.length) as unknown as readonly (readonly (string | null)[])[];
  return {
    rows: rows as readonly string[],
    columns: values,
    outcomes: Object.fromEntries(lacking.map(({ name }, index) => [name, lacks[index]!])),
  };
}
