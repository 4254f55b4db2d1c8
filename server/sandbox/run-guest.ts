import { readFileSync } from "node:fs";
import { Scope, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from "quickjs-emscripten-core";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { guestError, hostError, type Thrown } from "./guest-error.ts";
import { isFull, memoryLimit, stackLimit, type QuickJs } from "./quickjs.ts";
import { parameterNames } from "./parameter-names.ts";
import { fileName, stripTypes, wrapSource } from "./wrap-source.ts";
import type { WorkerCall } from "./worker-protocol.ts";

const guest = readFileSync(new URL("guest.js", import.meta.url), "utf8");

/** What a call may ask of its host. */
export interface GuestHost {
  /** Rows of a table from `offset` as a text of `wire.ts`, `[]` after the last. Blocks until it has them. */
  read(table: number, offset: number): string;
  isCancelled(): boolean;
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
}

/** How a call ended: its result as a text of `wire.ts`, or its error; and whether the module may be used again. */
export interface GuestOutcome {
  readonly result: string | SheafError;
  readonly reusable: boolean;
}

/** Runs one call in a runtime of its own, so that nothing of it is left for the next. */
export function runGuest(quickJs: QuickJs, call: WorkerCall, host: GuestHost): GuestOutcome {
  const end = host.now() + call.deadline;
  let failure: SheafError | undefined;
  const isOver = (): boolean => host.now() > end || host.isCancelled();
  const read = (table: number, offset: number): string => {
    try {
      return host.read(table, offset);
    } catch (thrown) {
      failure = thrown instanceof SheafError ? thrown : hostError(thrown, isFull(quickJs));
      throw thrown;
    }
  };
  let outcome: string | Thrown;
  let reusable: boolean;
  try {
    const runtime = quickJs.module.newRuntime();
    runtime.setMemoryLimit(memoryLimit);
    runtime.setMaxStackSize(stackLimit);
    runtime.setInterruptHandler(isOver);
    const context = runtime.newContext();
    outcome = Scope.withScope((scope) => evaluate(scope, runtime, context, call, read, isOver));
    reusable = dispose(context, runtime);
  } catch (thrown) {
    // Whatever comes out of QuickJS's host side leaves it in an unknown state.
    reusable = false;
    outcome = { error: thrown instanceof SheafError ? thrown : hostError(thrown, isFull(quickJs)) };
  }
  // What happened outside explains whatever the code made of it.
  if (host.isCancelled()) return { result: new SheafError("js.cancelled", "the cell was cancelled"), reusable: false };
  if (failure !== undefined) return { result: failure, reusable };
  if (typeof outcome === "string") return { result: outcome, reusable: reusable && !isFull(quickJs) };
  const error = guestError(outcome, call, isOver(), isFull(quickJs));
  return { result: error, reusable: reusable && (error.code === "js.error" || error.code === "js.result") };
}

/** Frees a call's runtime. Where QuickJS finds something left in it, the result stands and the module is not used again. */
function dispose(context: QuickJSContext, runtime: QuickJSRuntime): boolean {
  try {
    context.dispose();
    runtime.dispose();
    return true;
  } catch {
    return false;
  }
}

/** The text `guest.js` gives for the result, or what was thrown. */
function evaluate(
  scope: Scope,
  runtime: QuickJSRuntime,
  context: QuickJSContext,
  call: WorkerCall,
  read: (table: number, offset: number) => string,
  isOver: () => boolean,
): string | Thrown {
  const names = parameterNames(call.inputs.map((input) => input.path[0]!));
  const start = scope.manage(context.unwrapResult(context.evalCode(guest, "guest.js")));
  const body = compile(scope, context, call.source, names);
  if (!("handle" in body)) return body;
  const readFunction = context.newFunction("read", (table, offset) =>
    context.newString(read(context.getNumber(table), context.getNumber(offset))),
  );
  const called = context.callFunction(
    start,
    context.undefined,
    body.handle,
    scope.manage(context.newString(JSON.stringify(names))),
    scope.manage(context.newString(JSON.stringify(call.inputs))),
    scope.manage(readFunction),
    scope.manage(context.newNumber(call.resultLimit)),
    scope.manage(context.newString(JSON.stringify(call.moment))),
  );
  if (called.error) return dump(scope, context, called.error);
  const promise = scope.manage(called.value);
  let state = context.getPromiseState(promise);
  // What the code left running when it returned has no say in its result.
  while (state.type === "pending" && runtime.hasPendingJob() && !isOver()) {
    const ran = runtime.executePendingJobs(100);
    if (ran.error) return dump(scope, context, ran.error);
    state = context.getPromiseState(promise);
  }
  if (state.type === "pending") return { code: isOver() ? "js.timeout" : "js.pending" };
  if (state.type === "rejected") return dump(scope, context, state.error);
  const text = context.getString(scope.manage(state.value));
  return text.startsWith("v") ? text.slice(1) : (JSON.parse(text.slice(1)) as Thrown);
}

/** The cell's function. JavaScript is tried as it stands, because `f(a<b, c>(d))` would be another thing in TypeScript. */
function compile(
  scope: Scope,
  context: QuickJSContext,
  source: string,
  names: readonly string[],
): { readonly handle: QuickJSHandle } | Thrown {
  const asJavascript = context.evalCode(wrapSource(source, names), fileName);
  if (asJavascript.error === undefined) return { handle: scope.manage(asJavascript.value) };
  const thrown = dump(scope, context, asJavascript.error);
  if (thrown.name !== "SyntaxError") return thrown;
  let stripped: string;
  try {
    stripped = stripTypes(source, names);
  } catch (error) {
    if (!(error instanceof SheafError)) throw error;
    return { ...thrown, code: "js.syntax", error };
  }
  const asTypescript = context.evalCode(stripped, fileName);
  if (asTypescript.error === undefined) return { handle: scope.manage(asTypescript.value) };
  return { ...dump(scope, context, asTypescript.error), code: "js.syntax" };
}

function dump(scope: Scope, context: QuickJSContext, error: QuickJSHandle): Thrown {
  const dumped: unknown = context.dump(scope.manage(error));
  return typeof dumped === "object" && dumped !== null ? (dumped as Thrown) : { message: String(dumped) };
}
