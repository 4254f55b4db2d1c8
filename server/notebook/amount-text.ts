/** US dollars in words, with cents, and below a dollar two digits that count: `$0`, `$0.000081`, `$0.013`, `$1.20`. */
export function amountText(amount: number, digits = 2): string {
  if (amount === 0) return "$0";
  const exponent = Number(amount.toExponential(digits - 1).split("e")[1]);
  return `$${amount.toFixed(Math.max(2, digits - 1 - exponent))}`;
}

/** What differs only behind these is one amount that was summed up in two ways. */
const mostDigits = 6;

/** Amounts that stand beside one another, as a range does, with as many digits as tell all of them apart that differ. */
export function amountTexts(...amounts: readonly number[]): readonly string[] {
  const count = new Set(amounts.map((amount) => amountText(amount, mostDigits))).size;
  for (let digits = 2; ; digits += 1) {
    const texts = amounts.map((amount) => amountText(amount, digits));
    if (new Set(texts).size >= count) return texts;
  }
}

/** From where to where an amount is: `$0.0031 to $1.20`, one amount where both ends are one. */
export function amountRange({ low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = amountTexts(low, high) as readonly [string, string];
  return from === to ? to : `${from} to ${to}`;
}

/** An amount that somebody set, exactly: `$5.00`, `$0.003`. */
export function exactAmount(amount: number): string {
  return `$${amount.toLocaleString("en", { useGrouping: false, minimumFractionDigits: 2, maximumFractionDigits: 20 })}`;
}
