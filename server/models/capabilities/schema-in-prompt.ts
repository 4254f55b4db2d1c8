import { choicesOf, type JsonSchema } from "#server/notebook/schema.ts";
import type { Message } from "#server/notebook/value.ts";
import { toAnswerSchema } from "../answer-schema.ts";
import type { Capabilities, ChatRequest } from "../model.ts";

/** A request whose schema stands in its words, and the answer out of what comes. */
export interface AskedInWords {
  readonly request: ChatRequest;
  /** Whether the text is the answer as it comes, part by part. */
  readonly streams: boolean;
  /** The answer out of the whole text: without the fence of a code block, and without the object that was put around it. */
  readonly unwrap: (text: string) => string;
}

/**
 * Asks in the last message for what a model is known not to keep to by itself. Where it keeps to some JSON object, that is asked of it
 * too. Null for a request without a schema, and for a model that takes one or of which it is not known.
 */
export function schemaInPrompt(request: ChatRequest, { jsonSchema, jsonObject }: Capabilities): AskedInWords | null {
  const { schema, ...rest } = request;
  if (jsonSchema !== false || schema === undefined || request.completion !== undefined) return null;
  const answer = toAnswerSchema(schema);
  if (answer === null) return null;
  if (jsonObject === true)
    return {
      request: { ...rest, messages: asking(request.messages, jsonOf(answer.schema)), jsonObject },
      streams: !answer.wrapped,
      unwrap: (text) => answer.unwrap(text),
    };
  const choices = choicesOf(schema as JsonSchema);
  const words =
    choices === null ? jsonOf(schema as JsonSchema) : `Answer with one of these alone: ${choices.join(", ")}`;
  return {
    request: { ...rest, messages: asking(request.messages, words) },
    streams: choices !== null,
    unwrap: unfenced,
  };
}

/** The words that ask for a schema; empty for one that admits any string, which nobody is asked for. */
export function inWordsOf(schema: ChatRequest["schema"]): string {
  const answer = toAnswerSchema(schema);
  return answer === null ? "" : jsonOf(answer.schema);
}

function jsonOf(schema: JsonSchema): string {
  return `Answer with JSON alone that fits this JSON Schema: ${JSON.stringify(schema)}`;
}

/** The messages with the words at the end of what the user says last. */
function asking(messages: readonly Message[], words: string): readonly Message[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  if (last === -1) return [...messages, { role: "user", content: words }];
  return messages.map((message, index) =>
    index === last ? { ...message, content: `${message.content}\n\n${words}` } : message,
  );
}

/** What stands in a fence that is all of the text. */
function unfenced(text: string): string {
  return /^\s*```(?:json)?[ \t]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}
