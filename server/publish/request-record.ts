import { addressText } from "#server/notebook/address.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { Fork } from "#server/runner/prepared.ts";
import type { Money } from "#server/runner/run-money.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Run, RunReport } from "#server/runner/start-run.ts";
import type { RequestRecord } from "#server/store/store.ts";
import { answerOf, type Answer } from "./answer.ts";
import { callerError } from "./caller-error.ts";

/** A request that begins. */
export function beginningRecord(
  request: Pick<RequestRecord, "id" | "slug" | "version" | "mode" | "inputs" | "startedAt">,
): RequestRecord {
  return {
    ...request,
    status: "running",
    answer: null,
    results: "[]",
    errors: "[]",
    endedAt: null,
    cost: null,
    callsMade: 0,
    callsCached: 0,
  };
}

/** A run that has come to its end, or waits, with what was computed in it. */
export interface EndedRun {
  readonly fork: Fork;
  readonly run: Run;
  readonly report: RunReport;
}

/** Something that went wrong, for the one who published the notebook. */
export interface ErrorAt {
  readonly address: string;
  readonly error: CellError;
}

/** What went wrong in a run: of equal errors in a sheet's column the first. */
export async function errorsOf({ fork, run }: EndedRun): Promise<readonly ErrorAt[]> {
  if (!fork.recorded.some(({ outcome }) => outcome === "error")) return [];
  const errors: ErrorAt[] = [];
  for await (const event of run.events())
    if (event.type === "result" && event.error !== null && event.outcome === "error")
      errors.push({ address: addressText(event.address), error: event.error });
  return errors;
}

/** The request of a run that has ended or waits. `continued` says that it began before, and may have made calls then. */
export async function endedRecord(
  begun: RequestRecord,
  { fork, report }: EndedRun,
  errors: readonly ErrorAt[],
  continued: boolean,
  runtime: Runtime,
): Promise<RequestRecord> {
  const { id, version } = begun;
  const money = continued ? await spentInAll(id, report.money, runtime) : report.money;
  const record: RequestRecord = {
    ...begun,
    results: toJson(fork.recorded),
    errors: toJson(errors),
    cost: money.unpriced > 0 ? null : money.cost,
    callsMade: money.made,
    callsCached: money.cached,
  };
  switch (report.outcome) {
    case "waiting":
    case "budget":
      return { ...record, mode: "async", status: "waiting" };
    case "cancelled":
      return { ...record, status: "cancelled", endedAt: runtime.now() };
    case "done":
    case "failed": {
      const answer = await answerOf(fork, money, { version, runId: id }, runtime.tables);
      return { ...record, status: answer.outcome, answer: toJson(answer), endedAt: runtime.now() };
    }
  }
}

/** A request whose run broke as a whole. */
export function brokenRecord(begun: RequestRecord, thrown: unknown, endedAt: number): RequestRecord {
  const answer: Answer = {
    outputs: {},
    usage: { input: 0, output: 0, calls: { made: 0, cached: 0 } },
    cost: null,
    version: begun.version,
    runId: begun.id,
    outcome: "failed",
    error: { ...callerError({ code: "internal" }), outputs: [] },
  };
  const errors: readonly ErrorAt[] = [{ address: "", error: toCellError(thrown) }];
  return { ...begun, status: "failed", answer: toJson(answer), errors: toJson(errors), endedAt };
}

/** Under what the sheets and the waits of a request are kept: the place of its fork. */
export function placeOf({ slug, version, id }: Pick<RequestRecord, "slug" | "version" | "id">): string {
  return `${slug}@v${version}/${id}`;
}

/** Calls of one request that are summed up. */
const mostCalls = 100_000;

/** What a request has spent that goes on: its run's money with that of the calls it made before. */
async function spentInAll(id: string, { made, cached }: Money, { journal }: Runtime): Promise<Money> {
  const calls = await journal.list({ run: id, limit: mostCalls, bodies: false });
  const ends = calls.map(({ end }) => end);
  const sum = (figure: (end: NonNullable<(typeof ends)[number]>) => number | undefined): number =>
    ends.reduce((total, end) => total + (end === null ? 0 : (figure(end) ?? 0)), 0);
  return {
    made: calls.length,
    // What it paid for itself is no gift of the journal's.
    cached: Math.max(0, cached - (calls.length - made)),
    cost: sum((end) => end.cost ?? 0),
    unpriced: ends.filter((end) => end === null || end.cost === null).length,
    input: sum((end) => end.usage.input),
    output: sum((end) => end.usage.output),
  };
}
