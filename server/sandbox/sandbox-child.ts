import { MessageChannel, Worker } from "node:worker_threads";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Table, Value } from "#server/notebook/value.ts";
import { serveChild, type MethodContext } from "#server/process/serve-child.ts";
import type { RowsArgument, RowsNeed, RunArgument } from "./sandbox-protocol.ts";
import { fromWire, toWire } from "./wire.ts";
import {
  longestPage,
  shared,
  type RowsMessage,
  type RowsPage,
  type WireInput,
  type WorkerCall,
  type WorkerMessage,
} from "./worker-protocol.ts";

/** The sandbox's process: a worker that runs QuickJS, and this thread that stays free to hear the parent. */
interface Run {
  /** The table inputs in the order of their numbers. */
  readonly tables: readonly { readonly name: string; readonly table: Table }[];
  readonly context: MethodContext;
  /** What the worker waits for. */
  need: { readonly id: string; readonly table: Table } | undefined;
  resolve(text: string): void;
  reject(error: unknown): void;
}

const state = new Int32Array(new SharedArrayBuffer(4 * shared.length));
const channel = new MessageChannel();
let run: Run | undefined;
let lastRun: Promise<unknown> = Promise.resolve();

const worker = new Worker(new URL("sandbox-worker.ts", import.meta.url), {
  workerData: { rows: channel.port2, state },
  transferList: [channel.port2],
  // The stack holds whatever QuickJS's own 256 KB limit lets pass; a worker out of memory ends this process.
  resourceLimits: { stackSizeMb: 8, maxOldGenerationSizeMb: 256 },
  env: {},
  execArgv: ["--disable-warning=ExperimentalWarning"],
});
await new Promise<void>((resolve, reject) => {
  worker.once("message", () => resolve());
  worker.once("error", reject);
});
worker.on("message", receive);

serveChild({
  run(argument: RunArgument, context: MethodContext): Promise<Datum> {
    const running = start(argument, context);
    lastRun = running.catch(() => {});
    return running;
  },
  rows(argument: RowsArgument): void {
    // The call that wanted them may have ended, and another one may run.
    if (run?.need?.id === argument.id) answer(argument, run.need.table);
  },
  /** Answers when no call runs any more. */
  idle: () => lastRun.then(() => null),
});

async function start({ source, inputs, limits, moment }: RunArgument, context: MethodContext): Promise<Datum> {
  if (source.length > limits.source)
    throw new SheafError("js.source", `the code has ${source.length} characters; at most ${limits.source} can run`);
  const tables: { name: string; table: Table }[] = [];
  const wire = Object.entries(inputs).map(([name, value]): WireInput => {
    const path = name.split(".");
    if (value.type !== "table") return { path, text: toWire(plainValue(value)), table: null };
    return { path, text: null, table: tables.push({ name, table: value.value }) - 1 };
  });
  // A member needs its holder first.
  wire.sort((one, other) => one.path.length - other.path.length);
  const size = wire.reduce((sum, input) => sum + (input.text?.length ?? 0), 0);
  if (size > limits.inputs)
    throw new SheafError("js.input", `what the code reads has ${size} characters of JSON; at most ${limits.inputs}`, {
      cure: "Make it a table, whose rows are read one by one, or select what is needed in a sql cell.",
    });
  const ended = Promise.withResolvers<string>();
  run = { tables, context, need: undefined, ...ended };
  Atomics.store(state, shared.cancelled, 0);
  context.signal.addEventListener("abort", cancel, { once: true });
  const call: WorkerCall = { source, inputs: wire, deadline: limits.deadline, resultLimit: limits.result, moment };
  worker.postMessage(call);
  try {
    return fromWire(await ended.promise);
  } finally {
    context.signal.removeEventListener("abort", cancel);
    run = undefined;
  }
}

function cancel(): void {
  Atomics.store(state, shared.cancelled, 1);
  wake();
}

function wake(): void {
  Atomics.add(state, shared.rowsArrived, 1);
  Atomics.notify(state, shared.rowsArrived);
}

function receive(message: WorkerMessage): void {
  if (run === undefined || message.type === "ready") return;
  if (message.type === "result") return run.resolve(message.text);
  if (message.type === "error")
    return run.reject(new SheafError(message.error.code, message.error.message, message.error));
  const { name, table } = run.tables[message.table]!;
  const { id, offset, limit } = message;
  run.need = { id, table };
  if (offset >= table.rowCount) return answer({ id, rows: [] }, table);
  if (table.rows !== undefined) return answer({ id, rows: table.rows.slice(offset, offset + limit) }, table);
  const need: RowsNeed = { id, name, offset, limit };
  void run.context.emit(need);
}

function answer(argument: RowsArgument, table: Table): void {
  const message: RowsMessage = "error" in argument ? argument : { id: argument.id, ...pageOf(argument.rows, table) };
  channel.port1.postMessage(message);
  wake();
}

/** Of rows as many as fit into a page, at least the first: the worker asks for the others again. */
function pageOf(rows: readonly (readonly Datum[])[], { columns }: Table): RowsPage {
  const texts: string[] = [];
  let size = 1;
  for (const row of rows) {
    const text = toWire(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]!])));
    size += text.length + 1;
    if (texts.length > 0 && size > longestPage) break;
    texts.push(text);
  }
  return { text: `[${texts.join(",")}]`, count: texts.length };
}

/** A value as the code sees it. Files are their facts, not their bytes. */
function plainValue(value: Exclude<Value, { type: "table" }>): Datum {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
    case "json":
      return value.value;
    case "chart": {
      const { table: _table, ...rest } = value.value;
      return rest;
    }
    case "messages":
    case "file":
    case "image":
    case "score":
    case "test":
    case "error":
      return JSON.parse(JSON.stringify(value.value)) as Datum;
  }
}
