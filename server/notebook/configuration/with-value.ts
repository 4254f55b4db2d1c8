import { isMapping } from "../is-mapping.ts";
import { SheafError } from "../sheaf-error.ts";
import type { Datum } from "../value.ts";

/** A value with the part at `path` replaced, or removed where `value` is undefined. Missing mappings and lists are made on the way. */
export function withValue(
  datum: Datum | undefined,
  path: readonly (string | number)[],
  value: Datum | undefined,
): Datum | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof datum === "string" && datum.startsWith("="))
    throw new SheafError("operation.configuration", `\`${datum}\` is an expression, and has no parts to set`, {
      cure: "Set it as a whole, or change what it reads.",
    });
  // Removing what is not there makes nothing on the way.
  if (value === undefined && !holds(datum, step)) return datum;
  if (typeof step === "number") {
    const list: readonly Datum[] = Array.isArray(datum) ? datum : [];
    if (!Number.isInteger(step) || step < 0 || step > list.length)
      throw new SheafError("operation.configuration", `the list has no place ${step}`, {
        cure: `Give an index from 0 to ${list.length}.`,
      });
    const item = withValue(list[step], rest, value);
    return item === undefined
      ? list.filter((_, index) => index !== step)
      : [...list.slice(0, step), item, ...list.slice(step + 1)];
  }
  const entries = new Map<string, Datum>(isMapping(datum) ? Object.entries(datum) : []);
  const member = withValue(entries.get(step), rest, value);
  if (member === undefined) entries.delete(step);
  else entries.set(step, member);
  return Object.fromEntries(entries);
}

function holds(datum: Datum | undefined, step: string | number): boolean {
  return typeof step === "number" ? Array.isArray(datum) : isMapping(datum) && Object.hasOwn(datum, step);
}
