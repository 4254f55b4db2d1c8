import { positionAt } from "#server/language/position.ts";
import { bodyLanguage } from "../body-language.ts";
import { cellReferences } from "../cell-references.ts";
import { isNamedField } from "../configuration-references.ts";
import { renameScalars, type ScalarChanges } from "../configuration/rename-scalars.ts";
import { cellsNamed, cellsOf, type PlacedCell } from "../cells-of.ts";
import { configurationText, frontMatterView } from "../configuration-view.ts";
import { indentationOf, sourceView } from "../file-position.ts";
import type { Analyses } from "../body-references.ts";
import { foldName, nameProblem } from "../names.ts";
import type { Cell, Diagnostic, Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { lineEndOf } from "../text-lines.ts";
import type { Datum } from "../value.ts";
import { differences } from "./differences.ts";
import { carriedColumn } from "./carried-column.ts";
import { columnFields } from "./column-fields.ts";
import { inFile } from "./in-file.ts";
import { rowColumns } from "../references/sql-references.ts";
import { isMemberLeft } from "./left-member.ts";
import { follow, renameInBody, renameInField } from "./rename-body.ts";
import { rowsNames, type RowsNames } from "./rows-names.ts";
import { writtenColumns } from "./written-columns.ts";
import { mentions, renamePath, type PathPair, type Renamed, type Renaming } from "./renaming.ts";
import { targets } from "./target.ts";
import { inOrder } from "./text-edits.ts";

/** What a rename changes, and the places it could not follow the name to. */
export interface RenameResult {
  readonly edits: readonly TextEdit[];
  readonly warnings: readonly Diagnostic[];
}

/** Renames a cell with all its wordings, or an input, and every reference to it. */
export function rename(notebook: Notebook, path: string, to: string, analyses: Analyses): RenameResult {
  const { text, front } = notebook;
  const input = front.inputs.find(({ name }) => foldName(name) === foldName(path));
  const cells = input === undefined ? targets(notebook, path) : cellsNamed(notebook, path);
  checkTarget(path, input !== undefined, cells);
  const from = input?.name ?? cells[0]!.cell.name;
  checkName(notebook, from, to);
  if (from === to) return { edits: [], warnings: [] };

  const container = cells[0]?.container ?? null;
  const namesInRows = rowsNames(notebook, analyses);
  const edits: TextEdit[] = cells.map(({ cell }) => nameEdit(cell, to));
  const warnings: Diagnostic[] = [];
  const named: PathPair[] =
    container !== null
      ? [{ from: [container.name, from], to: [container.name, to] }]
      : [{ from: [from], to: [to] }, ...columnPairs(notebook, from, to, namesInRows)];
  const rowsHaveColumn = (name: string, column: string): boolean | null =>
    columnsOf(notebook, name, analyses)?.some((known) => foldName(known) === foldName(column)) ?? null;
  const columns = named
    .filter(({ from: [sheet, column] }) => column !== undefined && rowsHaveColumn(sheet!, column) !== true)
    .map((pair) => ({ pair, carried: carriedColumn(notebook, pair, analyses) }));
  const passed = columns.flatMap(({ carried }) => carried.pairs);
  const outside: PathPair[] = [...named, ...passed];
  const inside: PathPair[] = container === null ? outside : [{ from: [from], to: [to] }, ...outside];
  const isPassed = (name: string): boolean => passed.some(({ from: [sheet] }) => foldName(sheet!) === foldName(name));
  const hasColumn = (name: string, column: string): boolean | null =>
    isPassed(name) ? false : rowsHaveColumn(name, column);
  const atTop: Renaming = { pairs: outside, isInput: input !== undefined };
  const inFront = frontEdits(notebook, atTop, input?.name ?? null, to);
  edits.push(...inFront.edits);
  const warnAt = (found: Renamed["warnings"], at: Pick<Diagnostic, "position" | "cell">): void => {
    for (const warning of found)
      warnings.push({ severity: "warning", code: "operation.not-followed", ...warning, ...at });
  };
  warnAt(inFront.warnings, { position: positionAt(text, 0, 3) });
  for (const placed of cellsOf(notebook)) {
    const { cell } = placed;
    if (!cell.known) continue;
    const sees = container !== null && (placed.container === container || cell === container);
    const isOutside =
      placed.container !== null &&
      bodyLanguage(cell) === "expression-sql" &&
      !sees &&
      !namesInRows(placed.container).bare.has(foldName(from));
    const sheet = placed.container ?? cell;
    const isTable = (text: Datum | undefined): boolean => columns.some(({ carried }) => carried.isTable(text));
    const isOfRow = sheet.kind === "sheet" && isTable(sheet.configuration.values["rows"]);
    const isOfItem = cell.kind === "retrieve" && isTable(cell.configuration.values["from"]);
    const renaming: Renaming = {
      pairs: [
        ...(sees ? inside : outside),
        ...(isOfRow ? [{ from: ["row", from], to: ["row", to] }] : []),
        ...(isOfItem ? [{ from: ["item", from], to: ["item", to] }] : []),
      ],
      isInput: input !== undefined,
      isOutside,
      isRowColumn: isOfRow && placed.container !== null && !namesInRows(sheet).bare.has(foldName(from)),
      isColumnField: (field) => {
        const fields = columnFields(cell);
        return fields !== null && fields.columns.includes(field) && isTable(cell.configuration.values[fields.table]);
      },
      hasColumn,
    };
    if (placed.container !== null && !isOutside) refuseRowCapture(cell, to, analyses);
    const warn = (found: Renamed["warnings"]): void => warnAt(found, { position: cell.position, cell: cell.name });
    if ((container === null || sees) && foldName(from) !== foldName(to)) warn(takenUp(text, cell, to, analyses));
    const fields = fieldEdits(text, cell, renaming);
    edits.push(...fields.edits);
    warn(fields.warnings);
    const body = renameInBody(cell, renaming, analyses);
    edits.push(
      ...inFile(
        differences(cell.source, body.source, 0),
        sourceView(text, cell),
        lineEndOf(text),
        indentationOf(text, cell),
      ),
    );
    warn(body.warnings);
    for (const { pair, carried } of columns) {
      if (cell === container || (placed.container === container && container !== null)) continue;
      if (!carried.mayRead(cell, placed.container)) continue;
      const isRowOther = !carried.mayRead(sheet, null);
      if (isMemberLeft(cell, body.source, pair, { carried, renaming, isRowOther, analyses }))
        warn([
          {
            message: `\`${cell.name}\` reads a member \`${from}\`, which may be the renamed column of \`${pair.from[0]}\`; it is left as it is`,
            cure: "Change the name there by hand if it is.",
          },
        ]);
    }
  }
  return { edits: inOrder(text, edits), warnings };
}

function checkTarget(path: string, isInput: boolean, cells: readonly PlacedCell[]): void {
  const [first] = cells;
  const names = cells.length + (isInput ? 1 : 0);
  if (names > 1 && (isInput || first!.cell.label === null))
    throw new SheafError("operation.ambiguous", `\`${path}\` names ${names} things`, {
      cure: "Rename all but one in the text first.",
    });
  if (first !== undefined && first.cell.label !== null && foldName(first.path) === foldName(path))
    throw new SheafError("operation.ambiguous", `\`${path}\` is one wording, and wordings are renamed together`, {
      cure: `Rename \`${first.path.slice(0, -first.cell.label.length - 1)}\`.`,
    });
}

function checkName(notebook: Notebook, from: string, to: string): void {
  const problem = nameProblem(to, "a cell");
  if (problem !== null) throw new SheafError("operation.name", problem.message, { cure: problem.cure });
  if (foldName(from) === foldName(to)) return;
  const taken = [...notebook.front.inputs, ...cellsOf(notebook).map(({ cell }) => cell)].find(
    ({ name }) => foldName(name) === foldName(to),
  );
  if (taken !== undefined)
    throw new SheafError(
      "operation.name-taken",
      `\`${taken.name}\` at line ${taken.position.line} has this name already`,
      {
        cure: "Choose another name.",
      },
    );
}

/** What a cell reads under the new name as something else, and reads the renamed one by from then on: a name that may be missing, another table. */
function takenUp(text: string, cell: Cell, to: string, analyses: Analyses): Renamed["warnings"] {
  // Reading what a cell reads takes a parser: most do not have the word.
  if (!mentions(text.slice(cell.span.start, cell.span.end), { pairs: [{ from: [to], to: [to] }], isInput: false }))
    return [];
  const isSql = bodyLanguage(cell) === "sql";
  const read = cellReferences(text, cell, analyses).references.some(
    ({ name, tolerant, field }) => foldName(name) === foldName(to) && (tolerant || (isSql && field === null)),
  );
  if (!read) return [];
  const message = `\`${cell.name}\` reads \`${to}\`, which is the renamed one from now on`;
  return [{ message, cure: "Undo the rename where something else is meant there." }];
}

/** `sheet.topic` for every sheet that has the outer cell `topic` as a column. */
function columnPairs(
  { cells }: Notebook,
  from: string,
  to: string,
  namesInRows: (sheet: Cell) => RowsNames,
): PathPair[] {
  const isMember = (sheet: Cell): boolean => {
    const { columns } = sheet.configuration.values;
    return (Array.isArray(columns) && columns.includes(from)) || namesInRows(sheet).members.has(foldName(from));
  };
  return cells
    .filter((cell) => cell.kind === "sheet" && isMember(cell))
    .map(({ name }) => ({ from: [name, from], to: [name, to] }));
}

/** What a sheet's formula has by its bare name comes before the row's column of that name. */
function refuseRowCapture(cell: Cell, to: string, analyses: Analyses): void {
  const analysis = bodyLanguage(cell) === "expression-sql" ? analyses.sql(cell) : undefined;
  const named = analysis?.ok === true && rowColumns(analysis).some(({ parts }) => foldName(parts[0]!) === foldName(to));
  if (named)
    throw new SheafError("operation.would-capture", `in \`${cell.name}\`: \`${to}\` is the row's column there`, {
      cure: "Choose another name.",
    });
}

/** The columns that a cell's table has, or a sheet's rows; null where nothing tells them. */
function columnsOf({ cells }: Notebook, name: string, { columns }: Analyses): readonly string[] | null {
  const named = (text: string): Cell | undefined => cells.find((cell) => foldName(cell.name) === foldName(text));
  const cell = named(name);
  const table = cell?.kind === "sheet" ? cell.configuration.values["rows"] : name;
  // A written list has no columns.
  if (typeof table !== "string") return [];
  const data = named(table);
  return columns?.(table) ?? (data === undefined ? null : writtenColumns(data));
}

function nameEdit(cell: Cell, to: string): TextEdit {
  const label = cell.label === null ? 0 : cell.label.length + 1;
  const end = cell.position.offset + cell.position.length - label;
  return { start: end - cell.name.length, end, text: to };
}

function frontEdits(
  notebook: Notebook,
  renaming: Renaming,
  input: string | null,
  to: string,
): { edits: readonly TextEdit[]; warnings: Renamed["warnings"] } {
  const view = frontMatterView(notebook);
  if (view === null || !mentions(view.text, renaming)) return { edits: [], warnings: [] };
  const changes: ScalarChanges = {
    value: (value, [key]) => {
      if (value.startsWith("=")) return `=${renameInField(value.slice(1), renaming)}`;
      return key === "outputs" ? renamePath(value, renaming) : value;
    },
    key: (key, path) => (path.length === 2 && path[0] === "inputs" && key === input ? to : key),
  };
  const edits = renameScalars(view.text, changes);
  if (edits !== null) return { edits: inFile(edits, view, lineEndOf(notebook.text), 0), warnings: [] };
  const message = "the front matter has an error, so the rename does not reach into it";
  // Its declaration would keep the old name, and everything that reads it have the new one.
  if (input !== null) throw new SheafError("operation.yaml", message, { cure: "Correct the front matter first." });
  return { edits: [], warnings: [{ message, cure: "Correct it and change the name there by hand." }] };
}

function fieldEdits(
  text: string,
  cell: Cell,
  renaming: Renaming,
): { edits: TextEdit[]; warnings: Renamed["warnings"] } {
  const view = configurationText(text, cell)?.view;
  if (view === undefined || !mentions(view.text, renaming)) return { edits: [], warnings: [] };
  const warnings: Renamed["warnings"][number][] = [];
  const changes: ScalarChanges = {
    value: (value, path) => {
      if (value.startsWith("=")) {
        const renamed = follow(cell, value, () => `=${renameInField(value.slice(1), renaming)}`);
        warnings.push(...renamed.warnings);
        return renamed.source;
      }
      if (renaming.isColumnField?.(String(path[0])) === true && path.length <= 2)
        return renamePath(value, {
          pairs: renaming.pairs.map(({ from, to }) => ({ from: [from.at(-1)!], to: [to.at(-1)!] })),
          isInput: false,
        });
      return isNamedField(cell, path) ? renamePath(value, renaming) : value;
    },
    key: (key, path) =>
      renaming.isInput && cell.kind === "sheet" && path.length === 2 && path[0] === "with"
        ? renamePath(key, renaming)
        : key,
  };
  const edits = renameScalars(view.text, changes);
  if (edits === null) {
    const message = `the configuration of \`${cell.name}\` has an error, so the rename does not reach into it`;
    warnings.push({ message, cure: "Correct it and change the name there by hand." });
  }
  return { edits: inFile(edits ?? [], view, lineEndOf(text), indentationOf(text, cell)), warnings };
}
