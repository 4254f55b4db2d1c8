import type { Range } from "#server/models/estimate.ts";
import { eachEnd } from "#server/models/predict-calls.ts";
import type { Value } from "#server/notebook/value.ts";
import { runEstimate } from "#server/runner/estimate.ts";
import type { OpenVersion } from "./open-versions.ts";

/** What a request would come to, before anything is sent; its members are the API's. */
export interface DryRun {
  readonly dryRun: true;
  readonly version: number;
  /** Outputs, and how many cells they need. */
  readonly plan: { readonly outputs: readonly string[]; readonly cells: number };
  readonly calls: {
    /** Calls that would be made. */
    readonly made: number;
    /** Calls that the journal answers. */
    readonly cached: number;
    /** Results whose calls hang on answers that are not there yet: up to so many calls more, at least. */
    readonly open: number;
  };
  /** Tokens of the calls that would be made. */
  readonly tokens: { readonly input: Range; readonly output: Range };
  /** US dollars of those; null where a model has no known price. */
  readonly cost: Range | null;
  /** Null where a model was never called. */
  readonly seconds: number | null;
}

/** Works out what a request would send. What sends nothing is computed for it. */
export async function dryRun(
  id: string,
  open: OpenVersion,
  values: { readonly [name: string]: Value },
): Promise<DryRun> {
  const { prepared, version } = open;
  const fork = await prepared.fork(id, values);
  try {
    const estimate = await fork.estimate();
    const { known, open: unknown } = estimate;
    const { input, output } = runEstimate(estimate);
    return {
      dryRun: true,
      version,
      plan: { outputs: prepared.graph.front.outputs, cells: prepared.plan.steps.length },
      calls: { made: known.calls, cached: known.cached + known.equal, open: unknown },
      tokens: { input: rounded(input), output: rounded(output) },
      cost: known.unpriced.length > 0 ? null : known.cost,
      seconds: known.seconds === null ? null : Number(known.seconds.likely.toFixed(1)),
    };
  } finally {
    await fork.close();
  }
}

function rounded(range: Range): Range {
  return eachEnd((end) => Math.round(range[end]));
}
