import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { exactJson } from "../values/exact-json";
import { exactNumber } from "../values/exact-number";
import type { CellColumn } from "./columns";

/** What decides how a text is read that is entered in a column. */
export interface EntryColumn extends Pick<CellColumn, "cell" | "kind" | "entry" | "field"> {
  /** The number from which a score passes; null where its cell says none. */
  readonly threshold: number | null;
}

/** What a text means where it is entered, or why it cannot be. */
export type Entered =
  /** A word of a person on a result, as `NoteWord`. */
  | { readonly type: "note"; readonly note: EnteredNote }
  | { readonly type: "refused"; readonly message: string; readonly cure: string };

export type EnteredNote =
  | { readonly type: "label"; readonly value: Datum }
  | { readonly type: "edited"; readonly value: Value }
  | { readonly type: "restored" };

/** What a text entered in a column of results is: a label by the column's type, or a value that takes the place of the computed one and is of its type. */
export function enterValue(column: EntryColumn, before: Value | null, text: string): Entered {
  if (column.kind === "label") return labelled(column, text);
  const type = column.kind === "score" ? "score" : (before?.type ?? null);
  const value =
    column.field !== null
      ? editedField(before, column.field, text)
      : type === "score"
        ? scoredAs(text, column.threshold)
        : editedAs(before, text);
  if (value !== null) return { type: "note", note: { type: "edited", value } };
  const cure = cures[type ?? "string"] ?? "A value of this type cannot be typed: run the cell again, or lock it.";
  return {
    type: "refused",
    message: `${JSON.stringify(text)} is no ${type ?? "value"} for ${column.cell}`,
    cure: rounded(text) ?? cure,
  };
}

/** Takes away what a person put there. */
export function clearedValue({ kind }: Pick<CellColumn, "kind">): EnteredNote {
  return kind === "label" ? { type: "label", value: null } : { type: "restored" };
}

const cures: { readonly [Type in Value["type"]]?: string } = {
  number: "Enter a number.",
  boolean: "Enter yes or no.",
  json: "Enter JSON.",
  score: "Enter a number from 0 to 1, or yes or no.",
};

function labelled({ cell, entry }: Pick<CellColumn, "cell" | "entry">, text: string): Entered {
  const trimmed = text.trim();
  if (trimmed === "") return { type: "note", note: { type: "label", value: null } };
  const value = labelOf(entry, text);
  if (value !== undefined) return { type: "note", note: { type: "label", value } };
  const what = Array.isArray(entry) ? `one of ${entry.join(", ")}` : entry === "json" ? "JSON" : `a ${String(entry)}`;
  return {
    type: "refused",
    message: `${JSON.stringify(trimmed)} is no value of the label ${cell}`,
    cure: rounded(trimmed) ?? `Enter ${what}.`,
  };
}

/** What to do about a text that is refused for a whole number in it; null where it has none such. */
function rounded(text: string): string | null {
  const isLong = (text.match(/\d{16,}/g) ?? []).some((digits) => exactNumber(digits) === null);
  return isLong ? `Whole numbers are exact up to ${Number.MAX_SAFE_INTEGER}: keep a longer one as text.` : null;
}

/** Undefined where a text is none of it. */
function labelOf(entry: Datum, text: string): Datum | undefined {
  const trimmed = text.trim();
  if (Array.isArray(entry))
    return entry.find((option: Datum) => String(option).toLowerCase() === trimmed.toLowerCase()) as Datum | undefined;
  switch (entry) {
    case "number":
      return exactNumber(trimmed) ?? undefined;
    case "boolean":
      return truthOf(trimmed) ?? undefined;
    case "json":
      return exactJson(trimmed);
    default:
      return text;
  }
}

function editedAs(before: Value | null, text: string): Value | null {
  switch (before?.type) {
    case "number": {
      const value = exactNumber(text);
      return value === null ? null : { type: "number", value };
    }
    case "boolean": {
      const value = truthOf(text.trim());
      return value === null ? null : { type: "boolean", value };
    }
    case "json": {
      const value = exactJson(text);
      return value === undefined ? null : { type: "json", value };
    }
    case undefined:
    case "null":
    case "string":
      return { type: "string", value: text };
    case "score":
    case "table":
    case "messages":
    case "file":
    case "image":
    case "chart":
    case "test":
    case "error":
      return null;
  }
}

function scoredAs(text: string, threshold: number | null): Value | null {
  const truth = truthOf(text.trim());
  const score = truth === null ? exactNumber(text) : Number(truth);
  if (score === null || score < 0 || score > 1) return null;
  return { type: "score", value: { score, pass: truth ?? score >= (threshold ?? 1), reason: "entered by hand" } };
}

/** The whole object with one field of it another. */
function editedField(before: Value | null, field: string, text: string): Value | null {
  if (before?.type !== "json") return null;
  const { value } = before;
  if (!isMapping(value)) return null;
  const now = fieldAs(value[field] ?? null, text);
  return now === undefined ? null : { type: "json", value: { ...value, [field]: now } };
}

function fieldAs(before: Datum, text: string): Datum | undefined {
  if (typeof before === "number" || typeof before === "bigint") return exactNumber(text) ?? undefined;
  if (typeof before === "boolean") return truthOf(text.trim()) ?? undefined;
  return typeof before === "object" && before !== null ? exactJson(text) : text;
}

/** A truth as people and spreadsheets write it. */
function truthOf(text: string): boolean | null {
  if (/^(?:yes|true)$/i.test(text)) return true;
  return /^(?:no|false)$/i.test(text) ? false : null;
}
