import type { ContractInput } from "#server/publish/contract.ts";
import type { Datum } from "#server/notebook/value.ts";

/** How an input is asked for in a form. */
export type InputControl = "text" | "number" | "checkbox" | "choice" | "json";

export function controlOf({ schema }: ContractInput): InputControl {
  if (Array.isArray(schema["enum"])) return "choice";
  switch (schema["type"]) {
    case "string":
      return "text";
    case "number":
      return "number";
    case "boolean":
      return "checkbox";
    default:
      return "json";
  }
}

/** What a form shows of an input nobody has touched. */
export function initialText(input: ContractInput): string {
  const value = input.schema["default"];
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** The value a form's text means; `missing` where it says nothing, so that the default is taken. Throws where it is no JSON. */
export function inputOf(input: ContractInput, text: string): { readonly value: Datum } | "missing" {
  const control = controlOf(input);
  if (text === "" && (control !== "text" || !input.required)) return "missing";
  switch (control) {
    case "text":
    case "choice":
      return { value: text };
    case "number":
      return { value: Number(text) };
    case "checkbox":
      return { value: text === "true" };
    case "json":
      try {
        return { value: JSON.parse(text) as Datum };
      } catch (thrown) {
        throw new Error(`${input.name} is no JSON: ${(thrown as Error).message}`, { cause: thrown });
      }
  }
}
