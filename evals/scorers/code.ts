import { z } from "zod";
import { javascriptForm } from "#server/notebook/references/javascript-form.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toValue, type Datum } from "#server/notebook/value.ts";
import { valueOrSettings } from "../options.ts";
import { defineScorer, type Judgement } from "../scorer.ts";
import { quote } from "../words.ts";

const verdict = z.strictObject({
  score: z.number().min(0).max(1).nullish(),
  pass: z.boolean().optional(),
  reason: z.string().optional(),
});

/** A judgement by a person's own code. */
export const code = defineScorer({
  name: "code",
  description:
    "What code says of `output` and `expected`: true or false, a number from 0 to 1, null for what cannot be scored, " +
    "or `{ score, pass, reason }`. `code: output.length < 280`, or the body of a function with `return`.",
  options: valueOrSettings(z.string(), {}),
  threshold: 0.5,
  needs: ["javascript"],
  async score({ output, expected, options, effects }) {
    if (options.value === undefined) throw new SheafError("score.options", "code: there is no code");
    const inputs = { output: toValue(output), expected: toValue(expected) };
    const { source, shift } = toBody(options.value);
    try {
      return judge(await effects.javascript!({ source, inputs }));
    } catch (thrown) {
      throw thrown instanceof SheafError && shift > 0 ? moved(thrown, shift) : thrown;
    }
  },
});

/** Statements that return nothing are told as the expression they are not: a syntax error, and no verdict of null. */
function toBody(source: string): { source: string; shift: number } {
  const head = "return (";
  if (javascriptForm(source) === "body") return { source, shift: 0 };
  return { source: `${head}${source}\n)`, shift: head.length };
}

function moved(error: SheafError, shift: number): SheafError {
  const { code, message, position } = error;
  const cure = code === "js.syntax" ? "Code of several statements says return." : error.cure;
  if (position === undefined) return error;
  const { line, column, offset, length } = position;
  const back = {
    line,
    column: line === 1 ? Math.max(1, column - shift) : column,
    offset: Math.max(0, offset - shift),
    length,
  };
  return new SheafError(code, message, { ...(cure === undefined ? {} : { cure }), position: back, cause: error });
}

function judge(answer: Datum): Judgement {
  if (answer === null) return { score: null, reason: "the code gave null: it cannot be scored" };
  if (typeof answer === "boolean") return { score: Number(answer), reason: `the code gave ${answer}` };
  if (typeof answer === "number") return { score: answer, reason: `the code gave ${answer}` };
  const parsed = verdict.safeParse(answer);
  if (!parsed.success)
    throw new SheafError("score.code", `the code gave ${quote(answer)}`, {
      cure: "Return true, false, a number from 0 to 1, null, or { score, pass, reason }.",
    });
  const { score, pass, reason = `the code gave ${quote(answer)}` } = parsed.data;
  const number = score === undefined ? (pass === undefined ? null : Number(pass)) : score;
  return { score: number, reason, ...(pass === undefined ? {} : { pass }) };
}
