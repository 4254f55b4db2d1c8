import { addressText } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { ChatCall } from "#server/notebook/services.ts";
import { batchShare } from "#server/models/batches/batch-price.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CallOfBatch } from "#server/models/batches/batch-desk.ts";
import type { Runtime } from "./runtime.ts";

/** The calls of a run that are sent together when all of it is known. */
export interface RunBatch {
  /** Whether a call can be one of a batch: its model has them, and it has no pictures. */
  takes(call: ChatCall): boolean;
  /** Puts a call in, once for its key, and gives what its result waits for. */
  add(call: ChatCall): Promise<WaitingOn>;
  /** Sends what was put in. */
  submit(): Promise<void>;
}

/** What a result waits for whose call is in a batch. */
export function batchWait(subject: string, model: string): WaitingOn {
  const message = `it waits for a batch of ${model}, which is answered within a day at half the price`;
  return { reason: "batch", subject, message };
}

export function createRunBatch(
  { caller, models, batches, budgets }: Runtime,
  run: {
    readonly run: string;
    readonly notebook: string;
    /** US dollars; null for no bound. */
    readonly budget: number | null;
    readonly sheetOf: (cell: string) => string | null;
  },
): RunBatch {
  const gathered = new Map<
    string,
    { readonly calls: Map<string, CallOfBatch>; readonly rows: Map<string, Set<string>> }
  >();
  const planned: ChatCall[] = [];
  const subjectOf = (model: string): string => `${run.run} ${model}`;
  /** A batch cannot be stopped in its middle: it is sent only where all of it fits into the budgets there are. */
  async function checkBudgets(): Promise<void> {
    const held = (await budgets.list()).filter(({ scope }) => scope.type === "day" || scope.notebook === run.notebook);
    const left = Math.min(run.budget ?? Number.POSITIVE_INFINITY, ...held.map(({ amount, spent }) => amount - spent));
    if (left === Number.POSITIVE_INFINITY) return;
    const { cost, unpriced } = await caller.estimate(planned);
    if (unpriced.length === 0 && cost.high * batchShare <= left) return;
    const much = unpriced.length > 0 ? "an unknown amount" : `up to $${(cost.high * batchShare).toFixed(2)}`;
    throw new SheafError(
      "batch.over-budget",
      `the batch may cost ${much}, and $${left.toFixed(2)} may be spent: nothing was sent`,
      {
        cure: "Raise the budget, or run fewer rows.",
      },
    );
  }

  return {
    takes: ({ model, images = [] }) => models.chatModel(model).batches !== undefined && images.length === 0,
    async add(call) {
      const { model, messages, completion, parameters, schema, address, step } = call;
      const request = {
        messages,
        parameters,
        ...(completion === undefined ? {} : { completion }),
        ...(schema === undefined ? {} : { schema }),
      };
      const key = await caller.callKey(call);
      const { calls, rows } = gathered.get(model) ?? { calls: new Map<string, CallOfBatch>(), rows: new Map() };
      gathered.set(model, { calls, rows });
      if (!calls.has(key)) planned.push(call);
      if (!calls.has(key)) calls.set(key, { key, address: addressText(address), step, request });
      const sheet = run.sheetOf(address.cell);
      const row = sheet === null ? undefined : address.at[sheet];
      if (row !== undefined) rows.set(sheet!, (rows.get(sheet!) ?? new Set()).add(row));
      return batchWait(subjectOf(model), model);
    },
    async submit() {
      const { run: id, notebook } = run;
      if (gathered.size > 0) await checkBudgets();
      for (const [model, { calls, rows }] of gathered) {
        const ofSheets = Object.fromEntries([...rows].map(([sheet, some]) => [sheet, [...some]]));
        await batches.submit(subjectOf(model), { run: id, notebook, model, rows: ofSheets }, [...calls.values()]);
      }
      gathered.clear();
    },
  };
}
