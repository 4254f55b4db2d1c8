import type { Datum, Value } from "./value.ts";

/** The datum an input was given as; undefined where its value does not say it any more, as of a table. */
export function givenDatum(value: Value): Datum | undefined {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
    case "json":
      return value.value;
    case "messages":
    case "file":
    case "image":
      return value.value as unknown as Datum;
    case "table":
    case "chart":
    case "score":
    case "test":
    case "error":
      return undefined;
  }
}
