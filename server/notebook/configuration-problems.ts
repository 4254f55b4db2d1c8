import type { CellKind } from "./cell-kind.ts";
import { nearestName } from "./nearest-name.ts";
import { commonKeys, type Cell, type Diagnostic } from "./notebook.ts";

/** Keys that declare axes: every kind has them. */
export const axisKeys = ["vary", "models", "repeat", "reduce"] as const;

/** The keys a kind's configuration has; null where its schema is no object. */
export function kindKeys(kind: Pick<CellKind, "configuration">): ReadonlySet<string> | null {
  const { shape } = kind.configuration as { readonly shape?: object };
  return shape === undefined ? null : new Set(Object.keys(shape));
}

/** What is wrong with a cell's configuration before anything is computed: keys its kind does not know, and values that cannot be, where no expression decides them. */
export function configurationProblems(cell: Cell, kind: CellKind): readonly Diagnostic[] {
  const known = kindKeys(kind);
  if (known === null) return [];
  const all = [...known, ...commonKeys, ...axisKeys];
  const { values, positions } = cell.configuration;
  const problems: Diagnostic[] = [];
  for (const key of Object.keys(values)) {
    if (all.includes(key)) continue;
    const near = nearestName(key, all);
    problems.push({
      severity: "warning",
      code: "cell.unknown-key",
      cell: cell.name,
      message: `\`${key}\` is no setting of a \`${cell.kind}\` cell`,
      cure:
        near === null
          ? `It is kept and has no effect. There are: ${[...known].join(", ")}.`
          : `Did you mean \`${near}\`?`,
      position: positions[`key:${key}`] ?? cell.position,
    });
  }
  const own = Object.fromEntries(
    Object.entries(values).filter(([key]) => known.has(key) && !(axisKeys as readonly string[]).includes(key)),
  );
  if (hasExpression(own)) return problems;
  const checked = kind.configuration.safeParse(own);
  if (checked.success) return problems;
  for (const issue of checked.error.issues) {
    const path = issue.path.join(".");
    problems.push({
      severity: "error",
      code: "cell.configuration",
      cell: cell.name,
      message: path === "" ? issue.message : `\`${path}\`: ${issue.message}`,
      cure: `\`${cell.kind}\` takes ${[...known].join(", ")}.`,
      position: positions[path] ?? cell.position,
    });
  }
  return problems;
}

function hasExpression(value: unknown): boolean {
  if (typeof value === "string") return value.startsWith("=");
  return value !== null && typeof value === "object" && Object.values(value).some(hasExpression);
}
