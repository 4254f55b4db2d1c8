import type { Datum } from "./value.ts";

/** A text as one word of a POSIX shell. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Plain data as Python has it. */
export function pythonText(datum: Datum): string {
  if (datum === null) return "None";
  if (typeof datum === "boolean") return datum ? "True" : "False";
  if (typeof datum !== "object") return typeof datum === "string" ? JSON.stringify(datum) : String(datum);
  if (Array.isArray(datum)) return `[${datum.map((item: Datum) => pythonText(item)).join(", ")}]`;
  const members = Object.entries(datum as { readonly [key: string]: Datum });
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${pythonText(value)}`).join(", ")}}`;
}
