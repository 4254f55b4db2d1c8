import { isNode, textOf, type SqlNode } from "./sql-tree.ts";

/** What a walk through a statement's tree finds, in the order of the text as far as the tree has it. */
export interface SqlVisitor {
  /** A table that the statement does not itself define. */
  onTable(node: SqlNode, parts: readonly string[]): void;
  /** A column; `table` is the name of the statement's table it is named through, if that is a table and no alias. */
  onColumn(node: SqlNode, parts: readonly string[], table: readonly string[] | null): void;
  /** A function that stands in an expression. */
  onFunction?(node: SqlNode, name: string): void;
  /** A sample of rows; `seeded` where the same rows are drawn each time. */
  onSample?(seeded: boolean): void;
}

/** What names mean at a place: common table expressions by folded name, sources of the `from` clauses from inner to outer, parameters of lambdas. */
interface Scope {
  readonly ctes: ReadonlySet<string>;
  readonly sources: readonly ReadonlyMap<string, readonly string[] | null>[];
  readonly lambda: ReadonlySet<string>;
}

/** Walks a query's tree with the scopes of SQL. Names of tables and columns fold case. */
export function visitSql(root: SqlNode, visitor: SqlVisitor): void {
  walk(root, { ctes: new Set(), sources: [], lambda: new Set() }, visitor);
}

function walk(value: unknown, scope: Scope, visitor: SqlVisitor): void {
  if (Array.isArray(value)) for (const item of value) walk(item, scope, visitor);
  if (!isNode(value)) return;
  if (isNode(value["sample"])) visitor.onSample?.(isSeeded(value["sample"]));
  const type = textOf(value, "type");
  if (type.endsWith("_NODE")) return walkQuery(value, scope, visitor);
  switch (type) {
    case "BASE_TABLE": {
      const parts = tableParts(value);
      if (!isCte(parts, scope)) visitor.onTable(value, parts);
      return walkMembers(value, scope, visitor);
    }
    case "COLUMN_REF": {
      const parts = value["column_names"] as readonly string[];
      if (!scope.lambda.has(fold(parts[0]!))) visitor.onColumn(value, parts, tableOf(parts, scope));
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

function walkMembers(node: SqlNode, scope: Scope, visitor: SqlVisitor, without: readonly string[] = []): void {
  for (const key of Object.keys(node)) if (!without.includes(key)) walk(node[key], scope, visitor);
}

function walkQuery(node: SqlNode, outer: Scope, visitor: SqlVisitor): void {
  let scope = outer;
  const map = isNode(node["cte_map"]) ? (node["cte_map"]["map"] as readonly SqlNode[]) : [];
  for (const { key, value } of map) {
    const name = fold(String(key));
    const within = { ...scope, ctes: new Set([...scope.ctes, name]) };
    // Only a recursive one sees itself; any other sees what had its name before.
    walk(value, isRecursive(value) ? within : scope, visitor);
    scope = within;
  }
  const sources = new Map<string, readonly string[] | null>();
  collectSources(node["from_table"], scope, sources);
  walkMembers(node, { ...scope, sources: [sources, ...scope.sources] }, visitor, ["cte_map"]);
}

function isRecursive(cte: unknown): boolean {
  const query = isNode(cte) ? cte["query"] : undefined;
  const node = isNode(query) ? query["node"] : undefined;
  return isNode(node) && node["type"] === "RECURSIVE_CTE_NODE";
}

/** The names under which the columns of a `from` clause can be reached; the value is the table where the name is the table's own. */
function collectSources(ref: unknown, scope: Scope, sources: Map<string, readonly string[] | null>): void {
  if (!isNode(ref)) return;
  const alias = textOf(ref, "alias");
  if (alias !== "") sources.set(fold(alias), null);
  switch (textOf(ref, "type")) {
    case "BASE_TABLE": {
      const parts = tableParts(ref);
      if (alias === "") sources.set(fold(parts.at(-1)!), isCte(parts, scope) ? null : parts);
      return;
    }
    case "JOIN":
      collectSources(ref["left"], scope, sources);
      collectSources(ref["right"], scope, sources);
      return;
    case "PIVOT":
      collectSources(ref["source"], scope, sources);
      return;
    default:
  }
}

/** The table that a column is named through: `tickets.text`, or `triage.correct.score` in full. */
function tableOf(parts: readonly string[], { sources }: Scope): readonly string[] | null {
  if (parts.length < 2) return null;
  for (const frame of sources) {
    const table = frame.get(fold(parts[0]!));
    if (table !== undefined) return table;
    const full = frame.get(fold(parts[1]!));
    if (full?.length === 2 && parts.length > 2 && fold(full[0]!) === fold(parts[0]!)) return full;
  }
  return null;
}

/** Functions that take a lambda: elsewhere `a -> b` is the arrow of JSON. */
const takesLambda = /^(?:(?:list|array)_|(?:apply|filter|reduce)$)/;

function walkFunction(node: SqlNode, scope: Scope, visitor: SqlVisitor): void {
  const children = Array.isArray(node["children"]) ? (node["children"] as readonly unknown[]) : [];
  const lambdas = takesLambda.test(fold(textOf(node, "function_name")));
  for (const child of children) {
    if (lambdas && isNode(child) && child["type"] === "LAMBDA") {
      const names = new Set(scope.lambda);
      visitSql({ lhs: child["lhs"] }, { onTable() {}, onColumn: (_, [name]) => names.add(fold(name!)) });
      walk(child["expr"], { ...scope, lambda: names }, visitor);
    } else walk(child, scope, visitor);
  }
  walkMembers(node, scope, visitor, ["children"]);
}

function tableParts(node: SqlNode): readonly string[] {
  return [textOf(node, "catalog_name"), textOf(node, "schema_name"), textOf(node, "table_name")].filter(
    (part) => part !== "",
  );
}

function isCte(parts: readonly string[], { ctes }: Scope): boolean {
  const [first, second] = parts;
  if (parts.length === 1) return ctes.has(fold(first!));
  // A recursive one with a key reads all its rows so far by this name.
  return parts.length === 2 && fold(first!) === "recurring" && ctes.has(fold(second!));
}

function isSeeded(sample: SqlNode): boolean {
  return typeof sample["seed"] === "number" && sample["seed"] >= 0;
}

function fold(name: string): string {
  return name.toLowerCase();
}
