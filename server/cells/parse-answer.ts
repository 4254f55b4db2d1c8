import { parseGivenJson, UnreadableJson } from "#server/notebook/check-given-json.ts";
import { choicesOf, type JsonSchema } from "#server/notebook/schema.ts";
import type { ChatAnswer } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";
import { answerCheck } from "./answer-check.ts";

/**
 * What an answer is under its schema: text without one, a label of a choice, or JSON. Throws where it is not what the schema says, and
 * where it is none: a refusal, what a filter left of one, or nothing before the most tokens it may have.
 */
export function parseAnswer(answer: ChatAnswer, schema: Datum | undefined): Value {
  if (answer.finish === "content-filter") throw filtered(answer);
  if (answer.finish === "length" && answer.text === "") throw allThought(answer);
  if (schema === undefined) return { type: "string", value: answer.text };
  const text = answer.text.trim();
  const choices = choicesOf(schema as JsonSchema);
  if (choices !== null) {
    const plain = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
    if (choices.includes(plain)) return { type: "string", value: plain };
    throw new SheafError(
      "prompt.not-a-choice",
      `the model answered ${quote(text)}, which is none of ${choices.join(", ")}${cutOff(answer)}`,
      { cure: cureOf(answer, "Ask for the label alone, or use a model that follows a schema.") },
    );
  }
  if ((schema as JsonSchema)["type"] === "string") {
    hold(answer.text, schema as JsonSchema);
    return { type: "string", value: answer.text };
  }
  const parsed = parse(text, answer);
  hold(parsed, schema as JsonSchema);
  return toValue(parsed);
}

/** A refusal is as short as an answer may be, and what a filter cut off may look whole: neither is a value, whatever the schema. */
function filtered({ text }: ChatAnswer): SheafError {
  const words = text.trim() === "" ? "nothing of an answer" : quote(text);
  return new SheafError("model.content-filter", `the model refused to answer, or a filter stopped it: ${words}`, {
    cure: "Say it otherwise, or use another model. All that came stands with its call.",
  });
}

function allThought({ call: { usage } }: ChatAnswer): SheafError {
  const tokens = usage.output === undefined ? "its tokens" : `its ${usage.output.toLocaleString("en")} tokens`;
  return new SheafError(
    "model.length",
    `there is no answer: all of ${tokens} went into thinking, and it may have no more`,
    {
      cure: "Raise `max_tokens`, or have it think less with `reasoning_effort`.",
    },
  );
}

/** Throws where the answer is not what its schema says. */
function hold(answer: Datum, schema: JsonSchema): void {
  const problem = answerCheck(schema)(answer);
  if (problem === null) return;
  throw new SheafError("prompt.schema", `the model's answer is not as its schema says: ${problem}`, {
    cure: "Say in the prompt what you expect, allow it in `schema`, or use a model that follows a schema.",
  });
}

function parse(text: string, answer: ChatAnswer): Datum {
  try {
    return parseGivenJson(text);
  } catch (cause) {
    const why = cause instanceof UnreadableJson ? `: ${cause.message}` : ", which is no JSON";
    throw new SheafError("prompt.not-json", `the model answered ${quote(text)}${why}${cutOff(answer)}.`, {
      cure: cureOf(answer, "Ask for JSON alone, or use a model that follows a schema."),
      cause,
    });
  }
}

function cutOff({ finish }: ChatAnswer): string {
  return finish === "length" ? ": it was cut off at the most tokens it may have" : "";
}

function cureOf({ finish }: ChatAnswer, whole: string): string {
  return finish === "length" ? "Raise `max_tokens`." : whole;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
