import { randomUUID } from "node:crypto";
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { loadQuickJs, type QuickJs } from "./quickjs.ts";
import { runGuest } from "./run-guest.ts";
import {
  longestPage,
  shared,
  type RowsMessage,
  type RowsPage,
  type WorkerCall,
  type WorkerMessage,
} from "./worker-protocol.ts";

/** The thread that runs QuickJS: one call after the other, blocked while a call runs or waits for rows. */
const { rows, state } = workerData as { rows: MessagePort; state: Int32Array<SharedArrayBuffer> };

/** Pages grow or shrink towards this many characters. */
const page = { wanted: 500_000, rowsAtFirst: 10, rowsAtMost: 20_000 };

let quickJs: QuickJs | undefined = await loadQuickJs();
parentPort!.on("message", async (call: WorkerCall) => {
  quickJs ??= await loadQuickJs();
  const limits: number[] = [];
  const begun = performance.now();
  const { result, reusable } = runGuest(quickJs, call, {
    now: () => performance.now(),
    isCancelled: () => Atomics.load(state, shared.cancelled) === 1,
    read(table, offset) {
      const limit = (limits[table] ??= page.rowsAtFirst);
      const { text, count } = requestRows(table, offset, limit, begun + call.deadline);
      if (text.length > longestPage)
        throw new SheafError("js.input", `row ${offset + 1} of a table has ${text.length} characters of JSON`, {
          cure: `The sandbox reads rows of at most ${longestPage}. Select fewer columns in a sql cell.`,
        });
      if (text.length < page.wanted / 4) limits[table] = Math.min(limit * 4, page.rowsAtMost);
      if (text.length > page.wanted) limits[table] = Math.max(1, Math.floor((count * page.wanted) / text.length));
      return text;
    },
  });
  if (!reusable) quickJs = undefined;
  if (typeof result === "string") send({ type: "result", text: result });
  else send({ type: "error", error: toCellError(result) });
});
send({ type: "ready" });

function requestRows(table: number, offset: number, limit: number, end: number): RowsPage {
  const id = randomUUID();
  send({ type: "need", id, table, offset, limit });
  while (Atomics.load(state, shared.cancelled) === 0) {
    const seen = Atomics.load(state, shared.rowsArrived);
    const answer = arrived(id);
    if (answer !== undefined && "error" in answer)
      throw new SheafError(answer.error.code, answer.error.message, answer.error);
    if (answer !== undefined) return answer;
    if (Atomics.wait(state, shared.rowsArrived, seen, Math.max(0, end - performance.now())) === "timed-out") break;
  }
  throw new SheafError("js.timeout", "the rows of a table did not come in time", {
    cure: "Read fewer rows, or raise the time limit.",
  });
}

/** The answer to a need, if it is there. Those that came too late for an earlier need are dropped. */
function arrived(id: string): RowsMessage | undefined {
  for (;;) {
    const answer = receiveMessageOnPort(rows)?.message as RowsMessage | undefined;
    if (answer === undefined || answer.id === id) return answer;
  }
}

function send(message: WorkerMessage): void {
  parentPort!.postMessage(message);
}
