import { Document, isScalar, parse, stringify, visit } from "yaml";
import type { Field } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";

/** What a field of a form shows of a setting. */
export function fieldText(control: Field["control"], value: Datum | undefined): string {
  if (value === undefined || value === null) return "";
  // An expression stands in any field as it is.
  if (typeof value === "string" && (value.startsWith("=") || control !== "list")) return value;
  switch (control) {
    case "list":
    case "cells":
      return (Array.isArray(value) ? (value as readonly Datum[]) : [value]).map(itemText).join("\n");
    case "mapping":
    case "schema":
      return yamlText(value);
    case "text":
    case "number":
    case "toggle":
    case "choice":
    case "cell":
    case "expression":
    case "file":
      return typeof value === "object" ? yamlText(value) : String(value);
    case "model":
      // Settings beside a model stand in the one line there is.
      return itemText(value);
  }
}

/** What was typed into a field, as a setting: undefined takes it away. Throws an `Error` with what is wrong. */
export function fieldValue(control: Field["control"], text: string): Datum | undefined {
  if (text.trim() === "") return undefined;
  if (text.startsWith("=")) return text.trim();
  switch (control) {
    case "list":
    case "cells":
      return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map(itemValue);
    case "mapping":
    case "schema":
      return parseYaml(text);
    case "number": {
      const number = Number(text.trim());
      if (!Number.isFinite(number)) throw new Error("write a number, or an expression that begins with `=`");
      return number;
    }
    case "toggle":
      return text.trim() === "true";
    case "cell":
      // A sheet's rows may be a list that is written out.
      return /^\s*(?:\[|- )/.test(text) ? parseYaml(text) : text.trim();
    case "text":
    case "choice":
    case "expression":
    case "file":
      return text.trim();
    case "model":
      return text.trim().startsWith("{") ? parseYaml(text) : text.trim();
  }
}

/** A configuration as YAML: lists of plain values in a line, as people write them. */
export function yamlText(value: Datum): string {
  const document = new Document(value);
  visit(document, {
    Seq(_key, list) {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

/** What YAML says. Throws an `Error` in words. */
export function parseYaml(text: string): Datum {
  try {
    return parse(text, { intAsBigInt: false }) as Datum;
  } catch (thrown) {
    throw new Error((thrown as Error).message.split("\n")[0]!.replace(/:$/, ""), { cause: thrown });
  }
}

/** One item of a list in a line; white space that would be lost is written as JSON has it. */
function itemText(item: Datum): string {
  if (typeof item !== "string") return stringify(item, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return item !== item.trim() || /[\n\t\r"]/.test(item) || typeof safeParse(item) !== "string"
    ? JSON.stringify(item)
    : item;
}

function itemValue(line: string): Datum {
  const value = safeParse(line.trim());
  return value === undefined ? line.trim() : value;
}

function safeParse(text: string): Datum | undefined {
  try {
    return parse(text) as Datum;
  } catch {
    return undefined;
  }
}
