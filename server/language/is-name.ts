import { keywords } from "./expression-parser.ts";

/** Whether a text can be written as a name: `row.text`, and not `row["a b"]`. */
export function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u.test(text) && !keywords.has(text);
}
