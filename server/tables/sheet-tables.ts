import { coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Table } from "#server/notebook/value.ts";
import { literal, quoted, type Session } from "./duckdb-session.ts";
import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { freshnessWords, lackSql, outcomeCode, outcomeWords } from "./sheet-codes.ts";
import { callsWithRepeats, placesAt, repeatsRead, specOf, statesSql } from "./sheet-states.ts";
import type { NodeSpec, SheetCells } from "./sheet-store.ts";
import { fieldsOf, freeName, shapeOf, valueSql } from "./sheet-value-sql.ts";
import type { TableFiles } from "./table-files.ts";

/** The table of a sheet: a record a row, its columns and then those of the nodes asked for, each at one variant. */
export async function wideTable(
  catalog: SheetCatalog,
  files: TableFiles,
  session: Session,
  frame: SheetFrame,
  call: {
    readonly nodes: readonly NodeSpec[];
    readonly columns: readonly { readonly node: string; readonly at: Coordinates }[];
    readonly cells?: SheetCells;
  },
): Promise<Table> {
  const { nodes, cells = {} } = call;
  const lacks = call.cells === undefined ? [] : rowLacks(frame);
  const { taken, columns } = rowColumns(frame);
  const joins: string[] = [];
  for (const [index, { node, at }] of call.columns.entries()) {
    const place = specOf(nodes, node).variants.findIndex(
      (variant) => coordinatesText(variant.at) === coordinatesText(at),
    );
    if (place < 0) throw new SheafError("sheet.variant", `${node} has no variant ${coordinatesText(at)}`);
    const { clauses, name, tables } = await statesSql({ catalog, session, frame, nodes, scope: { type: "all" } }, node);
    const cell = cells[node];
    // Without their reasons, what there is no value of need not be there.
    const [lack, some, wanted] =
      cell === undefined
        ? ["", `and r.outcome = ${outcomeCode.ok}`, "and s.seen is not null"]
        : [`, ${lackSql(cell, "s.seen is not null", "r", "o")} as lack`, "", ""];
    await session.execute(`create temp table wide_${index} as with ${clauses}
      select s.ordinal, case when s.seen is not null then coalesce(o.value, case when r.outcome = ${outcomeCode.ok} then r.value end) end as value ${lack}
      from ${name} s left join sheet_results_${tables} r on r.address = s.address ${some}
      left join sheet_overrides_${tables} o on o.address = s.address
      where s.place = ${place} ${wanted}`);
    const shape = await shapeOf(session, `wide_${index}`, "value", specOf(nodes, node));
    const column = freeName(node, node, taken);
    columns.push(`${valueSql(shape, `wide_${index}.value`)} as ${quoted(column)}`);
    if (cell !== undefined) lacks.push({ column, sql: `wide_${index}.lack` });
    joins.push(`left join wide_${index} on wide_${index}.ordinal = c.ordinal`);
  }
  return await keep(files, session, columns, lacks, `sheet_cells_${frame.id} c ${joins.join(" ")} order by c.ordinal`);
}

