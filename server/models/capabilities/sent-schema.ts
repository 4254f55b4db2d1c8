import { hash } from "node:crypto";
import type { Capabilities, ChatModel, ChatRequest } from "../model.ts";
import { inWordsOf, schemaInPrompt } from "./schema-in-prompt.ts";

/** A request as far as its length goes, pictures aside. */
export type Asked = Pick<ChatRequest, "messages" | "completion" | "schema">;

/** Texts to be counted, once for a key. */
export interface Countable {
  readonly key: string;
  readonly call: Pick<ChatRequest, "messages" | "completion">;
}

/** What is sent of a call for certain: its texts, with its schema where a model gets it in words. Another key where that is so: what is known of a model may change. */
export function certainOf(
  { key, call }: { readonly key: string; readonly call: Asked },
  capabilities: Capabilities = {},
): Countable {
  const asked = schemaInPrompt({ parameters: {}, ...call }, capabilities);
  return asked === null ? { key, call } : { key: `${key} ${asked.request.jsonObject === true}`, call: asked.request };
}

/** The same of a call that is not counted. */
export function sentTexts(call: Asked, capabilities?: Capabilities): Countable["call"] {
  return certainOf({ key: "", call }, capabilities).call;
}

/**
 * The schema that goes beside the texts of a request, in words: providers make tokens of it in ways of their own, from none to about as many
 * as these have. Null where there is none, and for a model on this machine, which does not read it: it is held to it word by word.
 */
export function schemaBeside(
  { schema, completion }: Asked,
  { name, identity, capabilities = {} }: Pick<ChatModel, "name" | "identity" | "capabilities">,
): Countable | null {
  if (completion !== undefined || capabilities.jsonSchema === false || identity["provider"] === "local") return null;
  const words = inWordsOf(schema);
  return words === "" ? null : { key: `${name} ${hash("sha256", words)}`, call: { messages: [], completion: words } };
}
