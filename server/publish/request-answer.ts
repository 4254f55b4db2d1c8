import { toJson } from "#server/notebook/to-json.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import type { RequestRecord, Waits } from "#server/store/store.ts";
import type { Answer } from "./answer.ts";
import { failedStatus } from "./caller-error.ts";
import { RequestProblem } from "./problem.ts";
import { placeOf } from "./request-record.ts";

/** An answer as HTTP has it. */
export interface HttpAnswer {
  readonly status: 200 | 202 | 409 | 500 | 502 | 503;
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
  /** Whether it was given before, under the same key. */
  readonly replayed?: boolean;
}

/** The answer to a request that has ended or waits. */
export function answerTo(record: RequestRecord): HttpAnswer {
  const { id, status, answer } = record;
  switch (status) {
    case "done":
      return { status: 200, body: answer! };
    case "failed": {
      const { error } = JSON.parse(answer!) as Answer;
      const failed = failedStatus(error!.outputs.length === 0 ? [error!] : error!.outputs);
      return { status: failed, body: answer!, ...(failed === 503 ? { headers: { "retry-after": "5" } } : {}) };
    }
    case "running":
    case "waiting":
      return { status: 202, body: toJson({ runId: id, status }), headers: { location: `/api/runs/${id}` } };
    case "cancelled": {
      const { body } = new RequestProblem(409, { code: "request.cancelled", message: "the request was cancelled" });
      return { status: 409, body };
    }
  }
}

/** A request as one who asks for it is told. */
export interface RunState {
  readonly runId: string;
  readonly status: RequestRecord["status"];
  readonly version: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** What it waits for: `licence`, `budget`, … */
  readonly waitsFor?: readonly string[];
  /** The answer, as a caller who waited has it. */
  readonly result?: unknown;
}

export async function runState(record: RequestRecord, waits: Pick<Waits, "list">): Promise<RunState> {
  const { id, status, version, startedAt, endedAt, answer } = record;
  const found = status === "waiting" ? await waits.list(placeOf(record)) : [];
  return {
    runId: id,
    status,
    version,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    ...(status === "waiting" ? { waitsFor: [...new Set(found.map(({ reason }) => reason))] } : {}),
    ...(answer === null ? {} : { result: JSON.parse(answer, exactInteger) as unknown }),
  };
}
