import type { CellKind } from "./cell-kind.ts";
import { isMapping } from "./is-mapping.ts";
import { nearestName } from "./nearest-name.ts";
import type { Cell } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import { valueTypeOf, type ValueType } from "./value-type.ts";
import type { CellError } from "./value.ts";

/** A node as far as its values' fields are known by it. */
interface Target {
  readonly id: string;
  readonly wordings: readonly Cell[];
  readonly reduces: boolean;
}

/** What is wrong with a field of results that an aggregate names: it is deeper than a field, or the values never have it. Null where nothing is, or values have yet to show it. */
export function fieldProblem(
  target: Target,
  field: string,
  reference: Reference,
  kinds: ReadonlyMap<string, CellKind>,
): CellError | null {
  return deepField(target, reference) ?? unknownField(target, field, reference, kinds);
}

function deepField({ id }: Target, { name, path, position }: Reference): CellError | null {
  const isColumn = id.startsWith(`${name}.`);
  if (path.length <= (isColumn ? 2 : 1)) return null;
  const whole = [name, ...path].join(".");
  return {
    code: "graph.deep-field",
    message: `an aggregate reads results or a field of them, and \`${whole}\` is deeper`,
    cure: isColumn
      ? "Let a cell of the sheet give it, and take that."
      : `\`${whole}[:]\` is the list that is read here.`,
    position,
  };
}

function unknownField(
  { id, wordings, reduces }: Target,
  field: string,
  { position }: Reference,
  kinds: ReadonlyMap<string, CellKind>,
): CellError | null {
  const known = wordings.map((cell) => fieldsOf(valueTypeOf({ wordings: [cell], reduces }, kinds)));
  if (known.some((fields) => fields === null || fields.includes(field))) return null;
  const names = [...new Set(known.flatMap((fields) => fields ?? []))];
  const near = nearestName(field, names);
  return {
    code: "graph.unknown-field",
    message: `\`${id}\` has no \`${field}\``,
    cure: near === null ? `There are: ${names.join(", ")}.` : `Did you mean \`${near}\`?`,
    position,
  };
}

/** The fields under an aggregate of values of a type; null where they are not known. */
function fieldsOf(known: ValueType): readonly string[] | null {
  switch (known.type) {
    case "score":
      return ["score", "pass", "reason", ...known.checks];
    case "plain": {
      const { properties, additionalProperties } = known.schema;
      return isMapping(properties) && additionalProperties === false ? Object.keys(properties) : null;
    }
    case "table":
    case "test":
    case "chart":
      return null;
  }
}
