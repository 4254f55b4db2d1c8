import { addressText } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { ChatCall } from "#server/notebook/services.ts";
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
  { caller, models, batches }: Runtime,
  run: { readonly run: string; readonly notebook: string; readonly sheetOf: (cell: string) => string | null },
): RunBatch {
  const gathered = new Map<
    string,
    { readonly calls: Map<string, CallOfBatch>; readonly rows: Map<string, Set<string>> }
  >();
  const subjectOf = (model: string): string => `${run.run} ${model}`;
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
      if (!calls.has(key)) calls.set(key, { key, address: addressText(address), step, request });
      const sheet = run.sheetOf(address.cell);
      const row = sheet === null ? undefined : address.at[sheet];
      if (row !== undefined) rows.set(sheet!, (rows.get(sheet!) ?? new Set()).add(row));
      return batchWait(subjectOf(model), model);
    },
    async submit() {
      const { run: id, notebook } = run;
      for (const [model, { calls, rows }] of gathered) {
        const ofSheets = Object.fromEntries([...rows].map(([sheet, some]) => [sheet, [...some]]));
        await batches.submit(subjectOf(model), { run: id, notebook, model, rows: ofSheets }, [...calls.values()]);
      }
      gathered.clear();
    },
  };
}
