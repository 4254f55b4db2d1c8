import type { BodyLanguage } from "./cell-kind.ts";
import type { Cell } from "./notebook.ts";

/** The language of a cell's body, as its kind and its configuration say; `none` for a kind nobody knows. */
export function bodyLanguage({ form, configuration }: Pick<Cell, "form" | "configuration">): BodyLanguage {
  if (form === null) return "none";
  return typeof form.body === "function" ? form.body(configuration.values) : form.body;
}
