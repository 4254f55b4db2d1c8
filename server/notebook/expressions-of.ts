import type { Configuration } from "./notebook.ts";
import type { Datum, Position } from "./value.ts";

/** An expression in a field: the text behind the `=`. */
export interface FieldExpression {
  /** The field's path, `with.message`. */
  readonly path: string;
  /** The value without its `=`. */
  readonly source: string;
  /** The place of the first character behind the `=`, in the file. */
  readonly position: Position;
}

/** Every value of a configuration that begins with `=`, in the order of the text. */
export function expressionsOf(configuration: Configuration): FieldExpression[] {
  const found: FieldExpression[] = [];
  const visit = (datum: Datum, path: string): void => {
    if (typeof datum === "string") {
      const position = configuration.positions[`expression:${path}`];
      if (datum.startsWith("=") && position !== undefined) found.push({ path, source: datum.slice(1), position });
    } else if (datum !== null && typeof datum === "object") {
      for (const [key, member] of Object.entries(datum)) visit(member, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(configuration.values, "");
  return found;
}

/** Whether a value is an expression, or has one in it. */
export function hasExpression(value: Datum): boolean {
  return someText(value, (text) => text.startsWith("="));
}

/** Whether a value means what it says: no text in it is an expression, or begins with `\=`. */
export function isPlain(value: Datum): boolean {
  return !someText(value, (text) => /^\\*=/.test(text));
}

function someText(value: Datum, is: (text: string) => boolean): boolean {
  if (typeof value === "string") return is(value);
  return (
    value !== null && typeof value === "object" && Object.values(value).some((part) => someText(part as Datum, is))
  );
}

/** A value with another text for each of its texts. */
export function withTexts(value: Datum, change: (text: string) => string): Datum {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((part: Datum) => withTexts(part, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTexts(part as Datum, change)]));
}

/**
 * The text a field means that is no expression: `\=` at its head stands for `=`, so that any text can be written.
 * Of several backslashes before a `=` the first goes, so `\\=` means `\=`.
 */
export function literalText(value: string): string {
  return /^\\+=/.test(value) ? value.slice(1) : value;
}

/** A text as a field must have it to mean that text: the inverse of `literalText`. */
export function literalField(text: string): string {
  return /^\\*=/.test(text) ? `\\${text}` : text;
}
