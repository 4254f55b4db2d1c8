import { parseAddress } from "#server/notebook/address.ts";
import { readersOf, type RowScope, type Scope } from "#server/notebook/plan.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Wait } from "#server/store/store.ts";
import type { EndsInBatch } from "#server/models/batches/batch-desk.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import type { Run, RunOptions } from "./start-run.ts";

/**
 * Continues what waits at an address. Of a licence the value is `true`: the agreement is kept with its text, and everything
 * that waited for it goes on. Of a budget it is a number: the US dollars the run that goes on may spend.
 * Of a batch it is anything: what the provider has answered goes to the journal. Throws `resume.not-waiting`, `resume.not-agreed`,
 * `resume.no-budget`, or `resume.not-yet` for what no release can continue.
 */
export async function resume(
  address: string,
  value: Datum,
  state: SessionState,
  runtime: Runtime,
  run: (scope: Scope, options: RunOptions) => Run,
  options: RunOptions = {},
): Promise<Run> {
  const waits = await runtime.store.waits.list(state.place);
  const wait = waits.find((candidate) => candidate.address === address);
  if (wait === undefined)
    throw new SheafError("resume.not-waiting", `nothing waits at ${address}`, {
      cure: waits.length === 0 ? "Nothing waits." : `What waits: ${waits.map((one) => one.address).join(", ")}.`,
    });
  switch (wait.reason) {
    case "licence": {
      if (value !== true)
        throw new SheafError("resume.not-agreed", `${wait.subject} waits for an agreement`, {
          cure: "Give `true` to agree to its terms.",
        });
      await runtime.store.consents.give(wait.subject, termsOf(wait, runtime), runtime.now());
      const together = waits.filter(({ reason, subject }) => reason === wait.reason && subject === wait.subject);
      return run(continued(together, state), { retryErrors: true, ...options });
    }
    case "budget": {
      if (typeof value !== "number" || !(value > 0))
        throw new SheafError("resume.no-budget", `${address} waits for a budget`, {
          cure: "Give the US dollars the run may spend, as in 2.5.",
        });
      const together = waits.filter(({ reason }) => reason === wait.reason);
      return run(continued(together, state), { ...options, budget: value });
    }
    case "batch": {
      const { rows, ends } = await collect(wait, runtime);
      const together = waits.filter(({ reason, subject }) => reason === wait.reason && subject === wait.subject);
      // Only what waited goes on: other rows of its sheets were not asked for.
      return run(continued(together, state), { rows, wereInBatch: ends, ...options });
    }
    default:
      throw new SheafError("resume.not-yet", `${address} waits for a ${wait.reason}, which cannot be given here`);
  }
}

/** Collects the batches that are waited for, and gives the rows that waited and how their calls ended; throws where they have not ended. */
async function collect(
  { subject }: Wait,
  { batches }: Runtime,
): Promise<{ readonly rows: { readonly [sheet: string]: RowScope }; readonly ends: EndsInBatch }> {
  const found = await batches.collect(subject, new AbortController().signal);
  if (found.state === "collected") {
    const rows = Object.entries(found.rows).map(([sheet, some]) => [sheet, { type: "rows", rows: some }] as const);
    return { rows: Object.fromEntries(rows), ends: found.ends };
  }
  if (found.state === "none")
    throw new SheafError("resume.no-batch", "its batch was collected before, or was never sent", {
      cure: "Run the cells that wait: what was answered is in the journal.",
    });
  const { done, total, until, cancelling } = found;
  const latest =
    until === null ? "" : `, and gives up at ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  throw new SheafError(
    "resume.not-yet",
    `the batch is ${cancelling ? "being cancelled" : "not answered yet"}: the provider has ${done} of ${total}${latest}`,
    {
      cure: "Look again later. It goes on without this program.",
    },
  );
}

/** What is agreed to, as it was shown: the model's own terms, or else what the wait said. */
function termsOf({ subject, message }: Wait, { modelFiles }: Runtime): string {
  return modelFiles.models.find(({ name }) => name === subject)?.licence.agreement ?? message;
}

/** The cells that waited, and all that reads them: they were blocked. */
function continued(waits: readonly Wait[], { graph }: SessionState): Scope {
  const readers = readersOf(graph);
  const cells = new Set<string>(waits.map(({ address }) => parseAddress(address).cell));
  for (const cell of cells) {
    for (const reader of readers.get(cell) ?? []) cells.add(reader);
    for (const reader of readers.get(`${cell}#each`) ?? []) cells.add(reader);
  }
  return { type: "cells", cells: [...cells] };
}
