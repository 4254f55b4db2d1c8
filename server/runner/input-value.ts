import { parseGivenJson, UnreadableJson } from "#server/notebook/check-given-json.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { FrontMatter, Input } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { isImageType, storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Tables } from "#server/tables/tables.ts";
import { toValue, type CellError, type Datum, type Position, type Table, type Value } from "#server/notebook/value.ts";
import type { SessionState } from "./session-state.ts";
import { describeGiven, unfitInput } from "./unfit-input.ts";

/** The value of an input from plain data; a table from its rows or from a dataset file. Throws `input.type` with what was expected where it is of another type. */
export async function inputValue(
  input: Input,
  given: Datum,
  tables: Pick<Tables, "fromRows" | "importFile">,
): Promise<Value> {
  const wrong = (expected: string): SheafError =>
    new SheafError("input.type", `the input \`${input.name}\` is ${describeGiven(given)}`, {
      cure: `Give ${expected}.`,
    });
  const expected = unfitInput(input, given);
  if (expected !== null) throw wrong(expected);
  switch (input.type) {
    case "string":
    case "choice":
      return { type: "string", value: given as string };
    case "number":
      return { type: "number", value: given as number };
    case "boolean":
      return { type: "boolean", value: given as boolean };
    case "messages":
      return { type: "messages", value: given as never };
    case "table":
      if (typeof given === "string") return { type: "table", value: await datasetTable(input, given, tables) };
      if (!isRows(given)) throw wrong("a list of rows, each a mapping, or the path of a dataset file");
      return { type: "table", value: await tables.fromRows(given) };
    case "json":
      return toValue(given);
    case "file":
    case "image": {
      const value = storedFileOf(given);
      if (value === null || (input.type === "image" && !isImageType(value.mediaType)))
        throw wrong(input.type === "file" ? "a kept file" : "a kept PNG, JPEG, GIF or WebP image");
      return { type: input.type, value };
    }
  }
}

async function datasetTable(input: Input, path: string, tables: Pick<Tables, "importFile">): Promise<Table> {
  try {
    return await tables.importFile(path);
  } catch (thrown) {
    if (!(thrown instanceof SheafError) || thrown.code !== "data.not-found") throw thrown;
    const cure = `${thrown.cure} A file elsewhere is \`--set ${input.name}=@${path}\`.`;
    throw new SheafError(thrown.code, thrown.message, { cure });
  }
}

/** The error of reading an input that was given no value and has no default, at the input's place. */
export function noInputValue(
  name: string,
  { positions, inputs }: FrontMatter,
): CellError & { readonly position: Position } {
  const isFile = inputs.some((input) => input.name === name && (input.type === "file" || input.type === "image"));
  return {
    code: "input.missing",
    message: `the input \`${name}\` has no value`,
    cure: `Give \`--set ${name}=${isFile ? "@FILE" : "…"}\`, or a default in the front matter.`,
    position: positions[`key:inputs.${name}`] ?? { line: 1, column: 1, offset: 0, length: 0 },
  };
}

/** The inputs without a value that one of the nodes reads; any node where none are given. */
export function missingInputs(
  { graph, inputs }: Pick<SessionState, "graph" | "inputs">,
  nodes: Iterable<Node> = graph.nodes.values(),
): readonly Input[] {
  const read = new Set<string>();
  for (const { reads, earlyInputs } of nodes) {
    for (const name of earlyInputs) read.add(name);
    for (const one of reads) if (one.type === "input") read.add(one.input);
  }
  return graph.front.inputs.filter(({ name }) => read.has(name) && !inputs.has(name));
}

/** The datum a text on the command line stands for: by the input's type, so that `--set n=5` is a number. */
export function parseInput(input: Input, text: string): Datum {
  switch (input.type) {
    case "string":
    case "choice":
      return text;
    case "number": {
      const number = Number(text);
      if (text.trim() === "" || Number.isNaN(number)) return text;
      if (!Number.isFinite(number)) throw unreadable(input, "the number is larger than any there is");
      return /^\s*-?\d+\s*$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "table":
      // The path of a dataset file, or rows as JSON.
      if (!text.trimStart().startsWith("[")) return text;
      return parseJson(input, text);
    case "json":
    case "messages":
      return parseJson(input, text);
    case "file":
    case "image":
      throw new SheafError(
        "input.type",
        `the input \`${input.name}\` is ${input.type === "file" ? "a file" : "an image"}, and this is a text`,
        {
          cure: `Write \`--set ${input.name}=@FILE\`.`,
        },
      );
  }
}

function parseJson(input: Input, text: string): Datum {
  try {
    return parseGivenJson(text);
  } catch (thrown) {
    if (thrown instanceof UnreadableJson) throw unreadable(input, thrown.message);
    throw new SheafError("input.type", `the input \`${input.name}\` is no JSON: ${text.slice(0, 80)}`, {
      cure: `Write it as JSON, as in \`--set ${input.name}='[1, 2]'\`, or give a file that holds it: \`--set ${input.name}=@FILE\`.`,
    });
  }
}

function unreadable({ name }: Input, why: string): SheafError {
  return new SheafError("input.type", `the input \`${name}\` cannot be read: ${why}`, {
    cure: "Give it as a text where all its digits matter.",
  });
}

function isRows(value: Datum): value is readonly { readonly [column: string]: Datum }[] {
  return Array.isArray(value) && value.every((row: Datum) => isMapping(row));
}
