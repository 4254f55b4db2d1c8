import { foldName } from "#server/notebook/names.ts";
import type { SqlColumn } from "#server/notebook/sql-analysis.ts";
import { originOf, tableOf, withinOf } from "./column-origin.ts";
import { frameOf, isCte, passedOn, tableParts, type Parts, type Scope } from "./sql-frame.ts";
import { isNode, textOf, type SqlNode } from "./sql-tree.ts";

/** What a walk through a statement's tree finds, in the order of the text as far as the tree has it. */
export interface SqlVisitor {
  /** A table that the statement does not itself define. */
  onTable(node: SqlNode, parts: readonly string[]): void;
  /** A column; `table` is the name of the statement's table it is named through, if that is a table and no alias. */
  onColumn(
    node: SqlNode,
    parts: readonly string[],
    table: readonly string[] | null,
    about?: Pick<SqlColumn, "origin" | "within">,
  ): void;
  /** A name that the statement itself gives: to a table, as an alias or a common table expression, or to what a lambda takes. */
  onDefinition?(name: string): void;
  /** Columns that the tree has without their place: those of `using`, `exclude`, `replace`, `rename` and `unpivot`. */
  onUnplaced?(names: readonly string[]): void;
  /** A function that stands in an expression. */
  onFunction?(node: SqlNode, name: string): void;
  /** A sample of rows; `seeded` where the same rows are drawn each time. */
  onSample?(seeded: boolean): void;
}

/** Walks a query's tree with the scopes of SQL. Names of tables and columns fold case. */
export function visitSql(root: SqlNode, visitor: SqlVisitor): void {
  walk(root, { ctes: new Map(), frames: [], lambda: new Set() }, visitor);
}

function walk(value: unknown, scope: Scope, visitor: SqlVisitor): void {
  if (Array.isArray(value)) for (const item of value) walk(item, scope, visitor);
  if (!isNode(value)) return;
  if (isNode(value["sample"])) visitor.onSample?.(isSeeded(value["sample"]));
  const type = textOf(value, "type");
  // Of what has a class, an expression, the alias is a column's.
  if (!("class" in value) && textOf(value, "alias") !== "") visitor.onDefinition?.(textOf(value, "alias"));
  const unplaced = namesWithoutPlace.flatMap((key) => textsIn(value[key]));
  if (unplaced.length > 0) visitor.onUnplaced?.(unplaced);
  // What stands in a `from` is made without itself.
  if (!("class" in value) && (type === "SUBQUERY" || type === "TABLE_FUNCTION"))
    return walkMembers(value, without(foldName(textOf(value, "alias")), scope), visitor);
  if (type.endsWith("_NODE")) return walkQuery(value, scope, visitor);
  switch (type) {
    case "BASE_TABLE": {
      const parts = tableParts(value);
      if (!isCte(parts, scope)) visitor.onTable(value, parts);
      return walkMembers(value, scope, visitor);
    }
    case "COLUMN_REF": {
      const parts = value["column_names"] as readonly string[];
      if (!scope.lambda.has(foldName(parts[0]!)))
        visitor.onColumn(value, parts, tableOf(parts, scope), aboutOf(value, parts, scope));
      return;
    }
    case "STAR": {
      const relation = textOf(value, "relation_name");
      const table = relation === "" ? null : tableOf([relation, "*"], scope);
      if (table !== null) visitor.onColumn(value, [relation, "*"], table);
      return walkMembers(value, scope, visitor);
    }
    default:
      if (typeof value["function_name"] === "string") {
        if (type !== "TABLE_FUNCTION") visitor.onFunction?.(value, textOf(value, "function_name"));
        return walkFunction(value, scope, visitor);
      }
      return walkMembers(value, scope, visitor);
  }
}

function without(name: string, scope: Scope): Scope {
  const [frame, ...outer] = scope.frames;
  if (frame === undefined) return scope;
  return {
    ...scope,
    frames: [{ ...frame, sources: frame.sources.filter((source) => source.name !== name) }, ...outer],
  };
}

