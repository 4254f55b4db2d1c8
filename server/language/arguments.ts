import { Fault } from "./language-error.ts";
import { kindOf, skipped, type Result } from "./language-value.ts";
import { skippedFault } from "./value-text.ts";

/** A whole number given to a filter or method, or its standard where none is. */
export function wholeNumber(value: Result, name: string, standard: number): number {
  if (value === undefined) return standard;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw wrong(value, name, "a whole number");
}

/** A text given to a filter or method, or its standard where none is. */
export function text(value: Result, name: string, standard?: string): string {
  if (typeof value === "string") return value;
  if (value === undefined && standard !== undefined) return standard;
  throw wrong(value, name, "a text");
}

/** True or false given to a filter, false where nothing is. */
export function flag(value: Result, name: string, standard: boolean = false): boolean {
  if (value === undefined) return standard;
  if (typeof value === "boolean") return value;
  throw wrong(value, name, "true or false");
}

function wrong(value: Result, name: string, wanted: string): Fault {
  if (value === skipped) return skippedFault();
  return new Fault("language.type", `\`${name}\` must be ${wanted}, not ${kindOf(value)}`);
}
