import { amountTexts } from "#server/notebook/amount-text.ts";
import { addressText } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { ChatCall } from "#server/notebook/services.ts";
import { batchShare } from "#server/models/batches/batch-price.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CallOfBatch, EndsInBatch, WaitInBatch } from "#server/models/batches/batch-desk.ts";
import { takeTurns } from "#server/process/take-turns.ts";
import type { Runtime } from "./runtime.ts";

/** The calls of a run that are sent together when all of it is known. */
export interface RunBatch {
  /** Whether a call can be one of a batch: its model has them, it was in none, and it mends no answer. */
  takes(call: ChatCall): Promise<boolean>;
  /**
   * Puts a call in, once for its key, and gives what its result waits for. Rejects as the call itself would where its model cannot be
   * asked or cannot answer it: it is not in the batch then.
   */
  add(call: ChatCall, kept?: Pick<CallOfBatch, "keep">): Promise<WaitingOn>;
  /** Sends what was put in. */
  submit(signal: AbortSignal): Promise<void>;
}

/** What a result waits for whose call is in a batch. */
export function batchWait({ subject, unwritten }: WaitInBatch, model: string): WaitingOn {
  const message =
    unwritten === undefined
      ? `it waits for a batch of ${model}, which is answered within a day at half the price`
      : `its batch of ${model} is answered, and its answer could not be written: ${unwritten}`;
  return { reason: "batch", subject, message };
}

export function createRunBatch(
  { caller, models, batches, budgets }: Runtime,
  run: {
    readonly run: string;
    readonly notebook: string;
    /** What the run may still spend, US dollars; null for no bound. */
    readonly budgetLeft: () => number | null;
    /** Calls that were in a batch. */
    readonly wereInBatch: EndsInBatch;
    readonly sheetOf: (cell: string) => string | null;
  },
): RunBatch {
  const gathered = new Map<string, Gathered>();
  /** A line has its pictures whole, and a sheet asks for all of its rows at once. */
  const inTurn = takeTurns();
  const subjectOf = (model: string): string => `${run.run} ${model}`;
  /**
   * What each model's calls may cost at most, for half the price, reserved in all budgets there are: no budget stops a batch in its
   * middle, and it is sent only where all of it fits.
   */
  async function reserve(): Promise<ReadonlyMap<string, number | null>> {
    const costs = new Map<string, number | null>();
    for (const [model, { planned }] of gathered) {
      const { cost, unpriced } = await caller.estimate(planned, { anew: true });
      costs.set(model, unpriced.length > 0 ? null : cost.high * batchShare);
    }
    const all = [...costs.values()];
    const cost = all.includes(null) ? null : all.reduce<number>((sum, one) => sum + one!, 0);
    const ofRun = run.budgetLeft();
    if (ofRun !== null && (cost === null || cost > ofRun)) throw overBudget(cost, ofRun);
    const reserved = await budgets.reserve(run, cost);
    if (!reserved.fits) throw overBudget(cost, reserved.left);
    return costs;
  }

  return {
    async takes(call) {
      if (models.chatModel(call.model).batches === undefined) return false;
      // What comes of a batch has waited for a day, and is mended at once.
      return call.step === 0 && !run.wereInBatch.has(await caller.callKey(call));
    },
    async add(call, kept = {}) {
      const { model, address, step } = call;
      const request = await caller.prepare(call);
      const key = await caller.callKey(call);
      await inTurn(() => models.chatModel(model).batches!.line({ id: key, request }));
      const of: Gathered = gathered.get(model) ?? { planned: [], calls: new Map(), rows: new Map() };
      const { planned, calls, rows } = of;
      gathered.set(model, of);
      if (!calls.has(key)) {
        planned.push(call);
        calls.set(key, { key, address: addressText(address), step, request, ...kept });
      }
      const sheet = run.sheetOf(address.cell);
      const row = sheet === null ? undefined : address.at[sheet];
      if (row !== undefined) rows.set(sheet!, (rows.get(sheet!) ?? new Set()).add(row));
      return batchWait({ subject: subjectOf(model) }, model);
    },
    async submit(signal) {
      const { run: id, notebook } = run;
      if (gathered.size === 0) return;
      const costs = await reserve();
      try {
        for (const [model, { calls, rows }] of gathered) {
          const ofSheets = Object.fromEntries([...rows].map(([sheet, some]) => [sheet, [...some]]));
          const made = { run: id, notebook, model, rows: ofSheets, reserved: costs.get(model)! };
          await batches.submit(subjectOf(model), made, [...calls.values()], signal);
        }
      } finally {
        // What was not sent is not reserved any more.
        budgets.release(run);
      }
      gathered.clear();
    },
  };
}

/** The calls of a model, one for each key, and the rows that wait for them. */
interface Gathered {
  readonly planned: ChatCall[];
  readonly calls: Map<string, CallOfBatch>;
  readonly rows: Map<string, Set<string>>;
}

function overBudget(cost: number | null, left: number): SheafError {
  const [rest, most] = amountTexts(left, cost ?? left);
  const much = cost === null ? "an unknown amount" : `up to ${most}`;
  return new SheafError("batch.over-budget", `the batch may cost ${much}, and ${rest} may be spent: nothing was sent`, {
    cure: "Raise the budget, or run fewer rows.",
  });
}
