import { columnText, type SheetView } from "#server/notebook/sheet-view.ts";
import type { Column } from "#server/notebook/value.ts";
import { storedType } from "./column-type.ts";
import { literal, quoted, type Session } from "./duckdb-session.ts";
import { outcomeCode } from "./sheet-codes.ts";
import { specOf, statesSql } from "./sheet-states.ts";
import { fieldsOf, freeName, shapeOf, valueSql, type ValueShape } from "./sheet-value-sql.ts";
import type { ExportFormat } from "./sheet-views.ts";
import { viewSql, type ViewContext } from "./view-sql.ts";

/**
 * Writes the rows of a view in its order: the rows' columns, then each node that is shown at each of its variants, `topic
 * [small, 5]`; a score and an object have a column for each field. What is not current, locked or edited is empty.
 */
export async function exportView(
  context: ViewContext,
  call: { readonly view: SheetView; readonly format: ExportFormat; readonly path: string },
): Promise<number> {
  const { session, frame, nodes, shown } = context;
  const { format } = call;
  const { from, where, order } = await viewSql(context, call.view);
  await session.execute(`create temp table viewed as
    select f.ordinal, row_number() over (order by ${order}) as position from ${from} where ${where}`);
  const taken = new Set(frame.columns.map(({ name }) => name.toLowerCase()));
  const columns = frame.columns.map((column, index) => ({
    name: column.name,
    sql: rowSql(`c.c${index}`, column, format),
  }));
  const joins: string[] = [];
  for (const [index, node] of shown.entries()) {
    const spec = specOf(nodes, node);
    const table = `exported_${index}`;
    const states = await statesSql({ ...context, scope: { type: "all" } }, node);
    await session.execute(`create temp table ${table} as with ${states.clauses}
      select s.ordinal, s.place, coalesce(o.value, r.value) as value from ${states.name} s
      left join sheet_results_${states.tables} r on r.address = s.address and r.outcome = ${outcomeCode.ok}
      left join sheet_overrides_${states.tables} o on o.address = s.address
      where s.seen is not null and s.ordinal in (select ordinal from viewed)`);
    const shape = await shapeOf(session, table, "value", spec);
    for (const [place, { at }] of spec.variants.entries()) {
      const alias = `${table}_${place}`;
      joins.push(`left join ${table} ${alias} on ${alias}.ordinal = c.ordinal and ${alias}.place = ${place}`);
      for (const { name, sql } of columnsOf(shape, `${alias}.value`, format)) {
        const field = name === null ? {} : { field: name };
        const text = columnText({ type: "cell", cell: node, at, ...field });
        columns.push({ name: freeName(text, node, taken), sql });
      }
    }
  }
  const rows = `from viewed join sheet_cells_${frame.id} c using (ordinal) ${joins.join(" ")}`;
  const selected = format === "parquet" ? await storedColumns(session, columns, rows) : columns;
  await session.execute(`copy (
    select ${selected.map(({ name, sql }) => `${sql} as ${quoted(name)}`).join(", ")} ${rows} order by position)
    to ${literal(call.path)} (${formats[format]})`);
  const { columns: counted } = await session.queryColumns("select count(*) from viewed");
  return Number(counted[0]![0]);
}

const formats: { readonly [format in ExportFormat]: string } = {
  csv: "format csv, header",
  json: "format json, array true",
  jsonl: "format json, array false",
  parquet: "format parquet, compression zstd",
};

interface ExportColumn {
  readonly name: string;
  readonly sql: string;
}

/** The same columns, as text where Parquet would not keep them exactly. */
async function storedColumns(
  session: Session,
  columns: readonly ExportColumn[],
  rows: string,
): Promise<readonly ExportColumn[]> {
  const shape = await session.connection.runAndReadAll(
    `select ${columns.map(({ sql }) => sql).join(", ")} ${rows} limit 0`,
  );
  return columns.map(({ name, sql }, index) => {
    const type = shape.columnType(index).toString();
    const stored = storedType(type);
    return { name, sql: stored === type ? sql : `cast(${sql} as ${stored})` };
  });
}

/** A column of the rows as a format can say it: CSV has nothing but text, and JSON no NaN and no 32-bit number. */
function rowSql(expression: string, { type, sql }: Column, format: ExportFormat): string {
  if (format === "parquet") return expression;
  if (type === "binary") return `to_base64(${expression})`;
  if (type === "json" && lists.test(sql)) {
    const text = `cast(to_json(${expression}) as VARCHAR)`;
    const json = `regexp_replace(${text}, '-?(?:NaN|Infinity)', '"\\0"', 'g')`;
    return format === "csv" ? json : `cast(${json} as JSON)`;
  }
  if (format === "csv") return type === "json" ? `cast(to_json(${expression}) as VARCHAR)` : expression;
  if (sql !== "DOUBLE" && sql !== "FLOAT") return expression;
  const text = `cast(${expression} as VARCHAR)`;
  const number = sql === "FLOAT" ? `cast(${text} as DOUBLE)` : expression;
  return `case when isfinite(${expression}) then to_json(${number}) else to_json(${text}) end`;
}

const lists = /^(?:DOUBLE|FLOAT)(?:\[\])+$/;

/** The columns of a node's value: its fields, or one without a name. */
function columnsOf(
  shape: ValueShape,
  value: string,
  format: ExportFormat,
): readonly { readonly name: string | null; readonly sql: string }[] {
  const fields = fieldsOf(shape, value) ?? [{ name: null, sql: valueSql(shape, value) }];
  const plain = ["text", "integer", "double", "boolean"].includes(shape.type);
  if (format !== "csv" || plain) return fields;
  // A list or an object within is JSON; a text must not be one in quotes.
  return fields.map(({ name, sql }) => ({ name, sql: `json_extract_string(to_json(${sql}), '$')` }));
}
