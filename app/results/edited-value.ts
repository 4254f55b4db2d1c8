import type { Value } from "#server/notebook/value.ts";
import { exactJson } from "../values/exact-json";
import { exactNumber } from "../values/exact-number";

/** What a person wrote in the place of a value, of the value's type; null where it is none of it. */
export function editedValue(before: Value | null, text: string): Value | null {
  switch (before?.type) {
    case "number": {
      const number = exactNumber(text);
      return number === null ? null : { type: "number", value: number };
    }
    case "boolean":
      return /^\s*(true|false)\s*$/.test(text) ? { type: "boolean", value: text.trim() === "true" } : null;
    case "json": {
      const value = exactJson(text);
      return typeof value === "object" && value !== null ? { type: "json", value } : null;
    }
    case "null":
    case "string":
    case undefined:
      return { type: "string", value: text };
    case "table":
    case "messages":
    case "file":
    case "image":
    case "chart":
    case "score":
    case "test":
    case "error":
      return null;
  }
}
