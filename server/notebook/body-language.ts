import type { BodyLanguage } from "./cell-kind.ts";
import type { Cell } from "./notebook.ts";

const languages: { readonly [kind: string]: BodyLanguage } = {
  data: "data",
  sql: "sql",
  formula: "expression-sql",
  template: "template",
  js: "javascript",
  prompt: "messages",
  retrieve: "none",
  sheet: "cells",
  label: "none",
  test: "expressions",
  chart: "none",
};

/**
 * The language of a cell's body, by its kind. A score's is decided by its configuration: code with `language: js`, a judge's
 * prompt with `judge:`, and a list of checks otherwise. A prompt with `completion: true` is one text and no messages.
 */
export function bodyLanguage(cell: Pick<Cell, "kind" | "configuration">): BodyLanguage {
  const { values } = cell.configuration;
  if (cell.kind === "score") {
    if (values["language"] === "js" || values["language"] === "ts") return "javascript";
    return values["judge"] === undefined ? "checks" : "messages";
  }
  if (cell.kind === "prompt" && values["completion"] === true) return "template";
  return languages[cell.kind] ?? "none";
}
