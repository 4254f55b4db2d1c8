import { SheafError } from "#server/notebook/sheaf-error.ts";
import { positionAt } from "#server/language/position.ts";
import { isNode, textOf, type SqlNode, type SqlTree } from "./sql-tree.ts";

/**
 * Refuses a parsed query that could reach anything but the tables it is given: table functions are an allow-list, scalar
 * functions that read or change the process a deny-list (reviewed for DuckDB 1.5.5, see the test), and every kind of node must be one
 * that is known. This is the first of three walls; the others are the settings of the query process, and the process.
 * Throws `sql.forbidden` with position.
 */
export function guardQuery(tree: SqlTree): void {
  check(tree, tree.root);
}

/** Table functions that compute from their arguments alone. */
const tableFunctions = new Set([
  "range",
  "generate_series",
  "unnest",
  "repeat",
  "repeat_row",
  "json_each",
  "json_tree",
]);

/** Functions that read settings, the catalog or the process, write logs, or hold a thread. */
const forbiddenFunctions = new Set(
  `getenv current_setting getvariable write_log sleep_ms setseed stats currval nextval current_query current_query_id
   current_connection_id current_transaction_id txid_current json_serialize_plan json_execute_serialized_sql
   parse_duckdb_log_message format_type get_block_size combine finalize vector_type create_sort_key which_secret
   query query_table glob`.split(/\s+/),
);
const forbiddenFamilies = /^(?:__internal_|read_|pragma_|duckdb_|pg_|parquet_|icu_collate_|enable_|disable_|sniff_)/;

const queryNodes = ["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"];
const tableNodes = [
  "BASE_TABLE",
  "EMPTY",
  "EXPRESSION_LIST",
  "JOIN",
  "PIVOT",
  "SHOW_REF",
  "SUBQUERY",
  "TABLE_FUNCTION",
];
const modifiers = ["DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER"];
const orders = ["ORDER_DEFAULT", "ASCENDING", "DESCENDING"];
const knownNodes = new Set([...queryNodes, ...tableNodes, ...modifiers, ...orders]);

const knownExpressions = new Set(
  `BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT DEFAULT FUNCTION LAMBDA LAMBDA_REF OPERATOR PARAMETER
   POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW`.split(/\s+/),
);

function check(tree: SqlTree, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) check(tree, item);
  if (!isNode(value)) return;
  checkNode(tree, value);
  if (value["class"] === "CONSTANT") return;
  for (const key of Object.keys(value)) {
    const member = value[key];
    // The call of a table function is judged as one, and not as a scalar function.
    if (key === "function" && value["type"] === "TABLE_FUNCTION" && isNode(member)) {
      checkTableFunction(tree, value, member);
      for (const part of Object.keys(member)) check(tree, member[part]);
    } else check(tree, member);
  }
}

function checkNode(tree: SqlTree, node: SqlNode): void {
  const expression = node["class"];
  if (typeof expression === "string") {
    if (!knownExpressions.has(expression)) throw forbidden(tree, node, `${expression} in an expression`);
  } else if (typeof node["type"] === "string" && !knownNodes.has(node["type"]) && !node["type"].endsWith("_TYPE_INFO"))
    throw forbidden(tree, node, node["type"]);
  const name = textOf(node, "function_name").toLowerCase();
  if (name !== "" && (forbiddenFunctions.has(name) || forbiddenFamilies.test(name) || !ownSchema(node)))
    throw forbidden(tree, node, `the function ${name}`);
  if (node["type"] === "SHOW_REF" && !isNode(node["query"])) throw forbidden(tree, node, "SHOW");
}

function checkTableFunction(tree: SqlTree, node: SqlNode, call: SqlNode): void {
  const name = textOf(call, "function_name").toLowerCase();
  if (tableFunctions.has(name) && ownSchema(call)) return;
  throw forbidden(tree, node, name === "" ? "a table function" : `the table function ${name}`);
}

function ownSchema(call: SqlNode): boolean {
  return ["", "main"].includes(textOf(call, "schema")) && ["", "system"].includes(textOf(call, "catalog"));
}

function forbidden(tree: SqlTree, node: SqlNode, what: string): SheafError {
  const offset = tree.offsetOf(node);
  return new SheafError("sql.forbidden", `${what} is not allowed in a query: it reads more than its tables`, {
    position: offset === null ? tree.positionOf(undefined) : positionAt(tree.sql, offset, offset + 1),
    cure: "Read cells and datasets by their names, and give other values as `$name`.",
  });
}
