import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { Datum } from "#server/notebook/value.ts";

const longest = 120;

/** A datum as the text it is in a prompt: a string as it stands, anything else as JSON, nothing as the empty text. */
export function toText(datum: Datum): string {
  if (typeof datum === "string") return datum;
  return datum === null ? "" : canonicalJson(datum);
}

/** A datum as it stands in a reason: quoted, and cut where it is long. */
export function quote(datum: Datum): string {
  const text = canonicalJson(datum);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Several of them: `"a", "b" and 3 more`. */
export function quoteList(data: readonly Datum[]): string {
  const shown = data.slice(0, 3).map(quote).join(", ");
  return data.length <= 3 ? shown : `${shown} and ${data.length - 3} more`;
}

/** Whether nothing is there to compare with. */
export function isMissing(datum: Datum | undefined): datum is null | undefined {
  return datum === null || datum === undefined;
}
