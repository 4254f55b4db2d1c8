import type { Datum } from "./value.ts";
import { parseExactJson } from "./value-json.ts";

/** Levels of lists and mappings: what goes through a value later may be recursive. */
const deepest = 500;

/** What is JSON, and yet no value here. */
export class UnreadableJson extends SyntaxError {}

/** JSON that came from elsewhere as data: whole numbers have all their digits. Throws a `SyntaxError` for what is no JSON, of which one for what is no value here is an `UnreadableJson`. */
export function parseGivenJson(text: string): Datum {
  const given = parseExactJson(text);
  checkGivenJson(given);
  return given as Datum;
}

/**
 * Throws an `UnreadableJson` for parsed JSON that is no value here: with more than 500 levels of lists and mappings, or with a number beyond those
 * that there are, which parsing makes infinite.
 */
export function checkGivenJson(given: unknown): void {
  let level: readonly unknown[] = [given];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new UnreadableJson(`lists and mappings go deeper than ${deepest} levels`);
    const below: unknown[] = [];
    for (const value of level)
      if (typeof value === "object" && value !== null) for (const member of Object.values(value)) below.push(member);
      else if (typeof value === "number" && !Number.isFinite(value))
        throw new UnreadableJson("a number is larger than any there is");
    level = below;
  }
}
