import { toAnswerSchema } from "./answer-schema.ts";
import { schemaInPrompt } from "./capabilities/schema-in-prompt.ts";
import type { ChatRequest } from "./model.ts";

/**
 * A request whose schema admits any object, as OpenAI's protocols have it: no schema, but the format of some JSON object, which OpenAI gives
 * only to messages that speak of JSON; others are told so. Every other request stays as it is.
 */
export function anyObject(request: ChatRequest): ChatRequest {
  const { schema, ...rest } = request;
  if (toAnswerSchema(schema)?.anyObject !== true) return request;
  const asked: ChatRequest = { ...rest, jsonObject: true };
  if (request.messages.some(({ content }) => /json/i.test(content))) return asked;
  return schemaInPrompt(request, { jsonSchema: false, jsonObject: true })?.request ?? asked;
}
