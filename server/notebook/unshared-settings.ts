import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";
import type { CellKind } from "./cell-kind.ts";
import { kindKeys } from "./configuration-problems.ts";
import { axisKeys, commonKeys, type Cell, type Diagnostic } from "./notebook.ts";
import type { Datum } from "./value.ts";

/** Settings that each wording has for itself: how it looks, and what it waits for and reads. */
const ownKeys: readonly string[] = [
  "title",
  "hidden",
  "after",
  "reads",
] satisfies readonly (typeof commonKeys)[number][];

/** Warnings of settings that a later wording of a name says otherwise than the first, which has those of all. */
export function unsharedSettings(wordings: readonly Cell[], kind: CellKind): readonly Diagnostic[] {
  const [first, ...later] = wordings;
  if (first === undefined || wordings.some(({ label }) => label === null)) return [];
  const own = kindKeys(kind);
  // Of a key that nobody knows it is said already that it has no effect.
  const isKnown = (key: string): boolean =>
    own === null || [...own, ...commonKeys, ...axisKeys].some((known) => known === key);
  const hasEffect = (key: string, value: Datum): boolean =>
    ownKeys.includes(key) || (key === "run" && value === "manual") || isSame(value, first.configuration.values[key]);
  return later.flatMap(({ name, label, configuration: { values, positions }, position }) =>
    Object.entries(values)
      .filter(([key, value]) => isKnown(key) && !hasEffect(key, value))
      .map(([key]) => ({
        severity: "warning" as const,
        code: "cell.unshared-setting",
        cell: name,
        message: `\`${key}\` of \`${name}.${label}\` has no effect: the wordings of a name have the settings of the first`,
        cure: `Say it in \`${name}.${first.label}\` for all of them, or take it out here. To compare values, list them there under \`vary\` or \`models\`.`,
        position: positions[`key:${key}`] ?? position,
      })),
  );
}

function isSame(value: Datum, other: Datum | undefined): boolean {
  return other !== undefined && canonicalJson(value as CanonicalInput) === canonicalJson(other as CanonicalInput);
}
