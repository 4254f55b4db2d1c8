import type { Diagnostic, FrontMatter, Input } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Tables } from "#server/tables/tables.ts";
import {
  toValue,
  type CellError,
  type Datum,
  type Message,
  type Position,
  type Value,
} from "#server/notebook/value.ts";
import type { SessionState } from "./session-state.ts";

/** The value of an input from plain data; a table from its rows or from a dataset file. Throws `input.type` with what was expected where it is of another type. */
export async function inputValue(
  input: Input,
  given: Datum,
  tables: Pick<Tables, "fromRows" | "importFile">,
): Promise<Value> {
  const wrong = (expected: string): SheafError =>
    new SheafError("input.type", `the input \`${input.name}\` is ${describe(given)}`, { cure: `Give ${expected}.` });
  switch (input.type) {
    case "string":
      if (typeof given !== "string") throw wrong("a text");
      return { type: "string", value: given };
    case "number":
      if (typeof given !== "number" && typeof given !== "bigint") throw wrong("a number");
      return { type: "number", value: given };
    case "boolean":
      if (typeof given !== "boolean") throw wrong("true or false");
      return { type: "boolean", value: given };
    case "choice":
      if (typeof given !== "string" || !(input.options ?? []).includes(given))
        throw wrong(`one of ${(input.options ?? []).join(", ")}`);
      return { type: "string", value: given };
    case "messages":
      if (!isMessages(given)) throw wrong("a list of messages, each with `role` and `content`");
      return { type: "messages", value: given };
    case "table":
      if (typeof given === "string") return { type: "table", value: await tables.importFile(given) };
      if (!isRows(given)) throw wrong("a list of rows, each a mapping, or the path of a dataset file");
      return { type: "table", value: await tables.fromRows(given) };
    case "json":
    case "file":
    case "image":
      return toValue(given);
  }
}

/** The error of reading an input that was given no value and has no default, at the input's place. */
export function noInputValue(name: string, { positions }: FrontMatter): CellError & { readonly position: Position } {
  return {
    code: "input.missing",
    message: `the input \`${name}\` has no value`,
    cure: `Give \`--set ${name}=…\`, or a default in the front matter.`,
    position: positions[`key:inputs.${name}`] ?? { line: 1, column: 1, offset: 0, length: 0 },
  };
}

/** The inputs without a value that some cell reads. */
export function* missingInputs({ graph, inputs }: Pick<SessionState, "graph" | "inputs">): Iterable<Diagnostic> {
  const read = new Set(
    [...graph.nodes.values()].flatMap(({ reads }) => reads.flatMap((one) => (one.type === "input" ? [one.input] : []))),
  );
  for (const { name } of graph.front.inputs)
    if (read.has(name) && !inputs.has(name)) yield { severity: "warning", ...noInputValue(name, graph.front) };
}

/** The datum a text on the command line stands for: by the input's type, so that `--set n=5` is a number. */
export function parseInput(input: Input, text: string): Datum {
  switch (input.type) {
    case "string":
    case "choice":
      return text;
    case "number": {
      const number = Number(text);
      return text.trim() === "" || Number.isNaN(number) ? text : number;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "table":
      // The path of a dataset file, or rows as JSON.
      if (!text.trimStart().startsWith("[")) return text;
      return parseJson(input, text);
    case "json":
    case "file":
    case "image":
    case "messages":
      return parseJson(input, text);
  }
}

function parseJson(input: Input, text: string): Datum {
  try {
    return JSON.parse(text) as Datum;
  } catch {
    throw new SheafError("input.type", `the input \`${input.name}\` is no JSON: ${text.slice(0, 80)}`, {
      cure: `Write it as JSON: \`--set ${input.name}='[1, 2]'\`.`,
    });
  }
}

function isRows(value: Datum): value is readonly { readonly [column: string]: Datum }[] {
  return (
    Array.isArray(value) && value.every((row: Datum) => row !== null && typeof row === "object" && !Array.isArray(row))
  );
}

function isMessages(value: Datum): value is never[] & readonly Message[] {
  return (
    Array.isArray(value) &&
    value.every((item: Datum) => item !== null && typeof item === "object" && "role" in item && "content" in item)
  );
}

function describe(value: Datum): string {
  return value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `${typeof value} ${String(value).slice(0, 40)}`;
}
