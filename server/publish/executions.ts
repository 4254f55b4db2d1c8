import { addressText } from "#server/notebook/address.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import type { Fork } from "#server/runner/prepared.ts";
import { resume } from "#server/runner/resume.ts";
import type { Money } from "#server/runner/run-services.ts";
import type { RunEvent } from "#server/runner/run-event.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Run, RunOptions, RunReport } from "#server/runner/start-run.ts";
import type { RequestKey, RequestRecord } from "#server/store/store.ts";
import { answerOf, type Answer } from "./answer.ts";
import { callerError } from "./caller-error.ts";
import type { OpenVersion } from "./open-versions.ts";
import type { Publications } from "./publications.ts";
import { readInputs } from "./read-inputs.ts";

/** A request that is under way in this process. */
export interface Execution {
  readonly id: string;
  readonly open: OpenVersion;
  /** The request as it is kept when its run has ended, or waits. */
  readonly ended: Promise<RequestRecord>;
  /** What its run tells, from the beginning on. */
  events(): AsyncIterable<RunEvent>;
  cancel(): void;
  /**
   * Says that somebody waits for the answer, and gives what says that they have left. When the last one has, a request whose
   * caller waited is cancelled; what was paid for stays in the journal.
   */
  attend(): () => void;
}

/** What is asked for. */
export interface Asked {
  readonly open: OpenVersion;
  readonly values: { readonly [name: string]: Value };
  /** JSON of the inputs as they were given. */
  readonly inputs: string;
  readonly mode: RequestRecord["mode"];
  readonly once?: RequestKey;
}

/** The requests of a workspace's published notebooks. */
export interface Executions {
  /** Begins a request. Where another began under its key, gives that one's id and what it asked for. */
  begin(asked: Asked): Promise<{ readonly execution: Execution } | { readonly holder: { id: string; body: string } }>;
  /** One that is under way here. */
  find(id: string): Execution | undefined;
  /** Goes on with what was under way when the server ended: what its callers ask for later runs on, what they waited for is cancelled. */
  continueOpen(): Promise<void>;
  /** Stops a request, and gives it as it is then: one that has ended stays as it ended. Null where there is none. */
  cancel(id: string): Promise<RequestRecord | null>;
  /** Continues what waits in a request, as `Session.resume` does. */
  resume(id: string, address: string, value: Datum): Promise<Execution>;
  /** Stops what is under way; what its callers ask for later goes on when a server starts again. */
  close(): Promise<void>;
}

export interface ExecutionSettings {
  readonly runtime: Runtime;
  readonly publications: Publications;
  /** The most one request may spend, US dollars. */
  readonly budget?: number;
}

type Start = (fork: Fork, options: RunOptions) => Run | Promise<Run>;