/** The table of one node, a record an address; `SheetStore.longTable` says its columns. */
export async function longTable(
  catalog: SheetCatalog,
  files: TableFiles,
  session: Session,
  frame: SheetFrame,
  {
    nodes,
    node,
    where = {},
    cells,
  }: {
    readonly nodes: readonly NodeSpec[];
    readonly node: string;
    readonly where?: Coordinates;
    readonly cells?: SheetCells;
  },
): Promise<Table> {
  const spec = specOf(nodes, node);
  const lacks = cells === undefined ? [] : rowLacks(frame);
  const ownCell = cells?.[node];
  const places = placesAt(spec, where);
  const { clauses, name, tables, upstream } = await statesSql(
    { catalog, session, frame, nodes, scope: { type: "all" } },
    node,
  );
  const own = "s.seen is not null and o.type is null";
  const read = upstream.map((_, at) => `, coalesce(o${at}.value, r${at}.value) as value_${at}`);
  if (ownCell !== undefined) read.push(`, ${lackSql(ownCell, "s.seen is not null", "r", "o")} as lack`);
  const joins = upstream.map(
    (there, at) => `
      left join sheet_results_${there.tables} r${at} on r${at}.address = s.u${at} and r${at}.outcome = ${outcomeCode.ok}
      left join sheet_overrides_${there.tables} o${at} on o${at}.address = s.u${at}`,
  );
  const repeats = repeatsRead(spec);
  const made = repeats.map((at) => ({ calls: `e${at}.calls`, override: `o${at}.type` }));
  for (const [at, there] of upstream.entries()) {
    const cell = cells?.[there.spec.node];
    if (cell === undefined) continue;
    read.push(`, ${lackSql(cell, `s.u${at} is not null`, `l${at}`, `o${at}`)} as lack_${at}`);
    joins.push(` left join sheet_results_${there.tables} l${at} on l${at}.address = s.u${at}`);
  }
  // Of a repeat that failed there are calls and no value.
  for (const at of repeats)
    joins.push(` left join sheet_results_${upstream[at]!.tables} e${at} on e${at}.address = s.u${at}`);
  await session.execute(`create temp table long as with ${clauses}
    select s.ordinal, s.place, s.state,
      case when o.type is not null then o.value when ${own} and r.outcome = ${outcomeCode.ok} then r.value end as value,
      case when o.type is not null then ${outcomeCode.ok} when ${own} then r.outcome end as outcome,
      case when ${own} then json_extract_string(r.error, '/message') end as error,
      case when ${own} then ${callsWithRepeats("r.calls", made)} end as calls ${read.join("")}
    from ${name} s left join sheet_results_${tables} r on r.address = s.address
    left join sheet_overrides_${tables} o on o.address = s.address ${joins.join("")}
    where s.place in (${places.join(", ")})`);

  const { taken, columns } = rowColumns(frame);
  const add = (sql: string, column: string, lack: string | null = null): void => {
    const name = freeName(column, node, taken);
    columns.push(`${sql} as ${quoted(name)}`);
    if (lack !== null) lacks.push({ column: name, sql: lack });
  };
  for (const [index, axis] of axesOf(spec).entries()) add(`v.a${index}`, axis);
  const shape = await shapeOf(session, "long", "value", spec);
  const fields = fieldsOf(shape, "long.value");
  const lack = ownCell === undefined ? null : "long.lack";
  if (fields === null) add(valueSql(shape, "long.value"), node, lack);
  else for (const field of fields) add(field.sql, field.name, lack);
  for (const [at, { spec: there }] of upstream.entries()) {
    // The single repeats that the node makes one value of are its own business.
    if (there.node.endsWith("#each")) continue;
    const column = `value_${at}`;
    const value = valueSql(await shapeOf(session, "long", column, there), `long.${column}`);
    add(value, there.node, cells?.[there.node] === undefined ? null : `long.lack_${at}`);
  }
  add(metaSql, "meta");
  return await keep(
    files,
    session,
    columns,
    lacks,
    `long join sheet_cells_${frame.id} c on c.ordinal = long.ordinal
     join ${variantsSql(spec)} on v.place = long.place order by long.ordinal, long.place`,
  );
}

function rowColumns({ columns }: SheetFrame): { readonly taken: Set<string>; readonly columns: string[] } {
  return {
    taken: new Set(columns.map(({ name }) => name.toLowerCase())),
    columns: columns.map(({ name }, index) => `c.c${index} as ${quoted(name)}`),
  };
}

/** Why a column has no value in a row, in SQL. */
interface Lack {
  readonly column: string;
  readonly sql: string;
}

/** The same of the columns of a frame that are cells of the sheet it goes over. */
function rowLacks({ columns }: SheetFrame): Lack[] {
  return columns.flatMap(({ name, lacks }, index) => (lacks === true ? [{ column: name, sql: `c.x${index}` }] : []));
}

