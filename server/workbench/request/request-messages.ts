import type { Message } from "#server/notebook/value.ts";
import type { JsonObject, PastedRequest } from "./pasted-request.ts";

/** The messages of a request, and in words what of them a prompt cannot have. */
export interface RequestMessages {
  readonly messages: readonly Message[];
  readonly left: readonly string[];
}

/** Reads the messages of any protocol: texts in parts are joined, and a developer's message is a system's. */
export function requestMessages({ protocol, body }: PastedRequest): RequestMessages {
  const left = new Set<string>();
  const messages: Message[] = [];
  const add = (role: unknown, content: unknown): void => {
    const known = role === "developer" ? "system" : role;
    if (known !== "system" && known !== "user" && known !== "assistant") {
      left.add(typeof role === "string" ? `messages of the role ${role}` : "entries that are no messages");
      return;
    }
    messages.push({ role: known, content: textOf(content, left) });
  };
  const head = protocol === "responses" ? body["instructions"] : protocol === "anthropic" ? body["system"] : undefined;
  if (head !== undefined && head !== null) add("system", head);
  const listed = body[protocol === "responses" ? "input" : "messages"];
  if (typeof listed === "string") add("user", listed);
  else if (Array.isArray(listed)) {
    for (const one of listed as readonly unknown[]) {
      const { role, content, tool_calls: calls } = asObject(one);
      if (calls !== undefined) left.add("calls of tools");
      add(role, content);
    }
  }
  return { messages, left: [...left] };
}

function textOf(content: unknown, left: Set<string>): string {
  if (typeof content === "string") return plain(content);
  if (!Array.isArray(content)) return "";
  const texts = (content as readonly unknown[]).flatMap((part) => {
    const { type, text } = asObject(part);
    if (typeof text === "string") return [plain(text)];
    left.add(
      typeof type === "string" && /image|audio|file|document/.test(type) ? "images and files" : "parts without text",
    );
    return [];
  });
  return texts.join("\n\n");
}

/** A notebook has one kind of line end. */
function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}
