import type { Role } from "./syntax.ts";

/** A part of a template's own text: plain text, or a whole line that means something to messages. */
export type TextPart =
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | { readonly kind: "role"; readonly role: Role; readonly start: number; readonly end: number }
  /** `expressionStart` and `expressionEnd` enclose what follows the `=`. */
  | {
      readonly kind: "splice";
      readonly start: number;
      readonly end: number;
      readonly expressionStart: number;
      readonly expressionEnd: number;
    }
  | { readonly kind: "escaped"; readonly start: number; readonly end: number };

const roleLine = /^(system|user|assistant):[ \t]*$/;
const spliceLine = /^messages:[ \t]*=(.*)$/;
const escapedLine = /^\\+(?:(?:system|user|assistant):[ \t]*|messages:[ \t]*=.*)$/;

/**
 * Splits the text `source.slice(start, end)`, which stands between two tags, at the lines that are markers. A marker
 * fills its line of the source from the first column, with no tag on it.
 */
export function splitRoleLines(source: string, start: number, end: number): readonly TextPart[] {
  const parts: TextPart[] = [];
  let plain = start;
  let position = start;
  while (position < end) {
    const lineEnd = lineEndAt(source, position, end);
    const next = source.startsWith("\r\n", lineEnd) ? lineEnd + 2 : Math.min(lineEnd + 1, end);
    const whole = isLineStart(source, position) && (lineEnd < end || end === source.length);
    const marker = whole ? markerAt(source, position, lineEnd, Math.min(next, end)) : null;
    if (marker !== null) {
      if (plain < position) parts.push({ kind: "text", start: plain, end: position });
      parts.push(marker);
      plain = marker.end;
    }
    position = Math.max(next, position + 1);
  }
  if (plain < end) parts.push({ kind: "text", start: plain, end });
  return parts;
}

function markerAt(source: string, start: number, lineEnd: number, end: number): TextPart | null {
  const first = source.charAt(start);
  if (!"suam\\".includes(first)) return null;
  const line = source.slice(start, lineEnd);
  const role = roleLine.exec(line)?.[1];
  if (role !== undefined) return { kind: "role", role: role as Role, start, end };
  const splice = spliceLine.exec(line);
  if (splice !== null)
    return { kind: "splice", start, end, expressionStart: lineEnd - splice[1]!.length, expressionEnd: lineEnd };
  return escapedLine.test(line) ? { kind: "escaped", start, end } : null;
}

function lineEndAt(source: string, position: number, end: number): number {
  let index = position;
  while (index < end && source[index] !== "\n" && source[index] !== "\r") index += 1;
  return index;
}

function isLineStart(source: string, position: number): boolean {
  return position === 0 || source[position - 1] === "\n" || source[position - 1] === "\r";
}
