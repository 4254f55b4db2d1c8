import type { Graph } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import { isOfWorkspace } from "#server/runner/budget-scope.ts";
import { resume } from "#server/runner/resume.ts";
import type { RunEvent } from "#server/runner/run-event.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Run, RunOptions } from "#server/runner/start-run.ts";
import type { RequestKey, RequestRecord } from "#server/store/store.ts";
import type { OpenVersion } from "./open-versions.ts";
import type { Publications } from "./publications.ts";
import { readInputs } from "./read-inputs.ts";
import { beginningRecord, brokenRecord, endedRecord, errorsOf, placeOf, type EndedRun } from "./request-record.ts";

/** A request that is under way in this process. */
export interface Execution {
  readonly id: string;
  readonly open: OpenVersion;
  /** The request as it is kept when its run has ended, or waits. */
  readonly ended: Promise<RequestRecord>;
  /** Whether it was stopped, and ends as soon as it can. */
  readonly cancelled: boolean;
  /** The notebook as it is with what the caller gave. */
  graph(): Promise<Graph>;
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
  /** Goes on with what waits for an agreement that was given since, or for a budget of the workspace where those have changed since it last tried. */
  continueWaiting(): Promise<void>;
  /** Stops a request, and gives it as it is then: one that has ended stays as it ended. Null where there is none. */
  cancel(id: string): Promise<RequestRecord | null>;
  /**
   * Continues what waits in a request, as `Session.resume` does. Throws what that throws, and `request.not-waiting`; the request
   * waits on then.
   */
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

/** Starts the run of a request. */
type Launch = () => Promise<Pick<EndedRun, "fork" | "run">>;

export function createExecutions({ runtime, publications, budget }: ExecutionSettings): Executions {
  const { requests, waits } = runtime.store;
  const running = new Map<string, Execution>();
  /** How the workspace's budgets were when a request that waits for one last tried. */
  const triedWith = new Map<string, string>();
  /** The last thing done with each request that waits: it goes on, is resumed or is stopped, one after the other. */
  const turns = new Map<string, Promise<unknown>>();
  let closing = false;

  function optionsOf(continued: boolean): RunOptions {
    return { unattended: true, retryErrors: continued, ...(budget === undefined ? {} : { budget }) };
  }

  function begin(begun: RequestRecord, open: OpenVersion, values: Asked["values"], continued: boolean): Execution {
    return execute(begun, open, continued, async () => {
      const fork = await open.prepared.fork(begun.id, values, continued);
      return { fork, run: fork.start(optionsOf(continued)) };
    });
  }

  function execute(begun: RequestRecord, open: OpenVersion, continued: boolean, launch: Launch): Execution {
    const { id } = begun;
    let cancelled = false;
    let attending = 0;
    let run: Run | undefined;
    const started = Promise.withResolvers<Awaited<ReturnType<Launch>> | null>();

    async function work(): Promise<RequestRecord> {
      const launched = await launch();
      run = launched.run;
      if (cancelled) run.cancel();
      started.resolve(launched);
      const ended = { ...launched, report: await run.done };
      const errors = await errorsOf(ended);
      // What was computed once for all callers is a cache, and somebody may have deleted it.
      if (errors.some(({ error }) => error.code === "sheet.frame" || error.code === "data.missing"))
        publications.drop(open);
      const record = await endedRecord(begun, ended, errors, continued, runtime);
      // What is left in the cache does no harm: it may be deleted at any time.
      if (record.status !== "waiting" && !closing) await ended.fork.close().catch(() => {});
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
    // Whoever waits is told. What could not be kept is still under way for the store, and goes on at the next start.
    ended.catch(() => {});
    const execution: Execution = {
      id,
      open,
      ended,
      get cancelled() {
        return cancelled;
      },
      async graph() {
        return (await started.promise)?.fork.state.graph ?? open.prepared.graph;
      },
      async *events() {
        const found = await started.promise;
        if (found !== null) yield* found.run.events();
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

  async function reopen(record: RequestRecord): Promise<{ open: OpenVersion; values: Asked["values"] }> {
    const open = (await publications.open(record.slug, record.version))!;
    const given = JSON.parse(record.inputs, exactInteger) as { readonly [name: string]: Datum };
    const { values } = await readInputs(open.prepared.notebook.front.inputs, given, open.runtime.tables);
    return { open, values };
  }

  async function inTurn<Answer>(id: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = turns.get(id) ?? Promise.resolve();
    const own = before.then(work, work);
    turns.set(id, own);
    try {
      return await own;
    } finally {
      if (turns.get(id) === own) turns.delete(id);
    }
  }

  /** Runs on from what was paid for. Where its version cannot run any more, that is this request's answer, and others go on. */
  async function goOn(record: RequestRecord): Promise<void> {
    try {
      const { open, values } = await reopen(record);
      // It goes on at the next start.
      if (!closing) begin(record, open, values, true);
    } catch (thrown) {
      await requests.put(brokenRecord(record, thrown, runtime.now()));
    }
  }

  async function stop(record: RequestRecord): Promise<RequestRecord> {
    const stopped: RequestRecord = { ...record, status: "cancelled", endedAt: runtime.now() };
    await requests.put(stopped);
    await requests.release(record.id);
    const place = placeOf(record);
    for (const { address } of await waits.list(place)) await waits.remove(place, address);
    return stopped;
  }

  return {
    async begin({ open, values, inputs, mode, once }) {
      const { slug, version } = open;
      const begun = beginningRecord({ id: runtime.newId(), slug, version, mode, inputs, startedAt: runtime.now() });
      // Of a caller who waits without a key nothing needs to be known before the answer.
      const holder = mode === "async" || once !== undefined ? await requests.begin(begun, once) : null;
      return holder === null ? { execution: begin(begun, open, values, false) } : { holder };
    },

    find: (id) => running.get(id),

    async continueOpen() {
      for (const record of await requests.open()) {
        if (record.status === "waiting" || running.has(record.id)) continue;
        await (record.mode === "waited" ? stop(record) : goOn(record));
      }
    },

    async continueWaiting() {
      const open = (await requests.open()).filter(({ status, id }) => status === "waiting" && !running.has(id));
      if (open.length === 0) return triedWith.clear();
      const budgets = JSON.stringify(
        (await runtime.budgets.list()).map(({ scope, amount, since }) => [scope, amount, since]),
      );
      for (const { id } of open)
        await inTurn(id, async () => {
          const record = await requests.get(id);
          if (record?.status !== "waiting" || running.has(id)) return;
          const found = await waits.list(placeOf(record));
          const come = await Promise.all(
            found.map(async ({ reason, subject }) =>
              reason === "licence"
                ? runtime.store.consents.has(subject)
                : reason === "budget" && isOfWorkspace(subject) && triedWith.get(id) !== budgets,
            ),
          );
          if (closing || found.length === 0 || come.includes(false)) return;
          triedWith.set(id, budgets);
          const begun: RequestRecord = { ...record, status: "running" };
          await requests.put(begun);
          await goOn(begun);
        });
    },

    async cancel(id) {
      const execution = running.get(id);
      execution?.cancel();
      const record = await execution?.ended;
      if (record !== undefined && record.status !== "waiting") return record;
      return inTurn(id, async () => {
        // It may have gone on meanwhile.
        const again = running.get(id);
        again?.cancel();
        const now = (await again?.ended) ?? (await requests.get(id));
        return now?.status === "waiting" ? stop(now) : now;
      });
    },

    resume: (id, address, value) =>
      inTurn(id, async () => {
        const record = await requests.get(id);
        if (record?.status !== "waiting" || running.has(id)) throw notWaiting(id);
        const { open, values } = await reopen(record);
        const fork = await open.prepared.fork(id, values, true);
        const run = await resume(address, value, fork.state, runtime, (_scope, more) =>
          fork.start({ ...optionsOf(true), ...more }),
        );
        const begun: RequestRecord = { ...record, status: "running" };
        const execution = execute(begun, open, true, async () => ({ fork, run }));
        await requests.put(begun);
        return execution;
      }),

    async close() {
      closing = true;
      await Promise.allSettled(turns.values());
      const all = [...running.values()];
      for (const execution of all) execution.cancel();
      await Promise.allSettled(all.map(({ ended }) => ended));
    },
  };
}

function notWaiting(id: string): SheafError {
  return new SheafError("request.not-waiting", `no request ${id} waits`);
}
