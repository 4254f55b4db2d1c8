import { repeatAxis } from "./axis.ts";
import type { CellKind } from "./cell-kind.ts";
import { cellProblem } from "./cell-problem.ts";
import { nameInSql } from "./name-in-sql.ts";
import { noRowsType } from "./no-rows-type.ts";
import { namesOf, unknownName } from "./graph-names.ts";
import type { Binding, ConditionRead, Read, ReadTarget, RowsForm, RowsRead, Sheet } from "./graph-node.ts";
import { boundReads, madeOfCells } from "./bound-reads.ts";
import { computedRows } from "./computed-rows.ts";
import { bySql, fileReads, namedReference, toRead } from "./graph-read.ts";
import type { GraphSettings } from "./graph.ts";
import { fieldProblem } from "./field-problem.ts";
import { isListName } from "./list-names.ts";
import { misnamedCells } from "./misnamed-cells.ts";
import type { Cell, Diagnostic, Notebook } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import { wholeOf } from "./part-of-cell.ts";
import { conditionOf } from "./condition-of.ts";
import { reduceProblem } from "./reduce-problem.ts";
import { conditionOnRow, noRows, rowsOfNoTable, rowsOnRow, sameInEveryRow } from "./sheet-errors.ts";
import { createRowNames } from "./row-names.ts";
import { rowsReference, sheetScope, shownIn, type SheetScope } from "./sheet-scope.ts";
import { unreadOptional } from "./unread-optional.ts";
import { widened } from "./wording-reads.ts";
import { unfitCell } from "./unfit-cell.ts";
import type { CellError } from "./value.ts";

/** A node before its axes are known. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly wordings: readonly Cell[];
  readonly kind: CellKind | null;
  readonly sheet: string | null;
  /** True for the node that makes one value of a cell's repeats; the repeats themselves are the node `NAME#each`. */
  readonly reduces: boolean;
  /** Inputs that its early fields read. */
  readonly earlyInputs: readonly string[];
  reads: Read[];
  blocked: CellError | null;
}

