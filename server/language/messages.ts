import type { Message } from "#server/notebook/value.ts";
import { Fault, type Span } from "./language-error.ts";
import { isHost, kindOf, type Result } from "./language-value.ts";
import { attribute, elements } from "./lists.ts";
import type { Meter } from "./meter.ts";
import type { Fragment } from "./runtime.ts";
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
export function messagesOf(rendered: Pick<Fragment, "text" | "marks">): readonly Message[] {
  const messages: Message[] = [];
  cut(
    rendered,
    (role, content) => messages.push({ role, content }),
    (spliced) => messages.push(...spliced),
  );
  return messages;
}

/** A message, and where in its text values stand that the template printed. */
export interface MarkedMessage extends Message {
  readonly values: readonly Span[];
}

/** The same with the places of what was printed, which are given as spans of the text. */
export function markedMessagesOf(
  rendered: Pick<Fragment, "text" | "marks">,
  printed: readonly Span[],
): readonly MarkedMessage[] {
  const messages: MarkedMessage[] = [];
  cut(
    rendered,
    (role, content, start) => messages.push({ role, content, values: within(printed, start, content.length) }),
    (spliced) => messages.push(...spliced.map((one) => ({ ...one, values: [{ start: 0, end: one.content.length }] }))),
  );
  return messages;
}

/** The spans that reach into a part of a text, as places in the part. */
function within(spans: readonly Span[], from: number, length: number): readonly Span[] {
  return spans
    .map(({ start, end }) => ({ start: Math.max(0, start - from), end: Math.min(length, end - from) }))
    .filter(({ start, end }) => start < end);
}

function cut(
  { text, marks }: Pick<Fragment, "text" | "marks">,
  add: (role: Role, content: string, start: number) => void,
  splice: (messages: readonly Message[]) => void,
): void {
  const part = (role: Role | null, from: number, to: number): void => {
    const cutOff = text.slice(from, to);
    const content = cutOff.trim();
    if (role !== null || content !== "" || marks.length === 0)
      add(role ?? "user", content, from + cutOff.length - cutOff.trimStart().length);
  };
  let role: Role | null = null;
  let start = 0;
  for (const mark of marks) {
    part(role, start, mark.offset);
    start = mark.offset;
    role = mark.kind === "role" ? mark.role : null;
    if (mark.kind === "messages") splice(mark.messages);
  }
  part(role, start, text.length);
}
