import { z } from "zod";
import { texts, valueOrSettings } from "../options.ts";
import { defineScorer, type Judgement } from "../scorer.ts";
import { isMissing, quote, quoteList, toText } from "../words.ts";

/** Whether texts occur in the output. */
export const contains = defineScorer({
  name: "contains",
  description:
    "1 where the text, or each text of a list, occurs in the output; alone, the expected text. " +
    "`contains: =row.must`, `contains: { any: [refund, return], ignore_case: true }`.",
  options: valueOrSettings(texts, {
    any: texts.optional(),
    all: texts.optional(),
    ignore_case: z.boolean().optional(),
  }),
  score({ output, expected, options }): Judgement {
    const { any, all, value, ignore_case: ignoreCase = false } = options;
    const alone = any === undefined && all === undefined && value === undefined;
    const each = [value, all, alone && !isMissing(expected) ? toText(expected) : undefined].flat().filter(isWanted);
    const some = [any].flat().filter(isWanted);
    if (each.length + some.length === 0) return { score: null, reason: "there is nothing to look for" };
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const whole = fold(toText(output));
    const occurs = (text: string): boolean => whole.includes(fold(text));
    const missing = each.filter((text) => !occurs(text));
    if (missing.length > 0) return { score: 0, reason: `${quote(output)} does not contain ${quoteList(missing)}` };
    const found = some.find(occurs);
    if (some.length > 0 && found === undefined)
      return { score: 0, reason: `${quote(output)} contains none of ${quoteList(some)}` };
    return {
      score: 1,
      reason: `${quote(output)} contains ${quoteList([...each, ...(found === undefined ? [] : [found])])}`,
    };
  },
});

/** An empty text occurs in every output: a row that has none says nothing. */
function isWanted(text: string | null | undefined): text is string {
  return !isMissing(text) && text !== "";
}
