import { availableParallelism } from "node:os";
import { javascriptReferences } from "#server/notebook/references/javascript-references.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { JavascriptCall, Services } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";
import { createChild, type Child } from "#server/process/child.ts";
import { defaultLimits, type SandboxLimits } from "./limits.ts";
import type { RowsArgument, RowsNeed, RunArgument } from "./sandbox-protocol.ts";

/** Runs the code of cells where it can reach nothing but its inputs. */
export interface Sandbox {
  /**
   * Runs the body of a function, in JavaScript or TypeScript, and gives what it returns. Fails with `js.error` and the
   * place in the source for what the code throws, `js.syntax`, `js.timeout`, `js.memory`, `js.stack`, `js.result` for
   * what is no value, `js.input` and `js.source` for what is too big, `js.pending` for a promise that nothing settles.
   */
  javascript(call: JavascriptCall): Promise<Datum>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly limits?: Partial<SandboxLimits>;
  /** How many calls run at the same time, each in a process of its own; by default one less than the cores, 2 to 4. */
  readonly processes?: number;
  /** Reads a table's rows; without it only tables that carry their rows can be read. */
  readonly rows?: Services["rows"];
}

/** Opens a sandbox. Its processes start when first needed. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  const limits = { ...defaultLimits, ...options.limits };
  const count = options.processes ?? Math.min(4, Math.max(2, availableParallelism() - 1));
  const module = new URL("sandbox-child.ts", import.meta.url);
  // Local time would make results depend on the machine.
  const children = Array.from({ length: count }, () =>
    createChild({ name: "sandbox", module, environment: { TZ: "UTC" } }),
  );
  const free = [...children];
  const waiting: ((child: Child) => void)[] = [];

  function release(child: Child): void {
    const next = waiting.shift();
    if (next !== undefined) next(child);
    // The child that worked last is warm: it goes first.
    else free.unshift(child);
  }

  function acquire(signal: AbortSignal | undefined): Promise<Child> {
    const child = free.shift();
    if (child !== undefined) return Promise.resolve(child);
    const { promise, resolve, reject } = Promise.withResolvers<Child>();
    const onAbort = (): void => {
      waiting.splice(waiting.indexOf(take), 1);
      reject(signal!.reason);
    };
    const take = (child: Child): void => {
      signal?.removeEventListener("abort", onAbort);
      resolve(child);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    waiting.push(take);
    return promise;
  }

  async function runIn(child: Child, { source, inputs, moment, signal }: JavascriptCall): Promise<Datum> {
    const argument: RunArgument = { source, inputs, limits, moment: moment ?? null };
    try {
      return await child.call<Datum>("run", argument, {
        ...(signal === undefined ? {} : { signal }),
        deadline: limits.deadline + limits.grace,
        onPart: (part) => void feed(child, inputs, part as RowsNeed),
      });
    } catch (thrown) {
      if (thrown instanceof SheafError && thrown.code === "child.deadline")
        throw new SheafError("js.timeout", `the code ran longer than ${limits.deadline} ms`, {
          cure: "Work on less at once, or do it in a sql cell.",
          cause: thrown,
        });
      throw thrown instanceof SheafError && thrown.code === "js.syntax" ? asRead(source, thrown) : thrown;
    }
  }

  async function feed(child: Child, inputs: JavascriptCall["inputs"], need: RowsNeed): Promise<void> {
    const { id } = need;
    let argument: RowsArgument;
    try {
      const value = inputs[need.name];
      if (value?.type !== "table" || options.rows === undefined)
        throw new SheafError("js.input", `the rows of ${need.name} cannot be read here`);
      argument = { id, rows: await options.rows(value.value, need.offset, need.limit) };
    } catch (thrown) {
      argument = { id, error: toCellError(thrown) };
    }
    // A child that died meanwhile has failed the call that wanted the rows.
    await child.call("rows", argument).catch(() => {});
  }

  return {
    async javascript(call) {
      call.signal?.throwIfAborted();
      const child = await acquire(call.signal);
      try {
        return await runIn(child, call);
      } finally {
        if (call.signal?.aborted) void settle(child).then(() => release(child));
        else release(child);
      }
    },
    async close() {
      await Promise.all(children.map((child) => child.close()));
    },
  };

  /** Waits until a cancelled call has ended in the child; one that does not end is killed. */
  async function settle(child: Child): Promise<void> {
    await child.call("idle", null, { deadline: limits.grace }).catch(() => {});
  }
}

/** A syntax error in the words and at the place in which reading the code has told it already, so that it is told once. */
function asRead(source: string, thrown: SheafError): SheafError {
  const [problem] = javascriptReferences(source).problems;
  return problem === undefined ? thrown : new SheafError(thrown.code, problem.message, { ...problem, cause: thrown });
}
