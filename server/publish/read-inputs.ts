import type { Input } from "#server/notebook/notebook.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { inputValue } from "#server/runner/input-value.ts";
import type { Tables } from "#server/tables/tables.ts";

/** What is wrong with one input of a request. */
export interface InputProblem {
  readonly input: string;
  readonly message: string;
}

/** The values a caller gives, or everything that is wrong with them. A table is given by its rows; a dataset's path is no rows. `lists` names inputs of any JSON that have to be lists. */
export async function readInputs(
  inputs: readonly Input[],
  given: { readonly [name: string]: Datum },
  tables: Pick<Tables, "fromRows" | "importFile">,
  lists: ReadonlySet<string> = new Set(),
): Promise<{ readonly values: { readonly [name: string]: Value }; readonly problems: readonly InputProblem[] }> {
  const problems: InputProblem[] = [];
  const values: { [name: string]: Value } = {};
  const names = inputs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const cure = near === null ? `There are: ${names.join(", ") || "none"}.` : `Did you mean \`${near}\`?`;
    problems.push({ input: name, message: `there is no input \`${name}\`. ${cure}` });
  }
  for (const input of inputs) {
    const { name, type } = input;
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined) {
      if (input.default === undefined) problems.push({ input: name, message: `the input \`${name}\` is required` });
    } else if (type === "table" && typeof value === "string")
      problems.push({ input: name, message: `the input \`${name}\` is a text. Give a list of rows, each a mapping.` });
    else if (lists.has(name) && !Array.isArray(value))
      problems.push({ input: name, message: `the input \`${name}\` is no list. Give a list: each element is a row.` });
    else {
      try {
        values[name] = await inputValue(input, value, tables);
      } catch (thrown) {
        const { message, cure } = toCellError(thrown);
        problems.push({ input: name, message: cure === undefined ? message : `${message}. ${cure}` });
      }
    }
  }
  return { values, problems };
}
