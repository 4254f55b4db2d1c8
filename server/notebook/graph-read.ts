import { coordinatesText } from "./address.ts";
import { callsTable } from "./calls-table.ts";
import type { CellKind } from "./cell-kind.ts";
import type { Read, ReadTarget, Sheet } from "./graph-node.ts";
import { foldName } from "./names.ts";
import type { Cell } from "./notebook.ts";
import type { Reference } from "./reference.ts";

/** Everything a node must wait for: what it reads, and for a sheet's column also what the sheet's rows and bindings read. */
export function dependenciesOf(
  draft: { readonly id: string; readonly sheet: string | null; readonly reads: readonly Read[] },
  sheets: ReadonlyMap<string, Sheet>,
): readonly string[] {
  const ids = draft.reads.flatMap((read) => ("node" in read ? [read.node] : []));
  const own = sheets.get(draft.id);
  const scope = draft.sheet === null ? undefined : sheets.get(draft.sheet);
  for (const sheet of [own, scope]) {
    if (sheet === undefined) continue;
    if (sheet.rows !== null && "node" in sheet.rows) ids.push(sheet.rows.node);
    for (const binding of sheet.bindings) {
      if (binding.type === "expression")
        ids.push(...binding.reads.flatMap((read) => ("node" in read ? [read.node] : [])));
    }
  }
  if (own !== undefined) ids.push(...own.columns);
  return ids;
}

/** A read with the name under which an item's inputs have it: `topic`, `triage.correct`, `topic{model=big}`, in a formula `$topic`. */
export function toRead(target: ReadTarget, reference: Reference): Read {
  const member =
    target.type === "meta" && reference.path.length > 0
      ? `.${reference.path.join(".")}`
      : target.type === "results" && target.node.startsWith(`${reference.name}.`)
        ? `.${reference.path[0]}`
        : "";
  const field = target.type === "results" && target.field !== null ? `.${target.field}` : "";
  const sign = reference.formula === "parameter" ? "$" : "";
  return {
    ...target,
    as: `${sign}${reference.name}${member}${field}${coordinatesText(reference.at ?? {})}`,
    reference,
  };
}

/** A name that is no cell or input may still be a column of the row in a formula, and in SQL a dataset file or the workspace's calls. */
export function bySql(reference: Reference, kind: CellKind | null, inSheet: boolean): ReadTarget | null {
  if (reference.field !== null) return null;
  if (kind?.body === "expression-sql" && inSheet) return { type: "row", column: reference.name };
  if (kind?.body === "sql" && /[./]/.test(reference.name)) return { type: "file", path: reference.name };
  if (kind?.body === "sql" && foldName(reference.name) === callsTable.name) return { type: "calls" };
  return null;
}

/** Fields that name a dataset file: its content is part of what the cell depends on. */
export function fileReads(kind: CellKind | null, cell: Cell): readonly Read[] {
  const { values, positions } = cell.configuration;
  return (kind?.fields ?? []).flatMap(({ key, control }): readonly Read[] => {
    const path = values[key];
    if (control !== "file" || typeof path !== "string" || path.startsWith("=")) return [];
    return [{ type: "file", path, as: path, reference: namedReference(path, key, positions[key] ?? cell.position) }];
  });
}

/** What a field reads that names something without being an expression. */
export function namedReference(name: string, field: string, position: Reference["position"]): Reference {
  return { name, path: [], at: null, tolerant: false, meta: false, position, field };
}
