import { exactJson } from "./exact-json.ts";

/** A way a text is shown: Markdown set as such, the characters it has, or JSON as a tree. */
export type TextForm = "rendered" | "raw" | "json";

/** The ways that make sense for a text, the best first. */
export function textForms(text: string): readonly TextForm[] {
  if (parsedJson(text) !== undefined) return ["json", "raw"];
  return looksLikeMarkdown(text) ? ["rendered", "raw"] : ["raw"];
}

/** The object or list a text is as JSON, also in a fence of its own; undefined where it is none, and where a number in it would be rounded. */
export function parsedJson(text: string): object | undefined {
  const inner = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
  if (!/^\s*[[{]/.test(inner)) return undefined;
  const value = exactJson(inner);
  return typeof value === "object" && value !== null ? value : undefined;
}

const marks = [
  /^#{1,6} \S/m,
  /^\s*(?:[-*+]|\d+[.)]) \S.*\n\s*(?:[-*+]|\d+[.)]) \S/m,
  /^(?:```|~~~)/m,
  /\*\*[^*\n]+\*\*/,
  /^\|.*\|\s*\n\|[\s:|-]+\|/m,
  /\[[^\]\n]+\]\([^)\s]+\)/,
  /^> \S/m,
];

/** Whether a text has marks that Markdown would set otherwise than they stand: not every star is one. */
export function looksLikeMarkdown(text: string): boolean {
  return marks.some((mark) => mark.test(text));
}
