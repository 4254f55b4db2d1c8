import { cellsOf } from "#server/notebook/cells-of.ts";
import { foldName, isName, isReservedName, toName } from "#server/notebook/names.ts";
import type { Notebook } from "#server/notebook/notebook.ts";

/** Every name a new cell cannot have, as names are compared. */
export function takenNames(notebook: Pick<Notebook, "cells" | "front">): Set<string> {
  const inputs = notebook.front.inputs.map(({ name }) => name);
  return new Set([...cellsOf(notebook).map(({ cell }) => cell.name), ...inputs].map(foldName));
}

/** The wanted name where it is free, and otherwise the first free one with a number behind it. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = isName(wanted) ? wanted : toName(wanted);
  const free = (name: string): boolean => !isReservedName(name) && !taken.has(foldName(name));
  if (free(base)) return base;
  const stem = base.replace(/_\d+$/, "");
  for (let number = 2; ; number += 1) if (free(`${stem}_${number}`)) return `${stem}_${number}`;
}
