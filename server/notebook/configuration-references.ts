import { positionAt } from "#server/language/position.ts";
import { expressionsOf } from "./expressions-of.ts";
import type { Cell, Diagnostic } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import { expressionReferences } from "./references/expression-references.ts";
import { plainReference } from "./references/found.ts";
import type { Datum } from "./value.ts";

/** Fields of any kind that name cells as they are, without `=`; a kind's own are in its form. */
const commonNameFields = ["reads", "after"] as const;

/** A name in a field that is no expression. */
interface NamedField {
  /** The field's path, `columns.0`. */
  readonly path: string;
  /** The name and what follows it, `["triage", "correct"]`. */
  readonly parts: readonly string[];
}

/**
 * What a cell's configuration reads: in its values that begin with `=`, and in the fields that name cells. Positions count in the
 * field's text, behind the `=`.
 */
export function configurationReferences(cell: Cell): {
  readonly references: readonly Reference[];
  readonly problems: readonly (Diagnostic & { readonly field: string })[];
} {
  if (!cell.known) return { references: [], problems: [] };
  const expressions = expressionsOf(cell.configuration).map(({ path, source }) => {
    const { references, problems } = expressionReferences(source);
    return {
      references: references.map((reference): Reference => ({ ...reference, field: path })),
      problems: problems.map((problem) => ({ ...problem, field: path })),
    };
  });
  const named = namedFields(cell).map(({ path, parts: [name = "", ...rest] }): Reference => {
    const text = [name, ...rest].join(".");
    return plainReference(name, rest, positionAt(text, 0, name.length), path);
  });
  return {
    references: [...expressions.flatMap((found) => found.references), ...named],
    problems: expressions.flatMap((found) => found.problems),
  };
}

/** The fields of a kind that name cells without `=`, those whose names are read elsewhere too. */
export function namedFieldPaths({ form }: Pick<Cell, "form">): readonly string[] {
  return [...commonNameFields, "optional", ...(form?.names ?? [])];
}

/** Whether a text at this path of a cell's configuration is a name without `=`. A list in `rows` is the rows themselves. */
export function isNamedField(cell: Pick<Cell, "form">, [field, ...below]: readonly (string | number)[]): boolean {
  const depth = field === "rows" ? 0 : 1;
  return below.length <= depth && namedFieldPaths(cell).includes(String(field));
}

/** The names in fields that take them without `=`, as far as they can be a cell's: paths of data files are none. */
function namedFields(cell: Cell): NamedField[] {
  return [...commonNameFields, ...(cell.form?.names ?? [])].flatMap((field) => {
    const value: Datum | undefined = cell.configuration.values[field];
    if (typeof value === "string") return namedField(field, value);
    if (!Array.isArray(value) || !isNamedField(cell, [field, 0])) return [];
    return value.flatMap((item: Datum, index) =>
      typeof item === "string" ? namedField(`${field}.${index}`, item) : [],
    );
  });
}

const path = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const dataFile = /\.(?:csv|tsv|txt|json|jsonl|ndjson|yaml|yml|parquet|xlsx|md)$/i;

function namedField(field: string, value: string): NamedField[] {
  return path.test(value) && !dataFile.test(value) ? [{ path: field, parts: value.split(".") }] : [];
}
