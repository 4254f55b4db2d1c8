import type { ChatRequest } from "../model.ts";
import type { Prompt } from "./methods.ts";

/** What of a request a model on this machine reads. */
export function promptOf({ messages, completion }: Pick<ChatRequest, "messages" | "completion">): Prompt {
  return completion === undefined ? { type: "messages", messages } : { type: "completion", text: completion };
}