async function keep(
  files: TableFiles,
  session: Session,
  columns: readonly string[],
  lacks: readonly Lack[],
  from: string,
): Promise<Table> {
  await session.execute(`create temp table kept as select ${columns.join(", ")} from ${from}`);
  const table = await files.keep(session, "temp.main.kept");
  const outcomes = await keepLacks(files, session, lacks, from);
  return outcomes === null ? table : { ...table, outcomes };
}

/** Keeps the reasons of those columns that lack a value anywhere; null where none does. */
async function keepLacks(
  files: TableFiles,
  session: Session,
  lacks: readonly Lack[],
  from: string,
): Promise<Table | null> {
  if (lacks.length === 0) return null;
  const fields = lacks.map(({ sql }, index) => `${sql} as x${index}`);
  await session.execute(`create temp table lacking as select ${fields.join(", ")} from ${from}`);
  const read = await session.queryColumns(
    `select ${lacks.map((_, index) => `count(x${index})`).join(", ")} from lacking`,
  );
  const some = lacks.flatMap(({ column }, index) =>
    Number(read.columns[index]![0]) > 0 ? [`x${index} as ${quoted(column)}`] : [],
  );
  if (some.length === 0) return null;
  await session.execute(`create temp view reasons as select ${some.join(", ")} from lacking`);
  return await files.keep(session, "temp.main.reasons");
}

function axesOf({ variants }: NodeSpec): readonly string[] {
  return [...new Set(variants.flatMap(({ at }) => Object.keys(at)))];
}

/** The labels of a node's variants, `v(place, a0, a1 …)` in the order of the axes, as numbers where every label of an axis is the text of one. */
function variantsSql(spec: NodeSpec): string {
  const axes = axesOf(spec);
  const types = axes.map((axis) => labelType(spec.variants.map(({ at }) => at[axis]!)));
  const records = spec.variants.map(
    ({ at }, place) =>
      `(${[place, ...axes.map((axis, index) => `cast(${literal(at[axis]!)} as ${types[index]})`)].join(", ")})`,
  );
  return `(values ${records.join(", ")}) v(${["place", ...axes.map((_, index) => `a${index}`)].join(", ")})`;
}

function labelType(labels: readonly string[]): string {
  if (labels.every((label) => /^-?(?:0|[1-9]\d{0,14})$/.test(label))) return "BIGINT";
  if (labels.every((label) => /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(label))) return "DOUBLE";
  return "VARCHAR";
}

function wordSql(words: readonly string[], code: string): string {
  return `([${words.map(literal).join(", ")}])[${code} + 1]`;
}

function callsSql(fact: string, type: string): string {
  return `cast(json_extract_string(long.calls, '$[*].${fact}') as ${type}[])`;
}

/** Facts of the calls of a result, added up. A cost is known only where every call has a price; no call costs nothing. */
const metaSql = `struct_pack(
  cost := case when list_count(${callsSql("cost", "DOUBLE")}) = json_array_length(long.calls)
    then coalesce(list_sum(${callsSql("cost", "DOUBLE")}), 0) end,
  input_tokens := cast(list_sum(${callsSql("usage.input", "BIGINT")}) as BIGINT),
  output_tokens := cast(list_sum(${callsSql("usage.output", "BIGINT")}) as BIGINT),
  latency := list_sum(${callsSql("latency", "DOUBLE")}),
  cached := case when json_array_length(long.calls) > 0 then list_bool_and(${callsSql("cached", "BOOLEAN")}) end,
  cut_off := case when json_array_length(long.calls) > 0 then list_contains(${callsSql("cutOff", "BOOLEAN")}, true) end,
  calls := cast(json_array_length(long.calls) as BIGINT),
  model := json_extract_string(long.calls, '$[0].model'),
  state := ${wordSql(freshnessWords, "long.state")},
  outcome := ${wordSql(outcomeWords, "long.outcome")},
  error := long.error)`;
