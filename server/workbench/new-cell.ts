import { cellKinds } from "#server/cells/index.ts";
import type { CellKind, NearCells } from "#server/notebook/cell-kind.ts";
import { cellsOf, type PlacedCell } from "#server/notebook/cells-of.ts";
import type { Place } from "#server/notebook/operation.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import type { Session } from "#server/runner/session.ts";
import { freeName, takenNames } from "./free-name.ts";

/** A local model that answers without a key, for notebooks that name none. */
const firstModel = "local/smollm2-135m-instruct";

/** A cell as it is put into a notebook. */
export interface NewCell {
  /** Its path once it stands there. */
  readonly path: string;
  readonly text: string;
}

/** A new cell of a kind with a free name, and in it what its kind begins with at this place. Throws `operation.kind`. */
export function newCell(kind: string, place: Place, session: Pick<Session, "state" | "shown">): NewCell {
  const { notebook } = session.state;
  const known = cellKinds.get(kind);
  if (known === undefined)
    throw new SheafError("operation.kind", `there is no kind of cell \`${kind}\``, {
      cure: `Kinds are ${[...cellKinds.keys()].join(", ")}.`,
    });
  const name = freeName(kind, takenNames(notebook));
  const sheet = containerOf(place, cellsOf(notebook));
  const source = known.starter?.(nearCells(place, session)) ?? "";
  const body = source === "" ? "" : `${source}\n`;
  return { path: sheet === null ? name : `${sheet}.${name}`, text: `\`\`\`${kind} ${name}\n${body}\`\`\`\n` };
}

function containerOf(place: Place, cells: readonly PlacedCell[]): string | null {
  if ("startOf" in place) return place.startOf;
  if ("endOf" in place) return place.endOf;
  const beside = "before" in place ? place.before : place.after;
  return cells.find(({ path }) => path === beside)?.container?.name ?? null;
}

function nearCells(place: Place, { state, shown }: Pick<Session, "state" | "shown">): NearCells {
  const { notebook } = state;
  const all = cellsOf(notebook);
  const sheet = containerOf(place, all);
  const near = above(place, all)
    .filter(({ container }) => container === null || container.name === sheet)
    .toReversed()
    .map(({ cell }) => ({ cell, value: shown(cell.name)?.value ?? null }));
  const isTable = ({ cell, value }: (typeof near)[number]): boolean =>
    value === null ? givesTable(cellKinds.get(cell.kind)) : value.type === "table";
  const models = [
    ...Object.keys(state.graph.front.models),
    ...near.flatMap(({ cell }) => modelOf(cell.configuration.values)),
  ];
  return {
    inputs: notebook.front.inputs.map(({ name }) => name),
    models: [models[0] ?? firstModel, ...models.slice(1)],
    tables: near.filter(isTable).map(({ cell, value }) => ({ name: cell.name, columns: columnsOf(value) })),
    values: near.filter((one) => !isTable(one) && isReadable(one.cell.kind)).map(({ cell }) => cell.name),
  };
}

/** The cells that stand above a place, in the order of the file; all of them where it is the end. */
function above(place: Place, all: readonly PlacedCell[]): readonly PlacedCell[] {
  if ("startOf" in place) return [];
  if ("endOf" in place) return all;
  const at = all.findIndex(({ path }) => path === ("before" in place ? place.before : place.after));
  return at < 0 ? all : all.slice(0, "before" in place ? at : at + 1);
}

function givesTable(kind: CellKind | undefined): boolean {
  return kind !== undefined && (["sql", "data", "cells"] as readonly unknown[]).includes(kind.body);
}

/** Pictures and verdicts are looked at, and seldom read by another cell. */
function isReadable(kind: string): boolean {
  return kind !== "chart" && kind !== "test";
}

function modelOf(values: { readonly [key: string]: unknown }): readonly string[] {
  return typeof values["model"] === "string" && !values["model"].startsWith("=") ? [values["model"]] : [];
}

function columnsOf(value: Value | null): readonly string[] {
  if (value?.type !== "table") return [];
  return value.value.columns.map(({ name }) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)));
}
