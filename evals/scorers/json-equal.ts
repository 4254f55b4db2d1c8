import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { parseJson } from "../json-difference.ts";
import { jsonJudgement } from "../json-judgement.ts";
import { datum, valueOrSettings } from "../options.ts";
import { defineScorer, nothingExpected } from "../scorer.ts";
import { isMissing, quote } from "../words.ts";

/** Deep equality of JSON: keys in any order, numbers by value. */
export const jsonEqual = defineScorer({
  name: "json-equal",
  description:
    "1 where the output is the expected JSON, whatever the order of keys and the spelling of numbers. Texts are parsed. " +
    "`json-equal: { value: =row.record, subset: true }` allows members that are not expected.",
  options: valueOrSettings(datum, { subset: z.boolean().optional() }),
  score({ output, expected, options }) {
    const wanted = options.value === undefined ? expected : options.value;
    return isMissing(wanted) ? nothingExpected : jsonJudgement(output, toJson(wanted), options);
  },
});

function toJson(expected: Datum): Datum {
  if (typeof expected !== "string") return expected;
  try {
    return parseJson(expected);
  } catch (cause) {
    throw new SheafError("score.json", `the expected value ${quote(expected)} is no JSON`, {
      cause,
      cure: "Compare texts with equals.",
    });
  }
}
