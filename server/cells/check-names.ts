import { parseCheck } from "#evals/check.ts";
import { namesApart } from "#evals/combine-scores.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import { parseChecks } from "#server/notebook/references/expression-references.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The names under which a score's value has a verdict for each check; none where one check is its own verdict, for code, and for what is no list of checks. */
export function checkNames({
  configuration: { values },
  source,
}: Pick<Cell, "configuration" | "source">): readonly string[] {
  if (values["language"] !== undefined) return [];
  const { root } = parseChecks(source);
  const list: readonly Datum[] = Array.isArray(root) ? root : [];
  if (list.length === 1 && values["threshold"] === undefined) return [];
  try {
    return namesApart(list.map((check) => parseCheck(check).name));
  } catch (thrown) {
    if (thrown instanceof SheafError) return [];
    throw thrown;
  }
}
