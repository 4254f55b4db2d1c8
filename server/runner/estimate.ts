import { addressText } from "#server/notebook/address.ts";
import type { Plan, Step } from "#server/notebook/plan.ts";
import { mayCall } from "#server/notebook/model-field.ts";
import { scalarKey } from "#server/notebook/scalar-key.ts";
import type { Services } from "#server/notebook/services.ts";
import type { EndsInBatch } from "#server/models/batches/batch-desk.ts";
import type { Caller } from "#server/models/caller.ts";
import type { CallsEstimate, CallToCome } from "#server/models/estimate.ts";
import { withEmbeddings } from "#server/models/estimate-embeddings.ts";
import type { RunEstimate } from "#server/store/store.ts";
import { embeddingsToCome, type EmbeddingAhead } from "./embeddings-to-come.ts";
import { gatherCalls, type GatheredCalls, type PlannedCalls, type PlannedItem } from "./planned-calls.ts";
import { plannedRows } from "./planned-rows.ts";
import { areSheetsOpen, outsideReads } from "./outside-reads.ts";
import type { ViewContext } from "./run-context.ts";
import { planningServices } from "./planning-services.ts";
import type { Runtime } from "./runtime.ts";
import { scalarItem } from "./scalar-item.ts";
import { isUnfit } from "./scalar-step.ts";
import { sessionLookup } from "./session-lookup.ts";

/** What a run would send, before it sends anything. */
export interface Estimate {
  /** Calls whose requests are known: all they read is there. */
  readonly known: CallsEstimate;
  /** Addresses whose requests depend on answers that are not there yet: up to so many calls more. */
  readonly open: number;
}

/** Rows looked at one by one; of more, the rest is taken to be like them. */
const sampledRows = 1000;

/** How a run would take answers that are there. */
export interface EstimateOptions {
  /** As if the journal had none of the answers. */
  readonly anew?: boolean;
  /** Every call is sent by itself. */
  readonly again?: boolean;
  /** Calls that were in a batch: the answers they had there are taken whatever their age. */
  readonly wereInBatch?: EndsInBatch;
}

/** Works out the calls of a plan's steps that call models, from what is there now. Nothing is sent. */
export async function estimatePlan(
  plan: Plan,
  context: ViewContext,
  runtime: Pick<Runtime, "caller" | "embeddings" | "models" | "retrieval" | "services">,
  { anew = false, again = false, wereInBatch = new Map() }: EstimateOptions = {},
): Promise<Estimate> {
  const { caller, embeddings, retrieval } = runtime;
  const planning = planningServices(runtime);
  const calls: CallToCome[] = [];
  const embedded: EmbeddingAhead[] = [];
  let open = 0;
  for (const step of plan.steps) {
    const node = context.state.graph.nodes.get(step.node)!;
    // What this machine embeds sends nothing.
    const mayEmbed = step.effect === "paid" && node.kind?.embeds !== undefined;
    if (!mayCall(node) && !mayEmbed) continue;
    const found =
      node.sheet === null
        ? await scalarCalls(step, context, planning)
        : await plannedRows(step, context, planning, sampledRows);
    calls.push(...found.calls);
    embedded.push(...found.embedded);
    open += found.open;
  }
  const asked = again
    ? calls.map((call) => ({ ...call, maximumAge: 0 }))
    : await withAnswersOfBatches(calls, wereInBatch, caller);
  const known = await caller.estimate(asked, { anew });
  if (embedded.length === 0) return { known, open };
  const toCome = await embeddingsToCome(embedded, retrieval);
  return { known: withEmbeddings(known, await embeddings.estimate(toCome)), open };
}

/** An estimate as the record of its run keeps it. */
export function runEstimate({ known, open }: Estimate): RunEstimate {
  const { calls, input, output, cost, unpriced, seconds } = known;
  return { calls, open, input, output, cost, unpriced, seconds };
}

/** The calls, those that a batch answered with any age. */
async function withAnswersOfBatches(
  calls: readonly CallToCome[],
  ends: EndsInBatch,
  { callKey }: Pick<Caller, "callKey">,
): Promise<readonly CallToCome[]> {
  if (ends.size === 0) return calls;
  return Promise.all(
    calls.map(async (call) => {
      const { maximumAge, ...ofAnyAge } = call;
      if (maximumAge === undefined) return call;
      const key = await callKey(call).catch(() => "");
      return ends.get(key) === "done" ? ofAnyAge : call;
    }),
  );
}

async function scalarCalls(step: Step, context: ViewContext, planning: Services): Promise<PlannedCalls> {
  const { state } = context;
  const node = state.graph.nodes.get(step.node)!;
  if (!areSheetsOpen(node, state)) return { calls: [], embedded: [], open: step.variants.length };
  const outside = await outsideReads(node, context);
  const items: PlannedItem[] = [];
  let open = 0;
  for (const at of step.variants) {
    const text = addressText({ cell: node.id, at });
    if (state.overrides.has(text)) continue;
    const { key, unsettled } = scalarKey(node, at, state.graph, sessionLookup(state));
    const result = state.results.get(text);
    if (!step.force && unsettled.length === 0 && result?.key === key && result.outcome === "ok") continue;
    if (unsettled.length > 0) {
      open += 1;
      continue;
    }
    try {
      const found = await scalarItem(node, at, outside, context);
      if (found.type === "blocked") open += 1;
      else if (found.type === "item" && found.item !== null) {
        const anew = context.retryErrors === true && isUnfit(result, key);
        items.push({ at, item: found.item, times: 1, anew });
      }
    } catch {
      // What cannot be put together sends nothing; its error is shown when it runs.
    }
  }
  const gathered: GatheredCalls = { calls: [], embedded: [] };
  open += await gatherCalls(gathered, node, items, state, planning);
  return { ...gathered, open };
}
