import type { Datum } from "#server/notebook/value.ts";
import { jsonDifferences, parseJson, type JsonComparison } from "./json-difference.ts";
import type { Judgement } from "./scorer.ts";
import { quote } from "./words.ts";

/** Whether the output, parsed where it is a text, is the expected JSON, and where it is not. */
export function jsonJudgement(output: Datum, expected: Datum, how: JsonComparison): Judgement {
  let parsed: Datum;
  try {
    parsed = typeof output === "string" ? parseJson(output) : output;
  } catch (error) {
    return {
      score: 0,
      reason: `the output ${quote(output)} is no JSON: ${error instanceof Error ? error.message : ""}`,
    };
  }
  const differences = jsonDifferences(parsed, expected, how);
  if (differences.length === 0) return { score: 1, reason: `the output is ${quote(expected)}` };
  const more = differences.length > 3 ? ` and ${differences.length - 3} more differences` : "";
  return { score: 0, reason: `${differences.slice(0, 3).join("; ")}${more}` };
}
