import { z } from "zod";
import { jsonJudgement } from "../json-judgement.ts";
import { datum, valueOrSettings } from "../options.ts";
import { defineScorer, nothingExpected } from "../scorer.ts";
import { isMissing, quote, toText } from "../words.ts";

/** Equality of texts, or of data where a list or an object is expected. */
export const equals = defineScorer({
  name: "equals",
  description:
    "1 where the output is the expected text, not counting space around it; where a list or an object is expected, " +
    "both are compared as JSON. `equals: =row.topic`, `equals: { value: yes, ignore_case: true, exact: true }`.",
  options: valueOrSettings(datum, { ignore_case: z.boolean().optional(), exact: z.boolean().optional() }),
  score({ output, expected, options }) {
    const { ignore_case: ignoreCase = false } = options;
    const wanted = options.value === undefined ? expected : options.value;
    if (isMissing(wanted)) return nothingExpected;
    if (typeof wanted === "object") return jsonJudgement(output, wanted, { ignoreCase });
    const shape = (text: string): string => {
      const trimmed = options.exact === true ? text : text.trim();
      return ignoreCase ? trimmed.toLowerCase() : trimmed;
    };
    const equal = shape(toText(output)) === shape(toText(wanted));
    return { score: Number(equal), reason: `${quote(output)} ${equal ? "equals" : "does not equal"} ${quote(wanted)}` };
  },
});
