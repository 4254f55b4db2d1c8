import type { Input } from "#server/notebook/notebook.ts";
import type { CaseValues } from "#server/notebook/notes.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { RecordedInput } from "#server/runner/run-record.ts";
import type { RunStart } from "#server/store/store.ts";

/** The inputs of a run, to be tried again. */
export interface LastInputs {
  /** When the run began, milliseconds. */
  readonly at: number;
  readonly values: CaseValues;
}

/** How many sets are offered. */
const most = 8;

/** The different inputs of runs, newest first, as far as the notebook still has them and the records have them whole. */
export function lastInputs(
  runs: readonly Pick<RunStart, "startedAt" | "inputs">[],
  inputs: readonly Input[],
): readonly LastInputs[] {
  const found = new Map<string, LastInputs>();
  for (const run of runs) {
    const recorded = run.inputs as { readonly [name: string]: RecordedInput | string };
    const values: { [name: string]: Datum } = {};
    for (const { name } of inputs) {
      const one = recorded[name];
      if (typeof one === "object" && one.value !== undefined) values[name] = one.value;
    }
    const key = JSON.stringify(values, (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
    if (Object.keys(values).length > 0 && !found.has(key)) found.set(key, { at: run.startedAt, values });
    if (found.size === most) break;
  }
  return [...found.values()];
}
