import { baselineVersion, type Baseline, type BaselineLine, type Hashes } from "./baseline.ts";

/** The text of a baseline: a header, then a line an address in their order, so that equal results give equal bytes and others differ line by line. */
export function printBaseline({ header, lines }: Baseline): string {
  const { notebook, cell, inputs, data, models, answered, prices } = header;
  const first = {
    "sheaf-baseline": baselineVersion,
    notebook,
    ...(cell === undefined ? {} : { cell }),
    inputs: sorted(inputs),
    data: sorted(data),
    models: sorted(models),
    answered: [...answered].sort(),
    prices,
  };
  return [first, ...[...lines].sort(byAddress).map(printed)].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Members in one order, and without what goes without saying. */
function printed({ address, key, value, override, outcome, score, pass, calls, cost, tokens, latency }: BaselineLine) {
  return {
    address,
    key,
    value,
    override,
    outcome: outcome === "ok" ? undefined : outcome,
    score,
    pass,
    calls,
    cost,
    tokens,
    latency,
  };
}

function byAddress({ address: left }: BaselineLine, { address: right }: BaselineLine): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sorted(hashes: Hashes): Hashes {
  return Object.fromEntries(Object.entries(hashes).sort(([left], [right]) => (left < right ? -1 : 1)));
}
