import { positionsOf } from "./positions-of.ts";
import { bodyReferences, type Analyses } from "./body-references.ts";
import { configurationReferences } from "./configuration-references.ts";
import { fieldPositions } from "./field-position.ts";
import { sourceView } from "./file-position.ts";
import { foldName } from "./names.ts";
import type { Cell, Diagnostic } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import type { Found } from "./references/found.ts";
import type { Datum, Position } from "./value.ts";

/**
 * Everything a cell reads, in its fields and in its body, and what is wrong there, with positions **in the file** `text` the
 * cell was parsed from. What `optional:` lists is read tolerantly wherever it is read. `after:` gives references with the
 * field `after`: they order, and no value is read.
 */
export function cellReferences(text: string, cell: Cell, analyses: Analyses): Found {
  const position = positionsOf(text);
  const fields = configurationReferences(cell);
  const body = bodyReferences(cell, analyses);
  const view = body.references.length + body.problems.length === 0 ? null : sourceView(text, cell);
  const optional = optionalNames(cell);

  const inBody = (at: Position): Position => {
    const start = view!.toFile(at.offset);
    return position(start, Math.max(start, view!.toFile(at.offset + at.length)));
  };
  const inField = fieldPositions(text, cell.configuration, cell.position);
  const placed = (reference: Reference): Reference => ({
    ...reference,
    tolerant:
      reference.tolerant ||
      [reference.name, [reference.name, ...reference.path].join(".")].some((name) => optional.has(foldName(name))),
    position: reference.field === null ? inBody(reference.position) : inField(reference.position, reference.field),
  });
  const problem = (diagnostic: Diagnostic, at: Position): Diagnostic => ({
    ...diagnostic,
    position: at,
    cell: cell.name,
  });
  return {
    references: [...fields.references, ...body.references].map(placed),
    problems: [
      ...fields.problems.map(({ field, ...found }) => problem(found, inField(found.position, field))),
      ...body.problems.map((found) => problem(found, inBody(found.position))),
    ],
  };
}

function optionalNames(cell: Cell): ReadonlySet<string> {
  const value: Datum | undefined = cell.configuration.values["optional"];
  const list: readonly Datum[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return new Set(list.flatMap((item) => (typeof item === "string" ? foldName(item) : [])));
}
