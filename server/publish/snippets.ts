import { pythonText, shellText } from "#server/notebook/code-literals.ts";
import type { JsonSchema } from "#server/notebook/schema.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Contract } from "./contract.ts";

/** How a published notebook is called, as text to be copied. */
export interface Snippets {
  readonly curl: string;
  readonly typescript: string;
  readonly python: string;
}

/**
 * The snippets of an endpoint. `target` is what stands in the address, `card-triage` or `card-triage@v3`; the inputs are those
 * given, and for the required ones of the rest an example of their type.
 */
export function snippets(
  contract: Contract,
  target: string,
  server: string,
  given: { readonly [input: string]: Datum } = {},
): Snippets {
  const url = `${server}/api/run/${target}`;
  const inputs = Object.fromEntries(
    contract.inputs.flatMap(({ name, required, schema }) =>
      Object.hasOwn(given, name) ? [[name, given[name]!]] : required ? [[name, exampleOf(schema)]] : [],
    ),
  );
  const body = toJson({ inputs });
  const first = contract.outputs[0]?.name;
  return {
    curl: [`curl ${shellText(url)} \\`, "  -H 'Content-Type: application/json' \\", `  -d ${shellText(body)}`, ""].join(
      "\n",
    ),
    typescript: [
      `const response = await fetch(${JSON.stringify(url)}, {`,
      '  method: "POST",',
      '  headers: { "content-type": "application/json" },',
      // As a text: JavaScript would round a long number, and take a member `__proto__` for something else.
      `  body: ${JSON.stringify(body)},`,
      "});",
      "const answer = await response.json();",
      "if (!response.ok) throw new Error(answer.error.message);",
      first === undefined ? "console.log(answer.outputs);" : `console.log(answer.outputs.${first});`,
      "",
    ].join("\n"),
    python: [
      "import json",
      "import urllib.request",
      "",
      "request = urllib.request.Request(",
      `    ${JSON.stringify(url)},`,
      `    data=json.dumps(${pythonText({ inputs })}).encode(),`,
      '    headers={"Content-Type": "application/json"},',
      ")",
      "answer = json.load(urllib.request.urlopen(request))",
      first === undefined ? 'print(answer["outputs"])' : `print(answer["outputs"][${JSON.stringify(first)}])`,
      "",
    ].join("\n"),
  };
}

function exampleOf(schema: JsonSchema): Datum {
  const { enum: labels, type, items, examples } = schema;
  if (Array.isArray(examples)) return examples[0] as Datum;
  if (Array.isArray(labels)) return (labels[0] as Datum | undefined) ?? "";
  switch (type) {
    case "number":
      return 1;
    case "boolean":
      return true;
    case "array": {
      const { properties } = (items ?? {}) as JsonSchema;
      return properties === undefined ? [{ text: "…" }] : [{ role: "user", content: "…" }];
    }
    case "string":
      return "…";
    default:
      return null;
  }
}
