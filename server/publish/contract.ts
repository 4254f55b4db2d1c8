import { cellKinds } from "#server/cells/index.ts";
import type { Graph, Node } from "#server/notebook/graph-node.ts";
import type { Input } from "#server/notebook/notebook.ts";
import type { Plan } from "#server/notebook/plan.ts";
import { keyName, rowKey } from "#server/notebook/row-key.ts";
import type { JsonSchema } from "#server/notebook/schema.ts";
import type { Datum } from "#server/notebook/value.ts";
import { valueTypeOf } from "#server/notebook/value-type.ts";
import { listInputs } from "./list-inputs.ts";

/** What a caller gives and gets: the inputs and outputs of a notebook as JSON Schemas. */
export interface Contract {
  readonly title: string | null;
  readonly inputs: readonly ContractInput[];
  readonly outputs: readonly ContractOutput[];
}

export interface ContractInput {
  readonly name: string;
  /** False where it has a default. */
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface ContractOutput {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** The contract of a notebook. `plan` is what its outputs need. */
export function contractOf(graph: Graph, plan: Plan): Contract {
  const { front } = graph;
  const lists = listInputs({ graph, plan });
  // A cell that is skipped skips those that read it.
  const skips = plan.steps.some(({ node }) =>
    graph.nodes.get(node)!.wordings.some(({ configuration }) => configuration.values["when"] !== undefined),
  );
  return {
    title: front.title,
    inputs: front.inputs.map((input) => inputOf(input, lists.has(input.name))),
    outputs: front.outputs.flatMap((name) => {
      const node = graph.nodes.get(name);
      if (node === undefined) return [];
      const schema = outputSchema(node, graph);
      return [{ name, schema: skips ? orNull(schema) : schema }];
    }),
  };
}

function inputOf(input: Input, isList: boolean): ContractInput {
  const { name, description, default: value } = input;
  return {
    name,
    required: value === undefined,
    schema: {
      ...(isList ? { type: "array", items: {} } : inputSchema(input)),
      ...(description === undefined ? {} : { description }),
      // The path of a dataset file is the notebook's own affair.
      ...(value === undefined || (input.type === "table" && typeof value === "string") ? {} : { default: value }),
    },
  };
}

const row: JsonSchema = { type: "object", additionalProperties: true };

function inputSchema({ type, options }: Input): JsonSchema {
  switch (type) {
    case "string":
    case "number":
    case "boolean":
      return { type };
    case "choice":
      return { type: "string", enum: options ?? [] };
    case "table":
      return { type: "array", items: row };
    case "messages":
      return {
        type: "array",
        items: {
          type: "object",
          properties: { role: { type: "string", enum: ["system", "user", "assistant"] }, content: { type: "string" } },
          required: ["role", "content"],
        },
      };
    case "json":
      return {};
    case "file":
    case "image":
      return storedFile(type === "image" ? "image/png" : "application/pdf");
  }
}

/** What `PUT /api/files` answers for a file that it keeps; an example of that. */
function storedFile(mediaType: string): JsonSchema {
  const properties = {
    hash: { type: "string", pattern: "^[0-9a-f]{64}$" },
    name: { type: "string" },
    mediaType: { type: "string" },
    bytes: { type: "integer", minimum: 0 },
  };
  const example = { hash: "0".repeat(64), name: `example.${mediaType.split("/")[1]}`, mediaType, bytes: 0 };
  return { ...object(properties), additionalProperties: false, examples: [example] };
}

function outputSchema(node: Node, graph: Graph): JsonSchema {
  return graph.sheets.has(node.id) ? sheetSchema(node.id, graph) : valueSchema(node);
}

function sheetSchema(id: string, graph: Graph): JsonSchema {
  const { cell, columns, key, of } = graph.sheets.get(id)!;
  const cells = columns.map((column) => graph.nodes.get(column)!);
  const properties: { [name: string]: Datum } = {};
  if (key !== null) properties[keyName(rowKey(key, of))] = {};
  for (const cell of cells) properties[cell.name] = orNull(valueSchema(cell));
  const isOpen = cell.configuration.positions["computed:columns"] !== undefined;
  const required = isOpen ? [] : Object.keys(properties);
  properties["error"] = rowError;
  return object({
    rows: { type: "array", items: { type: "object", properties, required } },
    failed: { type: "integer" },
  });
}

const rowError: JsonSchema = {
  description: "Why a cell of this row has no value.",
  type: "object",
  properties: { output: { type: "string" }, code: { type: "string" }, message: { type: "string" } },
  required: ["output", "code", "message"],
};

function valueSchema(node: Node): JsonSchema {
  const { positions } = node.wordings[0]!.configuration;
  // What a caller gives decides the type.
  if (positions["computed:reduce"] !== undefined || positions["computed:type"] !== undefined) return {};
  const known = valueTypeOf(node, cellKinds);
  switch (known.type) {
    case "plain":
      return known.schema;
    case "table":
      return object({ rows: { type: "array", items: row }, rowCount: { type: "integer" } });
    case "score":
      return object({
        score: { type: ["number", "null"] },
        pass: { type: ["boolean", "null"] },
        reason: { type: "string" },
      });
    case "test":
      return object({ verdict: { type: "string", enum: ["pass", "fail", "open"] } });
    case "chart":
      return object({
        kind: { type: "string", enum: ["bar", "line", "scatter", "histogram"] },
        x: { type: "string" },
        y: { type: "array", items: { type: "string" } },
        rows: { type: "array", items: row },
      });
  }
}

function object(properties: { readonly [name: string]: JsonSchema }): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties) };
}

function orNull(schema: JsonSchema): JsonSchema {
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: "null" }] };
}