/** Resolves every name of a notebook in its scope, and so finds the nodes there are. */
export function createScopes(
  notebook: Notebook,
  settings: GraphSettings,
  diagnostics: Diagnostic[],
): { readonly drafts: Map<string, Draft>; readonly sheets: Map<string, Sheet> } {
  const drafts = new Map<string, Draft>();
  const sheets = new Map<string, Sheet>();
  const scopes = new Map<string, SheetScope>();
  /** What is wrong with what sheets bind, by the binding. */
  const misbound = new Map<Binding, CellError>();
  const unresolved: Draft[] = [];
  const referencesOf = (cells: readonly Cell[]): readonly Reference[] =>
    cells.flatMap((cell) => settings.references(cell));
  const names = namesOf(notebook, referencesOf);
  const { inputs, outer } = names;
  const misnamed = misnamedCells(notebook);
  /** What is wrong with sheets as cells: theirs in each row are not computed either, for whose they are nobody can say. */
  const unfitSheets = new Map<string, CellError>();
  const rowNames = createRowNames(notebook.front, names, settings.kinds);

  function scopeOf(cell: Cell): SheetScope {
    let scope = scopes.get(cell.name);
    if (scope === undefined) {
      scope = sheetScope(cell, settings.references(cell), names, (references) =>
        references.flatMap((reference) => resolveField(reference, cell)),
      );
      scopes.set(cell.name, scope);
    }
    return scope;
  }

  /** What a name in a sheet's own fields means: rows and shared cells, never a row's results. */
  function resolveField(reference: Reference, sheet: Cell): Read[] {
    const target = rowNames.targetOf(reference, sheet) ?? resolve(reference, null);
    return target === null ? [] : [toRead(target, reference)];
  }

  function resolve(reference: Reference, sheet: SheetScope | null): ReadTarget | null {
    const { name, path } = reference;
    const own = sheet === null ? null : rowNames.targetOf(reference, sheet.cell);
    if (own !== null) return own;
    if (name === "vary") return { type: "vary", axis: path[0] ?? "" };
    const asNode = (id: string, members = path, plain: ReadTarget = { type: "node", node: id }): ReadTarget =>
      reference.field === "after" || reference.field?.startsWith("after.")
        ? { type: "after", node: id }
        : reference.meta
          ? { type: "meta", node: id }
          : reference.aggregated === true
            ? { type: "results", node: id, form: "figures", field: members[0] ?? null }
            : plain;
    // A shared cell or an input must not win over the row's column of its name: a formula has it as `$name`.
    const shared = sheet === null || reference.formula !== "column";
    if (sheet !== null) {
      const nested = sheet.nested.get(name);
      if (nested !== undefined) return asNode(nodeOf(name, nested, sheet.cell.name));
      if (sheet.bound.has(name)) return { type: "bound", input: name };
      if (outer.has(name) && name !== sheet.cell.name && sheet.depends.has(name))
        if (shared || shownIn(sheet, notebook.front.outputs).includes(name))
          return asNode(nodeOf(name, outer.get(name)!, sheet.cell.name));
    }
    if (!shared) return null;
    const cells = outer.get(name);
    // Where a cell has the name too, readers are blocked by it.
    if (inputs.has(name) && cells === undefined) return { type: "input", input: name };
    if (cells === undefined) return null;
    const member = path[0];
    if (cells[0]!.cells.length > 0 || cells[0]!.kind === "sheet") {
      const target = member === undefined ? null : columnOf(cells[0]!, member);
      if (target !== null)
        return asNode(target, path.slice(1), { type: "results", node: target, form: "table", field: null });
    }
    return asNode(nodeOf(name, cells, null));
  }

  function columnsOf(sheet: Cell): readonly string[] {
    const { nested, depends } = scopeOf(sheet);
    return [...nested.keys(), ...depends];
  }

  /** The node `sheet.member`, where the sheet has such a column. */
  function columnOf(sheet: Cell, member: string): string | null {
    const scope = scopeOf(sheet);
    const nested = scope.nested.get(member);
    if (nested !== undefined) return nodeOf(member, nested, sheet.name);
    const cells = outer.get(member);
    if (cells === undefined || cells[0] === sheet || !scope.depends.has(member)) return null;
    return nodeOf(member, cells, sheet.name);
  }

  function nodeOf(name: string, wordings: readonly Cell[], sheet: string | null): string {
    const id = sheet === null ? name : `${sheet}.${name}`;
    if (drafts.has(id)) return id;
    const cell = wordings[0]!;
    const { repeat, reduce } = cell.configuration.values;
    if (typeof repeat === "number" && reduce !== undefined && cell.form?.body !== "cells")
      return reducedNode(id, name, wordings, sheet, repeat);
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
    const { configuration, position } = wordings[0]!;
    const reads = Array.from({ length: Math.min(Math.max(repeat, 1), 1000) }, (_, index): Read => {
      const label = String(index + 1);
      const reference = { ...namedReference(name, "reduce", position), at: { [repeatAxis]: label }, tolerant: true };
      return { type: "node", node: each, as: label, reference };
    });
    const draft: Draft = {
      id,
      name,
      wordings,
      kind: settings.reduce,
      sheet,
      reduces: true,
      earlyInputs: earlyInputs(wordings),
      reads,
      blocked: null,
    };
    drafts.set(id, draft);
    const problem = reduceProblem(configuration.values["reduce"]!);
    if (problem !== null) {
      report(draft, { ...problem, position: configuration.positions["reduce"] ?? position });
      // Nothing is asked a model that nobody could make one value of.
      drafts.get(each)!.blocked ??= draft.blocked;
    }
    return id;
  }

  function plainNode(id: string, name: string, wordings: readonly Cell[], sheet: string | null): string {
    const cell = wordings[0]!;
    const kind = settings.kinds.get(cell.kind) ?? null;
    const own = unfitCell(wordings, kind, sheet, misnamed) ?? earlyError(wordings, sheet);
    const reason = own ?? unfitSheets.get(sheet ?? "") ?? null;
    const draft: Draft = {
      id,
      name,
      wordings,
      kind,
      sheet,
      reduces: false,
      earlyInputs: earlyInputs(wordings),
      reads: [],
      blocked: reason === null ? null : { position: cell.position, ...reason },
    };
    drafts.set(id, draft);
    if (kind?.body === "cells" && reason !== null) unfitSheets.set(id, reason);
    // Of unknown kinds, names that are taken twice and broken YAML the parser has told, at each of the cells.
    if (own?.code === "graph.nested-sheet" || own?.code === "graph.sheet-wordings") report(draft, own);
    // Resolved in a loop and not here: a chain of thousands would overflow the stack.
    if (kind?.body !== "cells") unresolved.push(draft);
    else if (sheet === null) openSheet(draft, cell);
    return id;
  }

  function earlyInputs(wordings: readonly Cell[]): readonly string[] {
    return [...new Set(wordings.flatMap((cell) => [...(settings.early?.(cell)?.inputs.values() ?? [])].flat()))];
  }

  /** Why fields that are read first keep a cell from being computed; of a cell of a sheet also those of the sheet, which say what its rows are. */
  function earlyError(wordings: readonly Cell[], sheet: string | null): CellError | null {
    const cells = sheet === null ? wordings : [...wordings, scopes.get(sheet)!.cell];
    const errors = cells.flatMap((cell) => settings.early?.(cell)?.error ?? []);
    return errors[0] ?? null;
  }

  function resolveReads(draft: Draft): void {
    draft.reads.push(...fileReads(draft.kind, draft.wordings[0]!));
    const scope = draft.sheet === null ? null : scopes.get(draft.sheet)!;
    const condition = draft.sheet === null ? null : sheets.get(draft.sheet)!.condition;
    if (condition !== null) draft.reads.push(condition);
    const seen = new Map<string, number>();
    for (const { written, only } of referencesByWording(draft.wordings)) {
      if (isProvided(written, draft.kind)) continue;
      const isSql = written.field === null && (draft.kind?.body === "sql" || draft.kind?.body === "expression-sql");
      const reference = isSql ? nameInSql(written, names, scope?.nested ?? new Map(), columnsOf) : written;
      const target = resolve(reference, scope) ?? bySql(reference, draft.kind, scope !== null);
      const misread = scope === null ? partOnRow(draft, reference) : rowNames.misread(reference, target, scope.cell);
      if (target === null && misread === null && reference.tolerant) {
        // It is undefined there, which the cell looks at; a slip of the pen is told all the same.
        const { name: cell } = draft.wordings[0]!;
        diagnostics.push({
          severity: "warning",
          cell,
          ...unknownName(reference, names, scope),
          position: reference.position,
        });
        continue;
      }
      if (target === null && misread === null && only !== undefined) {
        // It is undefined there, which fails that wording before anything is sent; the others run.
        diagnostics.push(cellProblem(wordingOf(draft, only), unknownName(reference, names, scope)));
        continue;
      }
      if (target === null || misread !== null) {
        report(draft, misread ?? unknownName(reference, names, scope));
        continue;
      }
      if (target.type === "meta" && !isAtHand(target.node, draft)) {
        report(draft, {
          code: "graph.facts-of-a-column",
          message: `\`meta(${target.node})\` is one result's, and \`${target.node}\` has one for each row`,
          cure: `Its facts are in its table: \`from ${target.node}\` in SQL has the column \`meta\`.`,
          position: reference.position,
        });
        continue;
      }
      if (target.type === "results" && target.field !== null && !reference.tolerant) {
        const error = fieldProblem(drafts.get(target.node)!, target.field, reference, settings.kinds);
        if (error !== null) report(draft, error);
      }
      const plain = toRead(target, reference);
      const key = JSON.stringify([plain, reference.tolerant], (name, value) =>
        name === "reference" ? undefined : value,
      );
      const read = only === undefined ? plain : { ...plain, only };
      const place = seen.get(key);
      if (place === undefined) {
        seen.set(key, draft.reads.length);
        draft.reads.push(read);
      } else draft.reads[place] = widened(draft.reads[place]!, only);
      if (read.type === "bound") readBinding(draft, scope!.bound.get(read.input)!, reference.tolerant, only);
    }
    // A table comes with its figures: an aggregate of the same results reads nothing more.
    const figures = new Map(draft.reads.flatMap((read) => (isResults(read, "figures") ? [[read.as, read]] : [])));
    const tables = new Set(draft.reads.flatMap((read) => (isResults(read, "table") ? [read.as] : [])));
    draft.reads = draft.reads.flatMap((read) => {
      if (isResults(read, "figures") && tables.has(read.as)) return [];
      const same = isResults(read, "table") ? figures.get(read.as) : undefined;
      return same === undefined ? [read] : [widened(read, same.only)];
    });
    diagnostics.push(...unreadOptional(draft.wordings[0]!, referencesOf(draft.wordings)));
  }

  /** What wordings read, with the label of the one that does, where not all do: the settings of a cell are those of its first. */
  function referencesByWording(
    wordings: readonly Cell[],
  ): readonly { readonly written: Reference; readonly only: readonly string[] | undefined }[] {
    return wordings.flatMap((cell) =>
      settings.references(cell).map((written) => ({
        written,
        only: wordings.length > 1 && written.field === null && cell.label !== null ? [cell.label] : undefined,
      })),
    );
  }

  /** The error of a part of a sheet that reads a row: it is computed once, before there are any. */
  function partOnRow({ kind, name }: Draft, reference: Reference): CellError | null {
    if (reference.name !== "row" && !isListName(reference.name)) return null;
    if (kind === settings.condition) return conditionOnRow(wholeOf(name), reference);
    return kind === settings.rows ? rowsOnRow(wholeOf(name), reference) : null;
  }

  function readBinding(draft: Draft, binding: Binding, tolerant: boolean, only: Read["only"]): void {
    draft.blocked ??= misbound.get(binding) ?? null;
    const made = madeOfCells(binding);
    if (made === null) return;
    const known = new Map(draft.reads.map((read) => [read.as, read]));
    for (const read of boundReads(made, tolerant)) {
      const same = known.get(read.as);
      if (same === undefined) draft.reads.push(only === undefined ? read : { ...read, only });
      else {
        const wider = read.reference.tolerant && !same.reference.tolerant ? { ...read, only: same.only } : same;
        draft.reads[draft.reads.indexOf(same)] = widened(wider as Read, only);
      }
    }
  }

  /** Whether a node has one result for a reader: it stands outside sheets, or in the reader's own. */
  function isAtHand(node: string, reader: Draft): boolean {
    const { sheet } = drafts.get(node)!;
    return sheet === null || sheet === reader.sheet;
  }

  function openSheet(draft: Draft, cell: Cell): void {
    const scope = scopeOf(cell);
    const { key } = cell.configuration.values;
    const sheet = {
      id: draft.id,
      cell,
      rows: null as RowsRead | null,
      of: rowNames.formOf(cell),
      condition: draft.sheet === null ? conditionRead(draft, cell) : null,
      key: typeof key === "string" ? key : null,
      bindings: [...scope.bound.values()],
      nodes: [] as readonly string[],
      columns: [] as string[],
      reads: [] as readonly string[],
    };
    sheets.set(draft.id, sheet);
    if (sheet.condition !== null) draft.reads.push(sheet.condition);
    const placeOf = (field: string): Reference["position"] => cell.configuration.positions[field] ?? cell.position;
    sheet.rows = readRows(draft, cell, sheet.of);
    if (sheet.rows !== null) draft.reads.push(sheet.rows);
    checkBindings(draft, scope);
    for (const [index, column] of shownIn(scope, notebook.front.outputs).entries()) {
      const target = columnOf(cell, column);
      if (target !== null) sheet.columns.push(target);
      else if (outer.has(column)) report(draft, sameInEveryRow(cell.name, column, placeOf(`columns.${index}`)));
      else report(draft, unknownName({ name: column, position: placeOf(`columns.${index}`) }, names, scope));
    }
    for (const [name, wordings] of scope.nested) sheet.columns.push(nodeOf(name, wordings, cell.name));
    sheet.columns = [...new Set(sheet.columns)];
  }

  /** What gives a sheet its rows; null where nothing does, and that is told. */
  function readRows(draft: Draft, cell: Cell, form: RowsForm | null): RowsRead | null {
    const { values, positions } = cell.configuration;
    const { rows } = values;
    if (typeof rows !== "string" && !Array.isArray(rows)) {
      report(draft, noRows(cell.name));
      return null;
    }
    const reference = typeof rows === "string" ? rowsReference(rows, positions["rows"] ?? cell.position) : null;
    const named = reference === null || reference.name === cell.name ? null : rowsOf(reference);
    const isComputed = reference === null || (reference.path.length > 0 && form === "list");
    const read = named ?? (isComputed && draft.sheet === null ? rowsPart(draft, cell) : null);
    if (read !== null) {
      const type = noRowsType(read, notebook.front, drafts);
      if (type !== null) report(draft, rowsOfNoTable(cell.name, read, type));
    } else if (reference !== null)
      report(draft, unknownName({ ...reference, name: [reference.name, ...reference.path].join(".") }, names, null));
    return read;
  }

  /** Tells what is wrong with what a sheet binds to the inputs. */
  function checkBindings(draft: Draft, { cell, bound }: SheetScope): void {
    const { positions } = cell.configuration;
    const references = settings.references(cell);
    for (const [input, binding] of bound) {
      const field = `with.${input}`;
      if (!inputs.has(input)) {
        const position = positions[field] ?? cell.position;
        report(draft, unknownName({ name: input, position }, names, null, "input"));
      }
      for (const reference of references) {
        if (reference.field !== field) continue;
        const target = rowNames.targetOf(reference, cell) ?? resolve(reference, null);
        const error =
          rowNames.misread(reference, target, cell) ?? (target === null ? unknownName(reference, names, null) : null);
        if (error === null) continue;
        misbound.set(binding, error);
        report(draft, error);
      }
    }
  }

  /** The node that decides whether a sheet is computed, as the sheet and its columns read it; null where none does. */
  function conditionRead({ id, name }: Draft, sheet: Cell): ConditionRead | null {
    const cell = conditionOf(sheet);
    if (cell === null) return null;
    const node = sheetPart(`${id}#when`, `${name}#when`, cell, settings.condition);
    const position = cell.configuration.positions["when"] ?? cell.position;
    return { type: "condition", node, as: `when(${name})`, reference: namedReference(name, "when", position) };
  }

  /** The node that computes the list a sheet goes over, as the sheet reads it. */
  function rowsPart({ id, name }: Draft, sheet: Cell): RowsRead {
    const node = sheetPart(`${id}#rows`, `${name}#rows`, computedRows(sheet), settings.rows);
    const position = sheet.configuration.positions["rows"] ?? sheet.position;
    return { type: "node", node, as: `rows(${name})`, reference: namedReference(name, "rows", position) };
  }

  function sheetPart(id: string, name: string, cell: Cell, kind: CellKind): string {
    const made = { id, name, wordings: [cell], kind, sheet: null, reduces: false, earlyInputs: [] };
    const draft: Draft = { ...made, reads: [], blocked: null };
    drafts.set(id, draft);
    unresolved.push(draft);
    return id;
  }

  /** The cell or the column of a sheet that gives another its rows; null where the name is neither. */
  function rowsOf(reference: Reference): RowsRead | null {
    const target = resolve(reference, null);
    const members = target?.type === "results" ? 1 : target?.type === "node" || target?.type === "input" ? 0 : -1;
    return reference.path.length === members ? (toRead(target!, reference) as RowsRead) : null;
  }

  function report(draft: Draft, error: CellError): void {
    diagnostics.push(cellProblem(draft.wordings[0]!, error));
    draft.blocked ??= error;
  }

  for (const [name, wordings] of outer) nodeOf(name, wordings, null);
  for (let draft = unresolved.pop(); draft !== undefined; draft = unresolved.pop()) resolveReads(draft);
  return { drafts, sheets };
}

function wordingOf({ wordings }: Draft, [label]: readonly string[]): Cell {
  return wordings.find((cell) => cell.label === label)!;
}

function isResults(read: Read, form: "figures" | "table"): boolean {
  return read.type === "results" && read.form === form;
}

/** True for a name that the kind itself gives: in its body, or in a field that it computes. */
function isProvided({ name, field }: Reference, kind: CellKind | null): boolean {
  if (kind?.provides?.includes(name) !== true) return false;
  return field === null || kind.deferred?.includes(field) === true;
}
