import { foldName } from "#server/notebook/names.ts";
import { isNode, textOf, type SqlNode } from "./sql-tree.ts";

/** The parts of a dotted name. */
export type Parts = readonly string[];

/** What names mean at a place: common table expressions by folded name with the tables whose columns they pass on, and parameters of lambdas. */
export interface Scope {
  readonly ctes: ReadonlyMap<string, readonly Parts[]>;
  /** The queries around, from inner to outer. */
  readonly frames: readonly Frame[];
  readonly lambda: ReadonlySet<string>;
}

/** One query: what it reads from, and what it gives. */
export interface Frame {
  readonly sources: readonly Source[];
  /** What stands in the select list without a name of its own. */
  readonly outputs: ReadonlySet<unknown>;
  /** Folded names that the select list gives by `as`. */
  readonly aliases: ReadonlySet<string>;
  /** True where a column alone is none of a table: a union's order is one of its own columns. */
  readonly isClosed: boolean;
  /** True behind the select list, where a column alone may be one that the list names. */
  readonly isLast?: boolean;
}

/** What stands in a `from` clause, under its folded name. */
export interface Source {
  readonly name: string;
  /** The table, if it is none that the statement defines. */
  readonly table: Parts | null;
  /** Whether the name is the table's own and no alias. */
  readonly isOwnName: boolean;
  /** The tables whose columns it may have. */
  readonly passes: readonly Parts[];
  /** Folded names of columns that the statement gives it, and whether these are all it has. */
  readonly columns: { readonly names: ReadonlySet<string>; readonly areAll: boolean };
}

/** What a query reads from, and what it gives. */
export function frameOf(node: SqlNode, scope: Scope): Frame {
  const list = Array.isArray(node["select_list"]) ? (node["select_list"] as readonly unknown[]) : [];
  const items = list.filter(isNode);
  const alias = (item: SqlNode): string => textOf(item, "alias");
  return {
    sources: sourcesOf(node["from_table"], scope),
    outputs: new Set(items.filter((item) => alias(item) === "")),
    aliases: new Set(items.map((item) => foldName(alias(item))).filter((name) => name !== "")),
    isClosed: node["type"] !== "SELECT_NODE",
  };
}

/** What the columns of a `from` clause can be reached through. */
function sourcesOf(ref: unknown, scope: Scope): readonly Source[] {
  if (!isNode(ref)) return [];
  const alias = textOf(ref, "alias");
  const name = foldName(alias);
  switch (textOf(ref, "type")) {
    case "EMPTY":
      return [];
    case "BASE_TABLE": {
      const parts = tableParts(ref);
      const isDefined = isCte(parts, scope);
      const passes = isDefined ? (scope.ctes.get(foldName(parts.at(-1)!)) ?? []) : [parts];
      // `as t(a, b)` gives its columns other names.
      const table = isDefined || "column_name_alias" in ref ? null : parts;
      const isOwnName = alias === "";
      return [{ name: isOwnName ? foldName(parts.at(-1)!) : name, table, isOwnName, passes, columns: columnsOf(ref) }];
    }
    case "JOIN":
      return [...sourcesOf(ref["left"], scope), ...sourcesOf(ref["right"], scope)];
    case "PIVOT": {
      const inner = sourcesOf(ref["source"], scope);
      const passes = inner.flatMap((source) => source.passes);
      return [...inner, { name, table: null, isOwnName: false, passes, columns: columnsOf(ref) }];
    }
    default:
      return [{ name, table: null, isOwnName: false, passes: passedOn(ref, scope), columns: columnsOf(ref) }];
  }
}

/** The columns that a statement itself names of what it reads from: behind its alias, and those of a subquery. */
function columnsOf(ref: SqlNode): Source["columns"] {
  const given = Array.isArray(ref["column_name_alias"]) ? (ref["column_name_alias"] as readonly string[]) : [];
  const query = isNode(ref["subquery"]) ? ref["subquery"]["node"] : undefined;
  const list = isNode(query) && Array.isArray(query["select_list"]) ? query["select_list"].filter(isNode) : [];
  const selected = list.flatMap((item) => {
    const alias = textOf(item, "alias");
    return alias !== "" ? [alias] : item["type"] === "COLUMN_REF" ? (item["column_names"] as Parts).slice(-1) : [];
  });
  const isWhole = list.length > 0 && list.every((item) => item["type"] !== "STAR");
  return {
    names: new Set([...given, ...selected].map(foldName)),
    areAll: isWhole || (given.length > 0 && ref["type"] === "TABLE_FUNCTION"),
  };
}

/** The tables whose columns a part of a statement may give by a `*`: all that it reads, where it has one at all. */
export function passedOn(part: unknown, { ctes }: Scope): readonly Parts[] {
  let star = false;
  const tables: Parts[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    if (value["type"] === "STAR") star = true;
    if (value["type"] === "BASE_TABLE") {
      const parts = tableParts(value);
      tables.push(...((parts.length === 1 ? ctes.get(foldName(parts[0]!)) : undefined) ?? [parts]));
    }
    for (const key of Object.keys(value)) visit(value[key]);
  };
  visit(part);
  return star ? unique(tables) : [];
}

/** Tables, each once. */
export function unique(tables: readonly Parts[]): readonly Parts[] {
  return [...new Map(tables.map((parts) => [JSON.stringify(parts), parts])).values()];
}

/** The name of a table in parts. */
export function tableParts(node: SqlNode): readonly string[] {
  return [textOf(node, "catalog_name"), textOf(node, "schema_name"), textOf(node, "table_name")].filter(
    (part) => part !== "",
  );
}

/** Whether a name is that of a common table expression at a place. */
export function isCte(parts: Parts, { ctes }: Scope): boolean {
  const [first, second] = parts;
  if (parts.length === 1) return ctes.has(foldName(first!));
  // A recursive one with a key reads all its rows so far by this name.
  return parts.length === 2 && foldName(first!) === "recurring" && ctes.has(foldName(second!));
}
