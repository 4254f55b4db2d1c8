import { addressText } from "#server/notebook/address.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Fork } from "#server/runner/prepared.ts";
import type { Money } from "#server/runner/run-money.ts";
import type { LiveResult, SessionState } from "#server/runner/session-state.ts";
import type { Tables } from "#server/tables/tables.ts";
import { callerError, type CallerError } from "./caller-error.ts";
import { callerValue } from "./caller-value.ts";
import { sheetRows } from "./sheet-rows.ts";

/** What a caller gets for a request. Its members are the API's. */
export interface Answer {
  /** The value of each output; null for one that was skipped or failed. */
  readonly outputs: { readonly [name: string]: unknown };
  readonly usage: Usage;
  /** US dollars; null where a model has no known price. */
  readonly cost: number | null;
  readonly version: number;
  readonly runId: string;
  readonly outcome: "done" | "failed";
  /** Where an output failed: the first one's reason, and each one's. */
  readonly error?: CallerError & { readonly outputs: readonly FailedOutput[] };
}

/** Tokens in and out of the calls that were made for a request; those answered from the journal cost nothing. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly calls: { readonly made: number; readonly cached: number };
}

export interface FailedOutput extends CallerError {
  readonly output: string;
}

/** The answer of a run that has ended. */
export async function answerOf(
  { state }: Pick<Fork, "state">,
  money: Money,
  { version, runId }: { readonly version: number; readonly runId: string },
  tables: Tables,
): Promise<Answer> {
  const outputs: { [name: string]: unknown } = {};
  const failed: FailedOutput[] = [];
  for (const name of state.graph.front.outputs) {
    try {
      const found = await outputOf(state.graph.nodes.get(name)!, state, tables);
      outputs[name] = found.value;
      if (found.error !== null) failed.push({ output: name, ...found.error });
    } catch (thrown) {
      outputs[name] = null;
      failed.push({ output: name, ...callerError(toCellError(thrown)) });
    }
  }
  const [first] = failed;
  return {
    outputs,
    usage: usageOf(money),
    cost: money.unpriced > 0 ? null : money.cost,
    version,
    runId,
    outcome: first === undefined ? "done" : "failed",
    ...(first === undefined
      ? {}
      : { error: { code: first.code, message: `\`${first.output}\` failed: ${first.message}`, outputs: failed } }),
  };
}

export function usageOf({ input, output, made, cached }: Money): Usage {
  return { input, output, calls: { made, cached } };
}

async function outputOf(
  node: Node,
  state: SessionState,
  tables: Tables,
): Promise<{ readonly value: unknown; readonly error: CallerError | null }> {
  const at = chosenVariant(node.axes, state.graph.front.choose);
  const result = state.results.get(addressText({ cell: node.id, at }));
  switch (result?.outcome) {
    case "ok": {
      const sheet = state.graph.sheets.get(node.id);
      const value =
        sheet === undefined ? await callerValue(result.value!, tables) : await sheetRows(sheet, state, tables);
      return { value, error: null };
    }
    case "skipped":
      return { value: null, error: null };
    case "error":
    case "blocked":
    case "cancelled":
    case "partial":
      return { value: null, error: callerError(causeOf(result, state) ?? { code: "cell.blocked" }) };
    case undefined:
      return { value: null, error: callerError({ code: "cell.no-result" }) };
  }
}

/** The error because of which a result has no value: its own, or that of something it needs. */
function causeOf(result: LiveResult, { results }: SessionState): LiveResult["error"] {
  const seen = new Set<LiveResult>([result]);
  for (const one of seen) {
    if (one.outcome === "error") return one.error;
    for (const other of results.values()) if (one.because.includes(other.address.cell)) seen.add(other);
  }
  return null;
}
