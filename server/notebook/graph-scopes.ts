import { coordinatesText } from "./address.ts";
import { repeatAxis } from "./axis.ts";
import type { CellKind } from "./cell-kind.ts";
import type { Binding, Read, ReadTarget, Sheet } from "./graph-node.ts";
import type { GraphSettings } from "./graph.ts";
import { nearestName } from "./nearest-name.ts";
import type { Cell, Diagnostic, Notebook } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import type { CellError, Datum } from "./value.ts";

/** A node before its axes are known. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly wordings: readonly Cell[];
  readonly kind: CellKind | null;
  readonly sheet: string | null;
  /** True for the node that makes one value of a cell's repeats; the repeats themselves are the node `NAME#each`. */
  readonly reduces: boolean;
  reads: Read[];
  blocked: CellError | null;
}

/** A sheet with its own cells and the inputs its rows give. */
interface SheetScope {
  readonly cell: Cell;
  readonly nested: ReadonlyMap<string, readonly Cell[]>;
  readonly bound: ReadonlyMap<string, Binding>;
  /** Outer cells that depend on what the rows give; null until somebody asks. */
  depends: Set<string> | null;
}

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
    if (sheet.rows !== null) ids.push(sheet.rows);
    for (const binding of sheet.bindings) {
      if (binding.type === "expression")
        ids.push(...binding.reads.flatMap((read) => ("node" in read ? [read.node] : [])));
    }
  }
  if (own !== undefined) ids.push(...own.columns);
  return ids;
}

