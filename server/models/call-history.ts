import type { JournalCall } from "#server/store/journal.ts";

/** What the last calls of a model were like; the basis of an estimate. */
export interface CallHabits {
  readonly calls: number;
  /** Tokens of an answer: the tenth, the mean and the ninetieth of a hundred. */
  readonly output: { readonly low: number; readonly mean: number; readonly high: number };
  /** Milliseconds of a call, on average. */
  readonly latency: number;
}

/** Remembers the last calls of each model, at most `limit` of one. */
export interface CallHistory {
  add(model: string, outputTokens: number, latency: number): void;
  /** Null before the first call. */
  of(model: string): CallHabits | null;
}

export function createCallHistory(past: readonly JournalCall[] = [], limit = 200): CallHistory {
  const byModel = new Map<string, { output: number; latency: number }[]>();
  const history: CallHistory = {
    add(model, output, latency) {
      const samples = byModel.get(model) ?? [];
      byModel.set(model, samples);
      samples.push({ output, latency });
      if (samples.length > 2 * limit) samples.splice(0, samples.length - limit);
    },
    of(model) {
      const samples = (byModel.get(model) ?? []).slice(-limit);
      if (samples.length === 0) return null;
      const outputs = samples.map(({ output }) => output).toSorted((left, right) => left - right);
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        calls: samples.length,
        output: {
          low: outputs[Math.floor(0.1 * (outputs.length - 1))]!,
          mean: mean(outputs),
          high: outputs[Math.ceil(0.9 * (outputs.length - 1))]!,
        },
        latency: mean(samples.map(({ latency }) => latency)),
      };
    },
  };
  // The journal lists the newest first.
  for (const { model, sentAt, end } of past.toReversed())
    if (end?.state === "done" && end.usage.output !== undefined)
      history.add(model, end.usage.output, end.endedAt - sentAt);
  return history;
}
