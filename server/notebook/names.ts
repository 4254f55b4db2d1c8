import { reservedSqlWords } from "./sql-keywords.ts";

/** Words with a meaning of their own in bindings, expressions and code; with SQL's reserved words they can name neither cell nor input. */
const ownWords: ReadonlySet<string> = new Set(
  "row vary item index prior meta messages secrets loop set range namespace true false none if is __proto__".split(" "),
);

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const labelPattern = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;

/** True for what can be written as a name of a cell or an input; it may still be reserved. */
export function isName(text: string): boolean {
  return namePattern.test(text);
}

/** True for what can stand behind the point of a wording, `topic.short`. */
export function isWordingLabel(text: string): boolean {
  return labelPattern.test(text);
}

/** True for a word that can name neither cell nor input, whatever its case. */
export function isReservedName(name: string): boolean {
  const folded = foldName(name);
  return ownWords.has(folded) || reservedSqlWords.has(folded);
}

/** A name as it is compared: SQL folds case, so two names that differ only by it are one. */
export function foldName(name: string): string {
  return name.toLowerCase();
}

/** The nearest name to a text that is none: other characters as `_`. */
export function toName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, "_");
  return /^[0-9]/.test(name) || name === "" ? `_${name}` : name;
}

/** What is wrong with a text as a name, with its cure; null where nothing is. `of` says whose name it is: `a cell`. */
export function nameProblem(
  text: string,
  of: string,
): { readonly code: string; readonly message: string; readonly cure: string } | null {
  if (!isName(text))
    return {
      code: "notebook.name",
      message: `\`${text}\` cannot be the name of ${of}`,
      cure: `Use letters, digits and \`_\`, and no digit first: \`${toName(text)}\`.`,
    };
  if (isReservedName(text))
    return {
      code: "notebook.reserved-name",
      message: `\`${text}\` is a reserved word and cannot be the name of ${of}`,
      cure: `Choose another name, such as \`${text}_1\`.`,
    };
  return null;
}
