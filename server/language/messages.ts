import type { Message } from "#server/notebook/value.ts";
import { Fault } from "./language-error.ts";
import { isHost, kindOf, type Result } from "./language-value.ts";
import { attribute, elements } from "./lists.ts";
import type { Meter } from "./meter.ts";
import type { Fragment, Mark } from "./runtime.ts";
import type { Role } from "./syntax.ts";
import { textOf } from "./value-text.ts";

const roles: ReadonlySet<unknown> = new Set<Role>(["system", "user", "assistant"]);

/** The messages a `messages: =…` stands for: a list of `{ role, content }`, their texts as they are. */
export function spliced(value: Result, meter: Meter): readonly Message[] {
  if (typeof value === "string" || (isHost(value) && value.iterate === undefined)) throw notMessages(kindOf(value));
  return elements(value, meter).map((item) => {
    const role = attribute(item, "role");
    const content = attribute(item, "content");
    if (!roles.has(role) || content === undefined) throw notMessages(`a list with ${kindOf(item)}`);
    return { role: role as Role, content: textOf(content, meter) };
  });
}

function notMessages(found: string): Fault {
  return new Fault(
    "language.type",
    `\`messages:\` needs a list of messages and got ${found}`,
    'A message is `{"role": "user", "content": "…"}`; roles are system, user and assistant.',
  );
}

/**
 * Cuts a rendered text at its marks into messages. Each one's text is without white space at its ends. Text before the
 * first role, or after spliced messages, is a user's message unless it is blank; without any mark all of it is.
 */
export function messagesOf({ text, marks }: Pick<Fragment, "text" | "marks">): readonly Message[] {
  if (marks.length === 0) return [{ role: "user", content: text.trim() }];
  const messages: Message[] = [];
  const add = (role: Role | null, from: number, to: number) => {
    const content = text.slice(from, to).trim();
    if (role !== null || content !== "") messages.push({ role: role ?? "user", content });
  };
  let role: Role | null = null;
  let start = 0;
  for (const mark of marks) {
    add(role, start, mark.offset);
    start = mark.offset;
    role = openedBy(mark);
    if (mark.kind === "messages") messages.push(...mark.messages);
  }
  add(role, start, text.length);
  return messages;
}

function openedBy(mark: Mark): Role | null {
  return mark.kind === "role" ? mark.role : null;
}
