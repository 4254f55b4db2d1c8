import { resolve } from "node:path";
import type { Input } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { parseInput } from "#server/runner/input-value.ts";
import { readInputFile } from "#server/runner/read-input-file.ts";
import type { Runtime } from "#server/runner/runtime.ts";

/** What `--set` gives: data as they are written, and values read from files. */
export interface SetInputs {
  readonly inputs: { readonly [name: string]: Datum };
  readonly values: { readonly [name: string]: Value };
}

/** Reads all `name=value` and `name=@FILE`, where the last of one name counts; `@@` at the start of a value stands for one `@`. Files are found from the folder `standing`. */
export async function setInputs(
  settings: readonly string[],
  declared: readonly Input[],
  standing: string,
  runtime: Runtime,
): Promise<SetInputs> {
  const inputs: { [name: string]: Datum } = {};
  const values: { [name: string]: Value } = {};
  for (const [name, text] of new Map(settings.map(nameAndText))) {
    const input = declared.find((candidate) => candidate.name === name);
    // The session says which inputs there are.
    if (input === undefined) inputs[name] = text;
    else if (/^@(?!@)/.test(text)) {
      const file = text.slice(1);
      values[name] = await readInputFile(input, { path: resolve(standing, file), name: file }, runtime);
    } else inputs[name] = parseInput(input, text.replace(/^@@/, "@"));
  }
  return { inputs, values };
}

function nameAndText(setting: string): readonly [string, string] {
  const equals = setting.indexOf("=");
  if (equals < 1)
    throw new SheafError("command.usage", `--set ${setting} sets nothing`, {
      cure: "Write `--set name=value`, or `--set name=@FILE`.",
    });
  return [setting.slice(0, equals), setting.slice(equals + 1)];
}
