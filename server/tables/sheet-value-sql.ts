import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import { literal, quoted, type Session } from "./duckdb-session.ts";
import type { NodeSpec } from "./sheet-store.ts";

/** What the values of a node are, as far as SQL is concerned: which decides the columns they become. */
export type ValueShape =
  | { readonly type: "text" | "integer" | "double" | "boolean" | "mixed" }
  | { readonly type: "score"; readonly checks: readonly string[] }
  /** `structure` as `json_transform` takes it; an object's is an object. */
  | { readonly type: "json"; readonly structure: Datum };

/** Finds the shape of the `Value`s of a node in a column of JSON text; while there is none, the node says what they will be. */
export async function shapeOf(
  session: Session,
  table: string,
  column: string,
  { checks, type }: Pick<NodeSpec, "checks" | "type">,
): Promise<ValueShape> {
  const value = `${table}.${quoted(column)}`;
  const inner = `json_extract(${value}, '/value')`;
  const found = await session.queryColumns(`
    select distinct json_extract_string(${value}, '/type') as type,
      type = 'number' and coalesce(try_cast(json_extract_string(${value}, '/value') as BIGINT) is not null
        and json_type(${inner}) <> 'DOUBLE', false)
    from ${table} where ${value} is not null and type <> 'null' order by 1`);
  const [types, whole] = found.columns as readonly [string[], boolean[]];
  const kinds = new Set(types);
  if (kinds.size === 0)
    return checks !== undefined
      ? { type: "score", checks: checks.toSorted() }
      : type === undefined
        ? { type: "text" }
        : { type: "json", structure: usable(type) };
  if (kinds.size > 1) return { type: "mixed" };
  switch (types[0]) {
    case "string":
      return { type: "text" };
    case "boolean":
      return { type: "boolean" };
    case "number":
      return { type: whole.every(Boolean) ? "integer" : "double" };
    case "score": {
      const names = await session.queryColumns(
        `select distinct unnest(json_keys(${value}, '/value/checks')) as name from ${table} order by name`,
      );
      return { type: "score", checks: names.columns[0] as readonly string[] };
    }
    case "json": {
      // Only where there are so many digits may a number be too great for 64 bits with a sign.
      const structure = await session.queryColumns(
        `select cast(json_group_structure(${inner}) as VARCHAR), bool_or(regexp_matches(${value}, '[0-9]{19}')) from ${table} where ${value} is not null and json_extract_string(${value}, '/type') = 'json'`,
      );
      const [[there], [long]] = structure.columns as readonly [[string], [boolean]];
      return { type: "json", structure: usable(JSON.parse(there) as Datum, type, long ? "HUGEINT" : "BIGINT") };
    }
    default:
      return { type: "mixed" };
  }
}

/**
 * A structure DuckDB can hold: what is only ever null, or missing, is what was to be expected, and JSON where nothing was; what has names that differ by case
 * alone stays JSON; whole numbers are signed, those not below 0 of the type `whole`; names are in alphabetical order, because DuckDB finds them in the order of results.
 */
function usable(structure: Datum, expected: Datum = "JSON", whole = "BIGINT"): Datum {
  if (structure === "NULL") return usable(expected);
  if (typeof structure === "string") return structure === "UBIGINT" ? whole : structure;
  if (Array.isArray(structure)) {
    const [items] = Array.isArray(expected) ? (expected as readonly Datum[]) : [];
    return structure.map((item: Datum) => usable(item, items, whole));
  }
  const wanted = isMapping(expected) ? expected : {};
  const members = Object.entries({ ...wanted, ...(structure as Members) }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(members.map(([name]) => name.toLowerCase()));
  if (names.size < members.length || names.size === 0 || names.has("")) return "JSON";
  return Object.fromEntries(members.map(([name, member]) => [name, usable(member, wanted[name], whole)]));
}

type Members = { readonly [name: string]: Datum };

/** The value as one column: text, number or boolean; a score or an object as a struct of its fields, a list as a list; anything else as JSON. */
export function valueSql(shape: ValueShape, value: string): string {
  const inner = `json_extract(${value}, '/value')`;
  const text = `json_extract_string(${value}, '/value')`;
  switch (shape.type) {
    case "text":
      return text;
    case "integer":
      return `cast(${text} as BIGINT)`;
    case "double":
      return `cast(${text} as DOUBLE)`;
    case "boolean":
      return `cast(${text} as BOOLEAN)`;
    case "mixed":
      return `cast(nullif(cast(${inner} as VARCHAR), 'null') as JSON)`;
    case "json":
      return `json_transform(${inner}, ${literal(JSON.stringify(shape.structure))})`;
    case "score": {
      const fields = fieldsOf(shape, value)!.map(({ name, sql }) => `${quoted(name)} := ${sql}`);
      return `case when ${value} is not null then struct_pack(${fields.join(", ")}) end`;
    }
  }
}

/** The fields of a value as columns, or null where it has none. A check whose name is taken is called `check_NAME`. */
export function fieldsOf(
  shape: ValueShape,
  value: string,
): readonly { readonly name: string; readonly sql: string }[] | null {
  if (shape.type === "score") {
    const taken = new Set(["score", "pass", "reason"]);
    return [
      { name: "score", sql: `cast(json_extract_string(${value}, '/value/score') as DOUBLE)` },
      { name: "pass", sql: `cast(json_extract_string(${value}, '/value/pass') as BOOLEAN)` },
      { name: "reason", sql: `json_extract_string(${value}, '/value/reason')` },
      ...shape.checks.map((check) => ({
        name: freeName(check, "check", taken),
        sql: `cast(json_extract_string(${value}, ${pointer("value", "checks", check, "score")}) as DOUBLE)`,
      })),
    ];
  }
  if (shape.type !== "json" || !isMapping(shape.structure)) return null;
  return Object.entries(shape.structure).map(([name, structure]) => ({
    name,
    sql: `json_transform(json_extract(${value}, ${pointer("value", name)}), ${literal(JSON.stringify(structure))})`,
  }));
}

/** A JSON Pointer (RFC 6901) as an SQL literal. */
export function pointer(...names: readonly string[]): string {
  return literal(names.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
}

/** `name` where it is not taken whatever its case, else `PREFIX_name`, else that with a number; it is taken then. */
export function freeName(name: string, prefix: string, taken: Set<string>): string {
  const prefixed = `${prefix}_${name}`;
  let free = taken.has(name.toLowerCase()) ? prefixed : name;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${prefixed}_${number}`;
  taken.add(free.toLowerCase());
  return free;
}
