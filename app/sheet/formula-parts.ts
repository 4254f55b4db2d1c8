import type { MarkedMessage } from "#server/language/messages.ts";

/** A stretch of what is sent: of the template's own, or put in from a value. */
export interface FormulaPart {
  readonly text: string;
  readonly marked: boolean;
}

/** Characters that are kept, from the end: there the row's own values stand, after examples. */
const most = 2_000;

/** Messages as one line, with the values that were put in apart; a text to be continued has no role before it. */
export function formulaParts(
  messages: readonly Pick<MarkedMessage, "role" | "content" | "values">[],
  completion: boolean,
): readonly FormulaPart[] {
  const parts = messages.flatMap(({ role, content, values }, index): FormulaPart[] => [
    { text: `${index === 0 ? "" : "\n"}${completion ? "" : `${role}: `}`, marked: false },
    ...pieces(content, values),
  ]);
  const line = parts.map(({ text, marked }) => ({ text: text.replaceAll(/[^\S\n]*\n\s*/g, " ⏎ "), marked }));
  return lastOf(line.filter(({ text }) => text !== ""));
}

function pieces(content: string, values: MarkedMessage["values"]): readonly FormulaPart[] {
  const parts: FormulaPart[] = [];
  let at = 0;
  for (const { start, end } of values) {
    if (end <= at) continue;
    parts.push({ text: content.slice(at, Math.max(at, start)), marked: false });
    parts.push({ text: content.slice(Math.max(at, start), end), marked: true });
    at = end;
  }
  return [...parts, { text: content.slice(at), marked: false }];
}

function lastOf(parts: readonly FormulaPart[]): readonly FormulaPart[] {
  const kept: FormulaPart[] = [];
  let left = most;
  for (const part of parts.toReversed()) {
    if (left <= 0) return [{ text: "… ", marked: false }, ...kept];
    kept.unshift({ ...part, text: part.text.slice(-left) });
    left -= part.text.length;
  }
  return left < 0 ? [{ text: "… ", marked: false }, ...kept] : kept;
}
