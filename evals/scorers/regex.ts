import { RE2JSSyntaxException, type RE2JS } from "re2js";
import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toValue } from "#server/notebook/value.ts";
import { javascriptPattern } from "../javascript-pattern.ts";
import { linearPattern } from "../linear-pattern.ts";
import { text, valueOrSettings } from "../options.ts";
import { defineScorer, nothingExpected, type ScorerEffects } from "../scorer.ts";
import { isMissing, quote, toText } from "../words.ts";

/**
 * Whether a regular expression matches somewhere in the output. Patterns are RE2's (re2js), which takes time linear in
 * the output whatever the pattern; those it cannot do (look-around, back-references, counts beyond 1000) are JavaScript's,
 * run in the sandbox with its time limit, and mean the same.
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
  const compiled = /\(\?<?[=!]|\\[1-9]|\\k</.test(pattern) ? null : compile(pattern, ignoreCase);
  if (compiled !== null) return compiled.matcher(output).find();
  if (effects.javascript === undefined)
    throw new SheafError("score.effect", `regex cannot compute /${pattern}/ here: it needs the sandbox`);
  const { source, flags } = javascriptPattern(pattern, ignoreCase);
  const inputs = { pattern: toValue(source), flags: toValue(flags), output: toValue(output) };
  const answer = await effects.javascript({ source: test, inputs });
  if (typeof answer === "string") throw noPattern(pattern, answer);
  return answer === true;
}

/** Whether it matches, or what is wrong with it as it is tried first. */
const test = `
let problem;
for (const flag of flags) {
  let expression;
  try {
    expression = new RegExp(pattern, flag);
  } catch (error) {
    problem ??= error.message;
    continue;
  }
  return expression.test(output);
}
return problem;
`;

/** RE2's; null for what it only counts too little for. */
function compile(pattern: string, ignoreCase: boolean): RE2JS | null {
  try {
    return linearPattern(pattern, ignoreCase);
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    const problem = cause.message.replace(/^error parsing regexp: /, "");
    if (problem.startsWith("invalid repeat count")) return null;
    throw noPattern(pattern, problem, cause);
  }
}

function noPattern(pattern: string, problem: string, cause?: unknown): SheafError {
  return new SheafError("score.regex", `/${pattern}/ is no regular expression: ${problem}`, { cause });
}
