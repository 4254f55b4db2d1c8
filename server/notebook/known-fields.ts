import type { CellKind } from "./cell-kind.ts";
import { isMapping } from "./is-mapping.ts";
import { nearestName } from "./nearest-name.ts";
import type { Cell } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import { valueTypeOf, type ValueType } from "./value-type.ts";
import type { CellError } from "./value.ts";

/** The error of a field that an aggregate names and the values of a cell never have; null where they may have it, or have yet to show it. */
export function unknownField(
  { id, wordings, reduces }: { readonly id: string; readonly wordings: readonly Cell[]; readonly reduces: boolean },
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
