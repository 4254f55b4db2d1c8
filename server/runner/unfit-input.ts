import type { Input } from "#server/notebook/notebook.ts";
import type { Datum } from "#server/notebook/value.ts";
import { isMessages } from "./is-messages.ts";

/** What an input of a plain type takes, in words, where that is not what is given; null where it is, or where the type is none of those. */
export function unfitInput({ type, options = [] }: Pick<Input, "type" | "options">, given: Datum): string | null {
  switch (type) {
    case "string":
      return typeof given === "string" ? null : "a text";
    case "number":
      return typeof given === "number" || typeof given === "bigint" ? null : "a number";
    case "boolean":
      return typeof given === "boolean" ? null : "true or false";
    case "choice":
      return typeof given === "string" && options.includes(given) ? null : `one of ${options.join(", ")}`;
    case "messages":
      return isMessages(given)
        ? null
        : "a list of messages, each with a `role` (system, user or assistant) and a text as `content`";
    case "table":
    case "json":
    case "file":
    case "image":
      return null;
  }
}

/** The same of what a row gives: in data there are empty fields, and each plain value has its one text. */
export function unfitBound(input: Pick<Input, "type" | "options">, given: Datum): string | null {
  const isText = input.type === "string" && typeof given !== "object";
  return given === null || isText ? null : unfitInput(input, given);
}

/** A value in words, cut where it is long. */
export function describeGiven(value: Datum): string {
  return value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `${typeof value} ${String(value).slice(0, 40)}`;
}
