import type { CellForms } from "#server/notebook/cell-forms.ts";
import type { CellKind } from "#server/notebook/cell-kind.ts";
import { chart } from "./chart.ts";
import { data } from "./data.ts";
import { formula } from "./formula.ts";
import { js } from "./js.ts";
import { label } from "./label.ts";
import { prompt } from "./prompt.ts";
import { retrieve } from "./retrieve.ts";
import { score } from "./score.ts";
import { sheet } from "./sheet.ts";
import { sql } from "./sql.ts";
import { template } from "./template.ts";
import { test } from "./test.ts";

/** Every kind of cell, in the order of the insert menu. */
const list = [
  prompt,
  sheet,
  data,
  sql,
  formula,
  template,
  js,
  retrieve,
  score,
  label,
  test,
  chart,
] as unknown as readonly CellKind[];

/** The kinds by their word. */
export const cellKinds: ReadonlyMap<string, CellKind> = new Map(list.map((kind) => [kind.kind, kind]));

/** How cells of each kind are written: what the document has to know to read, edit and rename them. */
export const cellForms: CellForms = new Map(
  list.map(({ kind, body, fields }) => [
    kind,
    { body, names: fields.filter(({ control }) => control === "cell" || control === "cells").map(({ key }) => key) },
  ]),
);
