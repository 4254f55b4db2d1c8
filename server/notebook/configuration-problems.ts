import type { CellKind } from "./cell-kind.ts";
import { configurationWords } from "./configuration-words.ts";
import { hasExpression } from "./expressions-of.ts";
import { alwaysHolds, commonValueProblems } from "./common-value-problems.ts";
import { nearestName } from "./nearest-name.ts";
import { unusedSheetSettings } from "./sheet-settings.ts";
import { axisKeys, commonKeys, type Cell, type Diagnostic } from "./notebook.ts";
import type { Position } from "./value.ts";

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
  const ofSheet = kind.body === "cells" ? unusedSheetSettings(cell) : [];
  const problems: Diagnostic[] = [...commonValueProblems(cell), ...ofSheet];
  for (const key of kind.deferred ?? []) problems.push(...alwaysHolds(key, cell));
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
          ? `It is kept and has no effect.${known.size === 0 ? "" : ` There are: ${[...known].join(", ")}.`}`
          : `Did you mean \`${near}\`?`,
      position: positions[`key:${key}`] ?? cell.position,
    });
  }
  const own = Object.fromEntries(
    Object.entries(values).filter(([key]) => known.has(key) && !(axisKeys as readonly string[]).includes(key)),
  );
  if (hasExpression(own)) return problems;
  const checked = kind.configuration.safeParse(own, { error: configurationWords });
  if (checked.success) return problems;
  for (const issue of checked.error.issues) {
    problems.push({
      severity: "error",
      code: "cell.configuration",
      cell: cell.name,
      message: issueMessage(issue),
      cure: `\`${cell.kind}\` takes ${[...known].join(", ")}.`,
      position: issuePlace(issue, cell),
    });
  }
  return problems;
}

/** What is wrong with a value, with its path: `` `stop.1` must be a text``. */
export function issueMessage({ path, message }: Issue): string {
  return path.length === 0 ? message : `\`${path.join(".")}\` ${message}`;
}

/** Where the value stands, or the nearest one around it that is written: a short form has fewer levels than what it is short for. */
export function issuePlace({ path }: Pick<Issue, "path">, { configuration: { positions }, position }: Cell): Position {
  for (let length = path.length; length > 0; length -= 1) {
    const place = positions[path.slice(0, length).join(".")];
    if (place !== undefined) return place;
  }
  return position;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
