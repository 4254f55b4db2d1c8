import { nameProblem, isReservedName } from "../names.ts";
import { hasExpression, literalText, withTexts } from "../expressions-of.ts";
import { nearestName } from "../nearest-name.ts";
import type { Input, InputType } from "../notebook.ts";
import type { Datum } from "../value.ts";
import { isMapping } from "../is-mapping.ts";
import { reportUnknownKeys, scalarText, type FrontReader } from "./front-reader.ts";

/** The words an input's type can be. */
export const inputTypes = [
  "string",
  "number",
  "boolean",
  "choice",
  "json",
  "table",
  "file",
  "image",
  "messages",
] as const;

const inputKeys = ["type", "default", "options", "description"] as const;

/** The inputs of front matter: `message: string`, `tone: [formal, plain]`, or a mapping of `type default options description`. */
export function readInputs(reader: FrontReader, value: Datum | undefined): readonly Input[] {
  if (value === undefined || value === null) return [];
  if (!isMapping(value)) {
    reader.report(
      "inputs",
      "notebook.front-matter",
      "`inputs` is not a mapping",
      "Write `inputs: { message: string }`.",
    );
    return [];
  }
  const inputs: Input[] = [];
  for (const [name, declared] of Object.entries(value)) {
    const problem = nameProblem(name, "an input");
    if (problem !== null) reader.report(`key:inputs.${name}`, problem.code, problem.message, problem.cure);
    if (problem === null || isReservedName(name)) inputs.push(readInput(reader, name, declared));
  }
  return inputs;
}

function readInput(reader: FrontReader, name: string, declared: Datum): Input {
  const path = `inputs.${name}`;
  const fail = (at: string, message: string, cure: string): void => reader.report(at, "notebook.input", message, cure);
  const long = isMapping(declared);
  const fields: { [key: string]: Datum } = {};
  for (const [key, value] of Object.entries(long ? declared : { type: declared })) {
    if (!hasExpression(value)) fields[key] = withTexts(value, literalText);
    else
      fail(
        long ? `${path}.${key}` : path,
        `\`${name}\` is an input, from which expressions are worked out, and cannot be one`,
        "Write a value; a text that begins with `=` is `\\=`.",
      );
  }
  if (long) reportUnknownKeys(reader, Object.keys(fields), `${path}.`, inputKeys, `the input \`${name}\``);

  const typePath = long ? `${path}.type` : path;
  const listed = Array.isArray(fields["type"]) ? labels(reader, typePath, fields["type"]) : null;
  const options =
    listed ?? (Array.isArray(fields["options"]) ? labels(reader, `${path}.options`, fields["options"]) : null);
  if (fields["options"] !== undefined && !Array.isArray(fields["options"]))
    fail(`${path}.options`, `the options of \`${name}\` are not a list`, "Write `options: [formal, plain]`.");
  const type = listed === null ? readType(reader, name, typePath, fields, options) : "choice";
  if (type === "choice" && (options === null || options.length === 0))
    fail(typePath, `the choice \`${name}\` has no options`, `Write them out: \`${name}: [formal, plain]\`.`);

  const position = reader.configuration.positions[`key:${path}`]!;
  const { description } = fields;
  const standard = fields["default"];
  const fitting = standard === undefined ? undefined : fit(reader, `${path}.default`, type, options, standard);
  if (standard !== undefined && fitting === undefined)
    fail(
      `${path}.default`,
      `the default of \`${name}\` is not ${expected(type, options)}`,
      "Change the default, or the type.",
    );
  return {
    name,
    type,
    ...(type === "choice" && options !== null ? { options } : {}),
    ...(fitting === undefined ? {} : { default: fitting }),
    ...(typeof description === "string" ? { description } : {}),
    position,
  };
}

function labels(reader: FrontReader, path: string, list: readonly Datum[]): readonly string[] {
  return list.flatMap((item, index) => scalarText(reader, `${path}.${index}`, item) ?? []);
}

function readType(
  reader: FrontReader,
  name: string,
  path: string,
  fields: { readonly [key: string]: Datum },
  options: readonly string[] | null,
): InputType {
  const { type } = fields;
  if (type === undefined || type === null) return options === null ? typeOf(fields["default"]) : "choice";
  const known = inputTypes.find((word) => word === type);
  if (known !== undefined) return known;
  const near = typeof type === "string" ? nearestName(type, inputTypes) : null;
  const cure = near === null ? `Types are ${inputTypes.join(", ")}.` : `Did you mean \`${near}\`?`;
  const spelled = typeof type === "string" ? `\`${type}\`` : "this";
  reader.report(path, "notebook.input", `${spelled} is not a type of the input \`${name}\``, cure);
  return "string";
}

function typeOf(standard: Datum | undefined): InputType {
  switch (typeof standard) {
    case "number":
    case "bigint":
      return "number";
    case "boolean":
      return "boolean";
    case "object":
      return standard === null ? "string" : "json";
    default:
      return "string";
  }
}

/** The default as the type has it: a choice's as its label; undefined where it does not fit. */
function fit(
  reader: FrontReader,
  path: string,
  type: InputType,
  options: readonly string[] | null,
  value: Datum,
): Datum | undefined {
  switch (type) {
    case "choice": {
      const label = scalarText(reader, path, value);
      return label !== null && (options ?? []).includes(label) ? label : undefined;
    }
    case "string":
      return scalarText(reader, path, value) ?? undefined;
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "table":
    case "messages":
      return Array.isArray(value) || typeof value === "string" ? value : undefined;
    case "file":
    case "image":
      return typeof value === "string" ? value : undefined;
    case "json":
      return value;
  }
}

function expected(type: InputType, options: readonly string[] | null): string {
  switch (type) {
    case "choice":
      return `one of ${(options ?? []).join(", ")}`;
    case "string":
      return "a text";
    case "table":
    case "messages":
      return `a list, as ${type === "table" ? "a table" : "messages"} must be`;
    case "file":
    case "image":
      return "the path of a file";
    case "number":
    case "boolean":
    case "json":
      return `a ${type}`;
  }
}
