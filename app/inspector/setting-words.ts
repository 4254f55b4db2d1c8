import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";

/** A setting in a few words, for a chip in a cell's head. */
export interface SettingWords {
  readonly key: string;
  readonly words: string;
}

/** Settings that say how a cell looks, or that its text shows better. */
const notShown = new Set(["title", "hidden", "output", "expected", "with", "help"]);

/** The settings of a cell as chips, each axis of its own. */
export function settingWords(configuration: { readonly [key: string]: Datum }): readonly SettingWords[] {
  return Object.entries(configuration).flatMap(([key, value]) => {
    if (notShown.has(key) || value === null) return [];
    if (key === "vary" && isMapping(value))
      return Object.entries(value).map(([axis, labels]) => ({ key, words: `${axis} ${listWords(labels)}` }));
    return [{ key, words: wordsOf(key, value) }];
  });
}

function wordsOf(key: string, value: Datum): string {
  switch (key) {
    case "schema":
      return schemaWords(value);
    case "models":
      return `models ${listWords(value)}`;
    case "repeat":
      return `${short(value)} repeats`;
    case "max_tokens":
      return `at most ${short(value)} tokens`;
    case "completion":
      return value === true ? "continues text" : "answers";
    default:
      if (value === true) return key.replaceAll("_", " ");
      if (value === false) return `no ${key.replaceAll("_", " ")}`;
      return `${key.replaceAll("_", " ")} ${Array.isArray(value) ? listWords(value) : short(value)}`;
  }
}

/** What an answer must be: `one of 8`, `3 fields`, `number`. */
export function schemaWords(schema: Datum): string {
  if (typeof schema === "string") return schema;
  if (Array.isArray(schema)) return `one of ${schema.length}`;
  if (!isMapping(schema)) return "schema";
  const { enum: labels, properties, type } = schema;
  if (Array.isArray(labels)) return `one of ${labels.length}`;
  const fields = isMapping(properties) ? properties : typeof type === "string" ? null : schema;
  if (fields === null) return String(type);
  const count = Object.keys(fields).length;
  return count === 1 ? "1 field" : `${count} fields`;
}

function listWords(value: Datum): string {
  if (!Array.isArray(value)) return short(value);
  const items = (value as readonly Datum[]).map(short);
  return items.length > 4 ? `${items.slice(0, 3).join(", ")} and ${items.length - 3} more` : items.join(", ");
}

function short(value: Datum): string {
  const text =
    typeof value === "string"
      ? /^[\s]*$|\n/.test(value)
        ? JSON.stringify(value)
        : value
      : isMapping(value) && typeof value["model"] === "string"
        ? value["model"]
        : JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
