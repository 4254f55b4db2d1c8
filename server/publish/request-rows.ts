import type { Datum } from "#server/notebook/value.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import type { RequestRecord } from "#server/store/store.ts";

/** A request as a row of a dataset. */
export interface RequestRow {
  readonly [column: string]: Datum;
}

/**
 * Requests as rows, the oldest first: what is known of each, then its inputs and outputs by name. An input or output that has the name
 * of a fact takes its place. Outputs are null where a request has no answer.
 */
export function requestRows(newestFirst: readonly RequestRecord[]): readonly RequestRow[] {
  return newestFirst.toReversed().map(({ id, version, status, startedAt, cost, inputs, answer }) => {
    const { outputs = {}, error = null } = (answer === null ? {} : JSON.parse(answer, exactInteger)) as {
      readonly outputs?: RequestRow;
      readonly error?: { readonly message: string } | null;
    };
    return {
      request: id,
      asked_at: new Date(startedAt).toISOString(),
      version,
      status,
      cost,
      error: error?.message ?? null,
      ...(JSON.parse(inputs, exactInteger) as RequestRow),
      ...outputs,
    };
  });
}
