import { RE2JS, RE2JSSyntaxException } from "re2js";
import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toValue } from "#server/notebook/value.ts";
import { text, valueOrSettings } from "../options.ts";
import { defineScorer, nothingExpected, type ScorerEffects } from "../scorer.ts";
import { isMissing, quote, toText } from "../words.ts";

/**
 * Whether a regular expression matches somewhere in the output. Patterns are RE2's (re2js), which takes time linear in
 * the output whatever the pattern; those it cannot do (look-around, back-references) are JavaScript's, run in the
 * sandbox with its time limit.
 */
export const regex = defineScorer({
  name: "regex",
  description:
    "1 where the regular expression matches somewhere in the output; alone, the expected text is the pattern. " +
    '`regex: "^[A-Z]{3}$"`, `regex: { value: "refund(ed)?", ignore_case: true }`.',
  options: valueOrSettings(text, { ignore_case: z.boolean().optional() }),
  async score({ output, expected, options, effects }) {
    const pattern = options.value === undefined ? (isMissing(expected) ? null : toText(expected)) : options.value;
    if (pattern === null) return nothingExpected;
    const whole = toText(output);
    const matches = await isMatch(pattern, options.ignore_case ?? false, whole, effects);
    return {
      score: Number(matches),
      reason: `${quote(output)} ${matches ? "matches" : "does not match"} /${pattern}/`,
    };
  },
});

async function isMatch(pattern: string, ignoreCase: boolean, output: string, effects: ScorerEffects): Promise<boolean> {
  if (!/\(\?<?[=!]|\\[1-9]|\\k</.test(pattern)) return compile(pattern, ignoreCase).matcher(output).find();
  if (effects.javascript === undefined)
    throw new SheafError("score.effect", `regex cannot compute /${pattern}/ here: look-around needs the sandbox`);
  const inputs = { pattern: toValue(pattern), flags: toValue(ignoreCase ? "i" : ""), output: toValue(output) };
  return (await effects.javascript({ source: "return new RegExp(pattern, flags).test(output)", inputs })) === true;
}

function compile(pattern: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    const problem = cause.message.replace(/^error parsing regexp: /, "");
    throw new SheafError("score.regex", `/${pattern}/ is no regular expression: ${problem}`, { cause });
  }
}
