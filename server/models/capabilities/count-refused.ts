import type { CallToCome, RefusedCalls } from "../estimate.ts";
import type { ChatModel } from "../model.ts";
import { modelsAsTheyStand } from "./models-as-they-stand.ts";
import { refusalOf, type CountTokens } from "./refusal-of.ts";

export interface CountedRefusals {
  /** The calls that can go out; they are counted while these are read. */
  readonly others: Iterable<CallToCome>;
  count(): number;
  /** Those of one model with one code together, with the words of the first. */
  list(): readonly RefusedCalls[];
}

/** Tells planned calls that their model cannot answer from the others. One that names no model goes on: it says so when it is made. */
export function countRefused(
  planned: Iterable<CallToCome>,
  resolve: (name: string) => ChatModel,
  countTokens?: CountTokens,
): CountedRefusals {
  const refused = new Map<string, { model: string; calls: number; because: string }>();
  const modelOf = modelsAsTheyStand(resolve);
  return {
    others: others(),
    count: () => Math.round([...refused.values()].reduce((sum, { calls }) => sum + calls, 0)),
    list: () => [...refused.values()].map((one) => ({ ...one, calls: Math.round(one.calls) })),
  };

  function* others(): Generator<CallToCome> {
    for (const call of planned) {
      const model = modelOf(call.model);
      const refusal = model === null ? null : refusalOf(call, model, countTokens);
      if (refusal === null) yield call;
      else {
        const key = `${call.model} ${refusal.code}`;
        const known = refused.get(key);
        if (known === undefined)
          refused.set(key, { model: call.model, calls: call.times ?? 1, because: refusal.message });
        else known.calls += call.times ?? 1;
      }
    }
  }
}
