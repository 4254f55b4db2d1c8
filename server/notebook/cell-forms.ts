import type { BodyLanguage } from "./cell-kind.ts";
import type { Datum } from "./value.ts";

/** What the document has to know of a kind to read its cells: how the body is written, and which fields name cells. */
export interface CellForm {
  /** The language of the body; where it hangs on the configuration, a function of its values. `none` is all configuration, `cells` a container. */
  readonly body: BodyLanguage | ((values: { readonly [key: string]: Datum }) => BodyLanguage);
  /** Fields whose value is the name of a cell, or a list of such, without `=`. */
  readonly names: readonly string[];
}

/** The kinds there are, by their word, in the order of the insert menu. */
export type CellForms = ReadonlyMap<string, CellForm>;

/** Words kept for later: cells of these kinds are unknown ones today. */
export const reservedKinds: readonly string[] = [
  "python",
  "http",
  "tool",
  "agent",
  "loop",
  "human",
  "set",
  "files",
  "knowledge",
  "notebook",
  "note",
];

/** The kinds of `sheaf: 1`. The program reads notebooks with the forms of its own list of kinds, which has these and may have more. */
export const firstForms: CellForms = new Map<string, CellForm>([
  ["prompt", { body: (values) => (values["completion"] === true ? "template" : "messages"), names: [] }],
  ["sheet", { body: "cells", names: ["rows", "columns"] }],
  ["data", { body: "data", names: [] }],
  ["sql", { body: "sql", names: [] }],
  ["formula", { body: "expression-sql", names: [] }],
  ["template", { body: "template", names: [] }],
  ["js", { body: "javascript", names: [] }],
  ["retrieve", { body: "none", names: ["from"] }],
  ["score", { body: scoreBody, names: [] }],
  ["label", { body: "none", names: [] }],
  ["test", { body: "expressions", names: [] }],
  ["chart", { body: "none", names: ["data"] }],
]);

/** A score is code with `language: js`, also where an expression says which, a judge's prompt with `judge:`, and a list of checks otherwise. */
export function scoreBody(values: { readonly [key: string]: Datum }): BodyLanguage {
  const { language } = values;
  if (language === "js" || language === "ts" || (typeof language === "string" && language.startsWith("=")))
    return "javascript";
  return values["judge"] === undefined ? "checks" : "messages";
}

/** True for a kind whose whole text is configuration, without the `---` lines. */
export function isAllConfiguration(form: CellForm | null | undefined): boolean {
  return form?.body === "none";
}

/** True for a kind whose body is Markdown with cells. */
export function isContainer(form: CellForm | null | undefined): boolean {
  return form?.body === "cells";
}
