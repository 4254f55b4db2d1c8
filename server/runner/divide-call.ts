import type { CallFacts } from "#server/notebook/services.ts";

/**
 * What a call that was made for several came to for each, by weights over 0: its tokens are whole and add up to the call's, and so does its cost, which
 * goes by them where they are known. It took each of them all of its time.
 */
export function divideCall(call: CallFacts, weights: readonly number[]): readonly CallFacts[] {
  const kinds = Object.entries(call.usage) as [keyof CallFacts["usage"], number][];
  const tokens = kinds.map(([kind, count]) => [kind, divideWhole(count, weights)] as const);
  const input = tokens.find(([kind]) => kind === "input")?.[1];
  const by = input === undefined || input.every((count) => count === 0) ? weights : input;
  const costs = call.cost === null ? null : divide(call.cost, by);
  return weights.map((_, index) => ({
    ...call,
    usage: Object.fromEntries(tokens.map(([kind, counts]) => [kind, counts[index]!])),
    cost: costs === null ? null : costs[index]!,
  }));
}

function divide(amount: number, weights: readonly number[]): readonly number[] {
  const all = total(weights);
  return weights.map((weight) => (amount * weight) / all);
}

/** As whole numbers: what is left over goes to those who lost most of theirs. */
function divideWhole(count: number, weights: readonly number[]): readonly number[] {
  const exact = divide(count, weights);
  const whole = exact.map(Math.floor);
  const order = exact.map((share, index) => [share - whole[index]!, index] as const).toSorted(([a], [b]) => b - a);
  for (const [, index] of order.slice(0, count - total(whole))) whole[index]! += 1;
  return whole;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