/** Resolves every name of a notebook in its scope, and so finds the nodes there are. */
export function createScopes(
  notebook: Notebook,
  settings: GraphSettings,
  diagnostics: Diagnostic[],
): { readonly drafts: Map<string, Draft>; readonly sheets: Map<string, Sheet> } {
  const drafts = new Map<string, Draft>();
  const sheets = new Map<string, Sheet>();
  const inputs = new Set(notebook.front.inputs.map((input) => input.name));
  const outer = byName(notebook.cells);
  const scopes = new Map<string, SheetScope>();
  const nestedIn = new Map<string, string>();
  const unresolved: Draft[] = [];
  for (const cells of outer.values()) {
    for (const cell of cells) for (const child of cell.cells) nestedIn.set(child.name, cell.name);
  }

  const referencesOf = (cells: readonly Cell[]): readonly Reference[] =>
    cells.flatMap((cell) => settings.references(cell));

  function scopeOf(cell: Cell): SheetScope {
    let scope = scopes.get(cell.name);
    if (scope === undefined) {
      scope = { cell, nested: byName(cell.cells), bound: new Map(), depends: null };
      scopes.set(cell.name, scope);
      const bound = scope.bound as Map<string, Binding>;
      for (const [input, value] of Object.entries(mapping(cell.configuration.values["with"]))) {
        bound.set(input, { input, type: "constant", value });
        if (typeof value !== "string" || !value.startsWith("=")) continue;
        const source = value.slice(1).trim();
        const own = settings.references(cell).filter((reference) => reference.field === `with.${input}`);
        const column = plainColumn(source, own);
        if (column !== null) bound.set(input, { input, type: "column", column });
        else {
          const reads = own.flatMap((reference) => resolveOuter(reference, scope!));
          bound.set(input, { input, type: "expression", source, reads });
        }
      }
    }
    return scope;
  }

  /** For each name, the outer cells that read it. */
  const outerReaders = new Map<string, string[]>();
  for (const [name, cells] of outer) {
    for (const reference of referencesOf(cells)) {
      const readers = outerReaders.get(reference.name);
      if (readers === undefined) outerReaders.set(reference.name, [name]);
      else readers.push(name);
    }
  }

  /** Whether a cell outside the sheet comes out differently for each row: it reads an input that rows give, directly or not. */
  function dependsOnRow(name: string, scope: SheetScope): boolean {
    if (scope.depends === null) {
      scope.depends = new Set();
      const open = [...scope.bound.keys()];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const reader of outerReaders.get(next) ?? []) {
          if (reader === scope.cell.name || scope.depends.has(reader)) continue;
          scope.depends.add(reader);
          open.push(reader);
        }
      }
    }
    return scope.depends.has(name);
  }

  /** What a name in a sheet's own fields means: rows and shared cells, never a row's results. */
  function resolveOuter(reference: Reference, scope: SheetScope): Read[] {
    const target = resolve(reference, null, scope);
    return target === null ? [] : [toRead(target, reference)];
  }

  function resolve(
    reference: Reference,
    sheet: SheetScope | null,
    fieldsOf: SheetScope | null = null,
  ): ReadTarget | null {
    const { name, path } = reference;
    if (name === "row" && (sheet !== null || fieldsOf !== null)) return { type: "row", column: path[0] ?? "" };
    if (name === "vary") return { type: "vary", axis: path[0] ?? "" };
    const asNode = (id: string): ReadTarget =>
      reference.field === "after" || reference.field?.startsWith("after.")
        ? { type: "after", node: id }
        : reference.meta
          ? { type: "meta", node: id }
          : reference.aggregated === true
            ? { type: "results", node: id, field: path[0] ?? null }
            : { type: "node", node: id };
    if (sheet !== null) {
      const nested = sheet.nested.get(name);
      if (nested !== undefined) return asNode(nodeOf(name, nested, sheet.cell.name));
      if (sheet.bound.has(name)) return { type: "bound", input: name };
      if (outer.has(name) && name !== sheet.cell.name && dependsOnRow(name, sheet))
        return asNode(nodeOf(name, outer.get(name)!, sheet.cell.name));
    }
    if (inputs.has(name)) return { type: "input", input: name };
    const cells = outer.get(name);
    if (cells === undefined) return null;
    const member = path[0];
    if (cells[0]!.cells.length > 0 || cells[0]!.kind === "sheet") {
      const target = member === undefined ? null : columnOf(cells[0]!, member);
      if (target !== null)
        return reference.meta
          ? { type: "meta", node: target }
          : { type: "results", node: target, field: path[1] ?? null };
    }
    return asNode(nodeOf(name, cells, null));
  }

  /** The node `sheet.member`, where the sheet has such a column. */
  function columnOf(sheet: Cell, member: string): string | null {
    const scope = scopeOf(sheet);
    const nested = scope.nested.get(member);
    if (nested !== undefined) return nodeOf(member, nested, sheet.name);
    const cells = outer.get(member);
    if (cells === undefined || cells[0] === sheet || !dependsOnRow(member, scope)) return null;
    return nodeOf(member, cells, sheet.name);
  }

  function nodeOf(name: string, wordings: readonly Cell[], sheet: string | null): string {
    const id = sheet === null ? name : `${sheet}.${name}`;
    if (drafts.has(id)) return id;
    const cell = wordings[0]!;
    const { repeat, reduce } = cell.configuration.values;
    if (typeof repeat === "number" && typeof reduce === "string") return reducedNode(id, name, wordings, sheet, repeat);
    return plainNode(id, name, wordings, sheet);
  }

  /** A cell whose repeats are made one value: readers get that one. */
  function reducedNode(
    id: string,
    name: string,
    wordings: readonly Cell[],
    sheet: string | null,
    repeat: number,
  ): string {
    const each = plainNode(`${id}#each`, `${name}#each`, wordings, sheet);
    const { position } = wordings[0]!;
    const reads = Array.from({ length: Math.min(Math.max(repeat, 1), 1000) }, (_, index): Read => {
      const label = String(index + 1);
      const reference = {
        name,
        path: [],
        at: { [repeatAxis]: label },
        tolerant: true,
        meta: false,
        position,
        field: "reduce",
      };
      return { type: "node", node: each, as: label, reference };
    });
    drafts.set(id, { id, name, wordings, kind: settings.reduce, sheet, reduces: true, reads, blocked: null });
    return id;
  }

  function plainNode(id: string, name: string, wordings: readonly Cell[], sheet: string | null): string {
    const cell = wordings[0]!;
    const kind = settings.kinds.get(cell.kind) ?? null;
    const reason = blockedBy(wordings, kind, sheet);
    const draft: Draft = {
      id,
      name,
      wordings,
      kind,
      sheet,
      reduces: false,
      reads: [],
      blocked: reason === null ? null : { ...reason, position: cell.position },
    };
    drafts.set(id, draft);
    // Of names that are taken twice the parser has told, at each of the cells.
    if (reason !== null && reason.code !== "graph.duplicate") report(draft, reason);
    // Resolved in a loop and not here: a chain of thousands would overflow the stack.
    if (kind?.body === "cells") openSheet(draft, cell);
    else unresolved.push(draft);
    return id;
  }

  function resolveReads(draft: Draft): void {
    draft.reads.push(...fileReads(draft));
    const scope = draft.sheet === null ? null : scopes.get(draft.sheet)!;
    const seen = new Set<string>();
    for (const reference of referencesOf(draft.wordings)) {
      // A field that the kind computes itself names the thing it is computed for.
      if (reference.name === "item" && draft.kind?.deferred?.some((field) => field === reference.field)) continue;
      const target = resolve(reference, scope) ?? bySql(reference, draft.kind, scope);
      if (target === null) {
        unknownName(draft, reference, scope);
        continue;
      }
      const read = toRead(target, reference);
      const key = JSON.stringify([read, reference.tolerant], (name, value) =>
        name === "reference" ? undefined : value,
      );
      if (!seen.has(key)) draft.reads.push(read);
      seen.add(key);
    }
  }

  /** A field that names a dataset file: its content is part of what the cell depends on. */
  function fileReads({ kind, wordings }: Draft): readonly Read[] {
    const { values, positions } = wordings[0]!.configuration;
    return (kind?.fields ?? []).flatMap(({ key, control }): readonly Read[] => {
      const path = values[key];
      if (control !== "file" || typeof path !== "string" || path.startsWith("=")) return [];
      const position = positions[key] ?? wordings[0]!.position;
      const reference = { name: path, path: [], at: null, tolerant: false, meta: false, position, field: key };
      return [{ type: "file", path, as: path, reference }];
    });
  }

  function openSheet(draft: Draft, cell: Cell): void {
    const scope = scopeOf(cell);
    const { rows, key, columns } = cell.configuration.values;
    const sheet = {
      id: draft.id,
      cell,
      rows: null as string | null,
      key: typeof key === "string" ? key : null,
      bindings: [...scope.bound.values()],
      nodes: [] as readonly string[],
      columns: [] as string[],
      reads: [] as readonly string[],
    };
    sheets.set(draft.id, sheet);
    const named = (name: string, field: string): Reference => {
      const place = cell.configuration.positions[field] ?? cell.position;
      return { name, path: [], at: null, tolerant: false, meta: false, position: place, field };
    };
    if (typeof rows === "string") {
      const reference = named(rows.replace(/^=/, "").trim(), "rows");
      if (outer.has(reference.name) && reference.name !== cell.name) {
        sheet.rows = nodeOf(reference.name, outer.get(reference.name)!, null);
        draft.reads.push({ type: "node", node: sheet.rows, as: reference.name, reference });
      } else unknownName(draft, reference, null);
    } else {
      report(draft, {
        code: "sheet.no-rows",
        message: `the sheet \`${cell.name}\` has no rows`,
        cure: "Name the cell whose table gives them: `rows: tickets`.",
      });
    }
    for (const input of scope.bound.keys()) {
      if (!inputs.has(input)) unknownName(draft, named(input, `with.${input}`), null, "input");
    }
    const shown = Array.isArray(columns)
      ? columns.filter((column): column is string => typeof column === "string")
      : notebook.front.outputs.filter((name) => outer.has(name) && dependsOnRow(name, scope));
    for (const [index, column] of shown.entries()) {
      const target = columnOf(cell, column);
      if (target !== null) sheet.columns.push(target);
      else if (outer.has(column)) {
        report(draft, {
          code: "sheet.same-in-every-row",
          message: `\`${column}\` does not depend on the rows of \`${cell.name}\`, so it is no column`,
          cure: `Bind an input it reads under \`with:\`, or take it out of \`columns\`.`,
          ...(cell.configuration.positions[`columns.${index}`] === undefined
            ? {}
            : { position: cell.configuration.positions[`columns.${index}`]! }),
        });
      } else unknownName(draft, named(column, `columns.${index}`), scope);
    }
    for (const [name, wordings] of scope.nested) sheet.columns.push(nodeOf(name, wordings, cell.name));
    sheet.columns = [...new Set(sheet.columns)];
  }

  function blockedBy(wordings: readonly Cell[], kind: CellKind | null, sheet: string | null): CellError | null {
    const cell = wordings[0]!;
    if (kind === null) {
      return {
        code: "notebook.unknown-kind",
        message: `no kind of cell \`${cell.kind}\` is known here`,
        cure: "The cell is kept as it is; open it with a release that knows the kind.",
      };
    }
    const doubled = wordings.length > 1 && wordings.some((wording) => wording.label === null);
    if (doubled) {
      return {
        code: "graph.duplicate",
        message: `${wordings.length} cells are called \`${cell.name}\``,
        cure: `Rename one, or make them wordings of one cell: \`${cell.name}.short\`, \`${cell.name}.long\`.`,
      };
    }
    if (kind.body === "cells" && sheet !== null) {
      return {
        code: "graph.nested-sheet",
        message: `the sheet \`${cell.name}\` stands in the rows of \`${sheet}\``,
        cure: "A sheet within a sheet's rows is not there yet: put it beside, and join the two in SQL.",
      };
    }
    return null;
  }

  function unknownName(draft: Draft, reference: Reference, scope: SheetScope | null, what = "input or cell"): void {
    const names = [...inputs, ...outer.keys(), ...(scope?.nested.keys() ?? [])];
    const near = nearestName(reference.name, names);
    const owner = nestedIn.get(reference.name);
    const cure =
      owner !== undefined && scope?.cell.name !== owner
        ? `It is a cell of the sheet \`${owner}\`: read \`${owner}.${reference.name}\`.`
        : near === null
          ? `There are: ${names.slice(0, 12).join(", ") || "none yet"}.`
          : `Did you mean \`${near}\`?`;
    report(draft, {
      code: "graph.unknown-name",
      message: `there is no ${what} \`${reference.name}\``,
      cure,
      position: reference.position,
    });
  }

  function report(draft: Draft, error: CellError): void {
    const cell = draft.wordings[0]!;
    diagnostics.push({ severity: "error", cell: cell.name, ...error, position: error.position ?? cell.position });
    draft.blocked ??= error;
  }

  for (const [name, wordings] of outer) nodeOf(name, wordings, null);
  for (let draft = unresolved.pop(); draft !== undefined; draft = unresolved.pop()) resolveReads(draft);
  return { drafts, sheets };
}

