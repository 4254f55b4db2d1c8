import type { BaselineComparison, ChangedResult } from "#evals/compare-with-baseline.ts";
import { parseAddress, type Coordinates } from "#server/notebook/address.ts";
import { rowAndLabels } from "#server/notebook/baseline.ts";
import type { Datum } from "#server/notebook/value.ts";
import { baselineName, readBaseline } from "#server/runner/baseline-file.ts";
import { compareBaseline } from "#server/runner/compare-baseline.ts";
import { rowTexts } from "#server/runner/row-texts.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";

/** A notebook as it stands beside its baseline, as a page shows it. */
export interface BesideBaseline extends Omit<BaselineComparison, "changes"> {
  /** The file's name. */
  readonly name: string;
  /** The first that are worse. */
  readonly worse: readonly WorseResult[];
}

/** A result that is worse, with its place apart. */
export interface WorseResult extends Pick<ChangedResult, "then" | "now"> {
  readonly cell: string;
  readonly labels: Coordinates;
  /** The row's identity, and something to know it by; null outside sheets. */
  readonly row: string | null;
  readonly text: Datum;
}

const mostShown = 50;

/** Compares the results that are there with the baseline beside a notebook's file; null where there is none. Throws what `readBaseline` throws. */
export async function besideBaseline(
  notebook: string,
  session: Session,
  runtime: Runtime,
): Promise<BesideBaseline | null> {
  const baseline = await readBaseline(notebook);
  if (baseline === null) return null;
  const { changes, ...comparison } = await compareBaseline(baseline, session, runtime);
  const worse = changes.filter(({ change }) => change === "worse").slice(0, mostShown);
  const texts = await rowTexts(
    worse.map(({ address }) => address),
    { state: session.state, tables: runtime.tables },
  );
  return {
    ...comparison,
    name: baselineName(notebook),
    worse: worse.map(({ address, then, now }) => {
      const { cell, at } = parseAddress(address);
      return { cell, ...rowAndLabels(cell, at), text: texts.get(address) ?? null, then, now };
    }),
  };
}