export function createExecutions({ runtime, publications, budget }: ExecutionSettings): Executions {
  const { requests } = runtime.store;
  const running = new Map<string, Execution>();
  let closing = false;

  function execute(
    begun: RequestRecord,
    open: OpenVersion,
    values: Asked["values"],
    continued: boolean,
    start: Start = (fork, options) => fork.start(options),
  ): Execution {
    const { id } = begun;
    let cancelled = false;
    let attending = 0;
    let run: Run | undefined;
    const started = Promise.withResolvers<Run | null>();

    async function work(): Promise<RequestRecord> {
      const fork = await open.prepared.fork(id, values, continued);
      run = await start(fork, {
        unattended: true,
        retryErrors: continued,
        ...(budget === undefined ? {} : { budget }),
      });
      if (cancelled) run.cancel();
      started.resolve(run);
      const report = await run.done;
      const money = continued ? await spentInAll(id, report.money, runtime) : report.money;
      const record = await recordOf(begun, fork, run, { ...report, money }, open);
      // What is left in the cache does no harm: it may be deleted at any time.
      if (record.status !== "waiting" && !closing) await fork.close().catch(() => {});
      return record;
    }

    async function finish(): Promise<RequestRecord> {
      let record: RequestRecord;
      try {
        record = await work();
      } catch (thrown) {
        started.resolve(null);
        record = brokenRecord(begun, thrown, runtime.now());
      }
      // What is asked for later goes on at the next start.
      if (closing && record.status === "cancelled" && begun.mode === "async") return record;
      await requests.put(record);
      if (record.status === "cancelled") await requests.release(id);
      return record;
    }

    const ended = finish().finally(() => running.delete(id));
    ended.catch(() => {});
    const execution: Execution = {
      id,
      open,
      ended,
      async *events() {
        const found = await started.promise;
        if (found !== null) yield* found.events();
      },
      cancel() {
        cancelled = true;
        run?.cancel();
      },
      attend() {
        attending += 1;
        let here = true;
        return () => {
          if (!here) return;
          here = false;
          attending -= 1;
          if (attending === 0 && begun.mode === "waited") execution.cancel();
        };
      },
    };
    running.set(id, execution);
    return execution;
  }

  async function recordOf(
    begun: RequestRecord,
    fork: Fork,
    run: Run,
    { outcome, money }: RunReport,
    open: OpenVersion,
  ): Promise<RequestRecord> {
    const errors = await errorsOf(run, fork);
    const spent = {
      results: toJson(fork.recorded),
      errors: toJson(errors),
      cost: money.unpriced > 0 ? null : money.cost,
      callsMade: money.made,
      callsCached: money.cached,
    };
    if (outcome === "waiting" || outcome === "budget") return { ...begun, ...spent, mode: "async", status: "waiting" };
    const endedAt = runtime.now();
    if (outcome === "cancelled") return { ...begun, ...spent, status: "cancelled", endedAt };
    const answer = await answerOf(fork, money, { version: open.version, runId: begun.id }, runtime.tables);
    // What was computed once for all callers is a cache, and somebody may have deleted it.
    if (errors.some(({ error }) => error.code === "sheet.frame" || error.code === "data.missing"))
      publications.drop(open);
    return {
      ...begun,
      ...spent,
      status: answer.outcome,
      answer: toJson(answer),
      endedAt,
    };
  }

  async function reopen(record: RequestRecord): Promise<{ open: OpenVersion; values: Asked["values"] } | null> {
    const open = await publications.open(record.slug, record.version);
    if (open === null) return null;
    const given = JSON.parse(record.inputs) as { readonly [name: string]: Datum };
    const { values } = await readInputs(open.prepared.notebook.front.inputs, given, open.runtime.tables);
    return { open, values };
  }

  return {
    async begin({ open, values, inputs, mode, once }) {
      const begun: RequestRecord = {
        id: runtime.newId(),
        slug: open.slug,
        version: open.version,
        mode,
        status: "running",
        inputs,
        answer: null,
        results: "[]",
        errors: "[]",
        startedAt: runtime.now(),
        endedAt: null,
        cost: null,
        callsMade: 0,
        callsCached: 0,
      };
      // Of a caller who waits without a key nothing needs to be known before the answer.
      const holder = mode === "async" || once !== undefined ? await requests.begin(begun, once) : null;
      return holder === null ? { execution: execute(begun, open, values, false) } : { holder };
    },

    find: (id) => running.get(id),

    async continueOpen() {
      for (const record of await requests.open()) {
        if (record.status === "waiting" || running.has(record.id)) continue;
        const again = record.mode === "async" ? await reopen(record) : null;
        if (again !== null) {
          execute(record, again.open, again.values, true);
          continue;
        }
        await requests.put({ ...record, status: "cancelled", endedAt: runtime.now() });
        await requests.release(record.id);
      }
    },

    async cancel(id) {
      const execution = running.get(id);
      execution?.cancel();
      const record = (await execution?.ended) ?? (await requests.get(id));
      if (record?.status !== "waiting") return record;
      const cancelled: RequestRecord = { ...record, status: "cancelled", endedAt: runtime.now() };
      await requests.put(cancelled);
      await requests.release(id);
      const place = placeOf(record);
      for (const { address } of await runtime.store.waits.list(place)) await runtime.store.waits.remove(place, address);
      return cancelled;
    },

    async resume(id, address, value) {
      const record = await requests.get(id);
      const again = record === null || record.status !== "waiting" ? null : await reopen(record);
      if (record === null || again === null) throw notWaiting(id);
      return execute({ ...record, status: "running" }, again.open, again.values, true, (fork, options) =>
        resume(address, value, fork.state, runtime, (_scope, more) => fork.start({ ...options, ...more })),
      );
    },

    async close() {
      closing = true;
      const all = [...running.values()];
      for (const execution of all) execution.cancel();
      await Promise.allSettled(all.map(({ ended }) => ended));
    },
  };
}

/** What a request has spent that goes on: its run's money with that of the calls it made before. */
async function spentInAll(id: string, { made, cached }: Money, { journal }: Runtime): Promise<Money> {
  const calls = await journal.list({ run: id, limit: mostCalls });
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

/** Calls of one request that are summed up. */
const mostCalls = 100_000;

/** Under what the sheets and the waits of a request are kept. */
export function placeOf({ slug, version, id }: Pick<RequestRecord, "slug" | "version" | "id">): string {
  return `${slug}@v${version}/${id}`;
}

function notWaiting(id: string): SheafError {
  return new SheafError("request.not-waiting", `no request ${id} waits`);
}

interface ErrorAt {
  readonly address: string;
  readonly error: CellError;
}

/** What went wrong in a run that has ended. */
async function errorsOf(run: Run, { recorded }: Fork): Promise<readonly ErrorAt[]> {
  if (!recorded.some(({ outcome }) => outcome === "error")) return [];
  const errors: ErrorAt[] = [];
  for await (const event of run.events())
    if (event.type === "result" && event.error !== null && event.outcome === "error")
      errors.push({ address: addressText(event.address), error: event.error });
  return errors;
}

/** A request whose run broke as a whole. */
function brokenRecord(begun: RequestRecord, thrown: unknown, endedAt: number): RequestRecord {
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