function aboutOf(node: SqlNode, parts: Parts, scope: Scope): Pick<SqlColumn, "origin" | "within"> {
  const origin = originOf(node, parts, scope);
  const within = withinOf(parts, scope);
  return { ...(origin === undefined ? {} : { origin }), ...(within === null ? {} : { within }) };
}

function walkMembers(node: SqlNode, scope: Scope, visitor: SqlVisitor, without: readonly string[] = []): void {
  for (const key of Object.keys(node)) if (!without.includes(key)) walk(node[key], scope, visitor);
}

function walkQuery(node: SqlNode, outer: Scope, visitor: SqlVisitor): void {
  let scope = outer;
  const map = isNode(node["cte_map"]) ? (node["cte_map"]["map"] as readonly SqlNode[]) : [];
  for (const { key, value } of map) {
    const name = foldName(String(key));
    visitor.onDefinition?.(name);
    const within = { ...scope, ctes: new Map([...scope.ctes, [name, passedOn(value, scope)]]) };
    // Only a recursive one sees itself; any other sees what had its name before.
    walk(value, isRecursive(value) ? within : scope, visitor);
    scope = within;
  }
  const frame = frameOf(node, scope);
  const inner = { ...scope, frames: [frame, ...scope.frames] };
  walkMembers(node, inner, visitor, ["cte_map", "modifiers", "having", "qualify"]);
  const last = { ...inner, frames: [{ ...frame, isLast: true }, ...scope.frames] };
  walk(node["having"], last, visitor);
  walk(node["qualify"], last, visitor);
  const closed = { ...inner, frames: [{ ...frame, isClosed: true }, ...scope.frames] };
  for (const key of orderKeys(node)) {
    const name = isNode(key) && key["type"] === "COLUMN_REF" ? foldName((key["column_names"] as Parts)[0]!) : "";
    // An order by a name alone is by the select list's first.
    walk(key, frame.aliases.has(name) ? closed : inner, visitor);
  }
}

/** What a query is ordered and made distinct by, each alone, and what else comes behind it. */
function orderKeys(node: SqlNode): readonly unknown[] {
  const modifiers = Array.isArray(node["modifiers"]) ? (node["modifiers"] as readonly unknown[]) : [];
  return modifiers
    .filter(isNode)
    .flatMap(({ orders, distinct_on_targets: targets, ...rest }) => [
      rest,
      ...(Array.isArray(orders) ? orders.map((order) => (isNode(order) ? order["expression"] : order)) : []),
      ...(Array.isArray(targets) ? targets : []),
    ]);
}

function isRecursive(cte: unknown): boolean {
  const query = isNode(cte) ? cte["query"] : undefined;
  const node = isNode(query) ? query["node"] : undefined;
  return isNode(node) && node["type"] === "RECURSIVE_CTE_NODE";
}

const namesWithoutPlace = [
  "using_columns",
  "exclude_list",
  "qualified_exclude_list",
  "rename_list",
  "replace_list",
  "pivots",
];

/** The texts in a list of names; of what stands as key and value, those of the keys. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isNode(value)) return [];
  return "key" in value ? textsIn(value["key"]) : Object.values(value).flatMap(textsIn);
}

/** Functions that take a lambda: elsewhere `a -> b` is the arrow of JSON. */
const takesLambda = /^(?:(?:list|array)_|(?:apply|filter|reduce)$)/;

function walkFunction(node: SqlNode, scope: Scope, visitor: SqlVisitor): void {
  const children = Array.isArray(node["children"]) ? (node["children"] as readonly unknown[]) : [];
  const lambdas = takesLambda.test(foldName(textOf(node, "function_name")));
  for (const child of children) {
    if (lambdas && isNode(child) && child["type"] === "LAMBDA") {
      const names = new Set(scope.lambda);
      visitSql({ lhs: child["lhs"] }, { onTable() {}, onColumn: (_, [name]) => names.add(foldName(name!)) });
      for (const name of names) visitor.onDefinition?.(name);
      walk(child["expr"], { ...scope, lambda: names }, visitor);
    } else walk(child, scope, visitor);
  }
  walkMembers(node, scope, visitor, ["children"]);
}

function isSeeded(sample: SqlNode): boolean {
  return typeof sample["seed"] === "number" && sample["seed"] >= 0;
}
