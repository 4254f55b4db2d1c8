import type { Range } from "#server/models/estimate.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { openPrepared, type Fork, type Prepared } from "#server/runner/prepared.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { compareContracts, type Difference, type Seen } from "./compare-contracts.ts";
import { contractOf } from "./contract.ts";
import type { OpenVersion } from "./open-versions.ts";
import type { Publications } from "./publications.ts";
import { readInputs } from "./read-inputs.ts";
import { resolvedModels } from "./resolved-models.ts";

/**
 * What callers of a slug's live version would notice if this text were published; null where nothing is live. A request's price
 * is worked out for the inputs of the last one, or the defaults, as if nothing were in the journal. Nothing is sent. Of a live version that
 * cannot run here any more, as its model is gone, that alone is told: publishing is what mends it.
 */
export async function draftDifferences(
  slug: string,
  text: string,
  publications: Publications,
  runtime: Runtime,
): Promise<readonly Difference[] | null> {
  let live: OpenVersion | null;
  try {
    live = await publications.open(slug);
  } catch (thrown) {
    if (!(thrown instanceof SheafError)) throw thrown;
    const text = `the live version cannot run here any more, so what else changes cannot be told: ${thrown.message}`;
    return [{ breaks: false, text }];
  }
  if (live === null) return null;
  const draft = await openPrepared(runtime, { path: slug, text });
  const [last] = await runtime.store.requests.list(slug, 1);
  const inputs = last === undefined ? {} : (JSON.parse(last.inputs) as { readonly [name: string]: Datum });
  return compareContracts(await seen(live.prepared, inputs, live.runtime), await seen(draft, inputs, runtime));
}

async function seen(prepared: Prepared, inputs: { readonly [name: string]: Datum }, runtime: Runtime): Promise<Seen> {
  return {
    contract: contractOf(prepared.graph, prepared.plan),
    models: resolvedModels(prepared, runtime.models),
    price: await priceOf(prepared, inputs, runtime),
  };
}

/** What a request costs; null where an input is missing, a model has no known price, or an answer that is not there decides. */
async function priceOf(
  { fork, notebook }: Prepared,
  given: { readonly [name: string]: Datum },
  runtime: Runtime,
): Promise<Range | null> {
  const { inputs } = notebook.front;
  const known = Object.fromEntries(
    Object.entries(given).filter(([name]) => inputs.some((input) => input.name === name)),
  );
  const { values, problems } = await readInputs(inputs, known, runtime.tables);
  if (problems.length > 0) return null;
  let tried: Fork;
  try {
    tried = await fork(runtime.newId(), values);
  } catch {
    // What was asked once, and is no value here, is no reason to publish nothing.
    return null;
  }
  try {
    const { known, open } = await tried.estimate({ anew: true });
    return open > 0 || known.unpriced.length > 0 ? null : known.cost;
  } finally {
    await tried.close();
  }
}