/** A name that is no cell or input may still be a column of the row in a formula, and a dataset file in SQL. */
function bySql(reference: Reference, kind: CellKind | null, scope: SheetScope | null): ReadTarget | null {
  if (reference.field !== null) return null;
  if (kind?.body === "expression-sql" && scope !== null) return { type: "row", column: reference.name };
  if (kind?.body === "sql" && /[./]/.test(reference.name)) return { type: "file", path: reference.name };
  return null;
}

/** A read with the name under which an item's inputs have it: `topic`, `triage.correct`, `topic{model=big}`. */
function toRead(target: ReadTarget, reference: Reference): Read {
  const member = target.type === "results" && target.node.includes(".") ? `.${reference.path[0]}` : "";
  const field = target.type === "results" && target.field !== null ? `.${target.field}` : "";
  return { ...target, as: `${reference.name}${member}${field}${coordinatesText(reference.at ?? {})}`, reference };
}

function plainColumn(source: string, references: readonly Reference[]): string | null {
  const only = references[0];
  if (references.length !== 1 || only === undefined || only.name !== "row" || only.path.length !== 1) return null;
  return source === `row.${only.path[0]}` ? only.path[0]! : null;
}

function byName(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const map = new Map<string, Cell[]>();
  const spelled = new Map<string, string>();
  for (const cell of cells) {
    const name = spelled.get(cell.name.toLowerCase()) ?? cell.name;
    spelled.set(cell.name.toLowerCase(), name);
    const list = map.get(name);
    if (list === undefined) map.set(name, [cell]);
    else list.push(cell);
  }
  return map;
}

function mapping(value: Datum | undefined): { readonly [key: string]: Datum } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Datum })
    : {};
}
