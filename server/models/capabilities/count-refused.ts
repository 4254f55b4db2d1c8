import type { CallToCome, RefusedCalls } from "../estimate.ts";
import type { ChatModel } from "../model.ts";
import { modelsAsTheyStand } from "./models-as-they-stand.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { CountTokens } from "../token-counter.ts";
import { countedRefusal } from "./counted-refusal.ts";
import { refusalOf } from "./refusal-of.ts";
import { certainOf, sentTexts } from "./sent-schema.ts";
import { mayBeTooLong } from "./too-long.ts";

export interface CountedRefusals {
  /** The calls that can go out; they are counted while these are read. */
  readonly others: AsyncIterable<CallToCome>;
  count(): number;
  /** Those of one model with one code together, with the words of the first. */
  list(): readonly RefusedCalls[];
}

export interface RefusedSettings {
  readonly resolve: (name: string) => ChatModel;
  readonly key: (call: CallToCome, model: ChatModel) => string;
  readonly countTokens: CountTokens | undefined;
}

/** How many calls whose length has to be counted are asked about together. */
const together = 500;

/** Tells planned calls that their model cannot answer, or that name none, from the others. */
export function countRefused(
  planned: Iterable<CallToCome>,
  { resolve, key, countTokens }: RefusedSettings,
): CountedRefusals {
  const refused = new Map<string, { model: string; calls: number; because: string }>();
  const modelOf = modelsAsTheyStand(resolve);
  return {
    others: others(),
    count: () => Math.round([...refused.values()].reduce((sum, { calls }) => sum + calls, 0)),
    list: () => [...refused.values()].map((one) => ({ ...one, calls: Math.round(one.calls) })),
  };

  async function* others(): AsyncGenerator<CallToCome, void, undefined> {
    const long = new Map<ChatModel, CallToCome[]>();
    for (const call of planned) {
      const model = modelOf(call.model);
      if (model instanceof Error) {
        note(call, toCellError(model));
        continue;
      }
      const refusal = refusalOf(call, model);
      const most = model.capabilities?.contextLength;
      if (refusal !== null) note(call, refusal);
      else if (
        most === undefined ||
        countTokens === undefined ||
        !mayBeTooLong(sentTexts(call, model.capabilities), most)
      )
        yield call;
      else {
        const some = long.get(model) ?? [];
        long.set(model, some);
        if (some.push(call) === together) yield* shortEnough(some.splice(0), model, countTokens);
      }
    }
    for (const [model, some] of long) yield* shortEnough(some, model, countTokens!);
  }

  async function* shortEnough(
    calls: readonly CallToCome[],
    model: ChatModel,
    count: CountTokens,
  ): AsyncGenerator<CallToCome, void, undefined> {
    const keyed = calls.map((call) => ({ key: key(call, model), call }));
    // Asked about together once, each is known then.
    await count(
      model,
      keyed.map((one) => certainOf(one, model.capabilities)),
    );
    for (const { key: of, call } of keyed) {
      const refusal = await countedRefusal({ key: of, request: call }, model, count);
      if (refusal === null) yield call;
      else note(call, refusal);
    }
  }

  function note({ model, times = 1 }: CallToCome, { code, message }: Pick<CellError, "code" | "message">): void {
    const name = `${model} ${code}`;
    const known = refused.get(name);
    if (known === undefined) refused.set(name, { model, calls: times, because: message });
    else known.calls += times;
  }
}
