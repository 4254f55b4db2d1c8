import { z } from "zod";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { defineCellKind, type CellKind } from "#server/notebook/cell-kind.ts";
import { reduceProblem } from "#server/notebook/reduce-problem.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import { toDatum } from "./sql-inputs.ts";

/** Makes one value of a cell's repeats: what `reduce: mean | majority | pass@k` says. No one writes it as a cell. */
export const reduce = defineCellKind({
  kind: "reduce",
  version: 3,
  title: "Reduce",
  description: "One value of several repeats.",
  body: "none",
  configuration: z.strictObject({ reduce: z.string() }),
  fields: [],
  effect: () => "pure",
  *run({ items }) {
    for (const [index, { configuration, inputs }] of items.entries()) {
      yield { type: "value", item: index, value: reduceValues(configuration.reduce, Object.values(inputs)) };
    }
  },
}) as unknown as CellKind;

/**
 * One value of several. `majority` is the most frequent, of scores the most frequent verdict, the first of equals; `mean` the
 * mean of numbers, of scores or of truth values as 1 and 0; `pass@k` the chance that at least one of k drawn without replacement
 * passes, 1 - C(n-c, k) / C(n, k) of n repeats with a verdict or a number of which c pass or are 1 (Chen et al. 2021, arXiv
 * 2107.03374). Null where nothing can be reduced.
 */
export function reduceValues(method: string, values: readonly Value[]): Value {
  const passAt = /^pass@([1-9]\d*)$/.exec(method);
  if (passAt !== null) return passAtK(Number(passAt[1]), values);
  switch (method) {
    case "majority":
      return majority(values);
    case "mean": {
      const numbers = values.flatMap((value) => numberOf(value) ?? []);
      if (numbers.length === 0) return { type: "null" };
      return { type: "number", value: numbers.reduce((total, value) => total + value, 0) / numbers.length };
    }
    default: {
      const { code, message, cure } = reduceProblem(method)!;
      throw new SheafError(code, message, { cure: cure! });
    }
  }
}

function majority(values: readonly Value[]): Value {
  const counts = new Map<string, { value: Value; count: number }>();
  for (const value of values) {
    // A judge says one verdict in many words.
    const said = value.type === "score" ? [value.value.score, value.value.pass] : value;
    const key = canonicalJson(said as unknown as CanonicalInput);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { value, count: 1 });
    else known.count += 1;
  }
  let best: { value: Value; count: number } | undefined;
  for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
  return best?.value ?? { type: "null" };
}

function passAtK(k: number, values: readonly Value[]): Value {
  const passes = values.flatMap((value) => {
    if (value.type === "score") return value.value.pass ?? [];
    const number = numberOf(value);
    return number === undefined ? [] : number === 1;
  });
  const n = passes.length;
  if (n < k) return { type: "null" };
  const failed = passes.filter((pass) => !pass).length;
  let none = 1;
  for (let drawn = 0; drawn < k; drawn += 1) none *= (failed - drawn) / (n - drawn);
  return { type: "number", value: 1 - Math.max(0, none) };
}

function numberOf(value: Value): number | undefined {
  const datum = toDatum(value);
  if (typeof datum === "number") return datum;
  if (typeof datum === "bigint") return Number(datum);
  return typeof datum === "boolean" ? Number(datum) : undefined;
}
