/** From where to where a cost is, as people read it: `$0.0031 to $1.20`, one amount where both read alike. */
export function dollarRange({ low, high }: { readonly low: number | null; readonly high: number | null }): string {
  const [from, to] = [dollars(low), dollars(high)];
  return from === to ? to : `${from} to ${to}`;
}

/** About what a cost is: `≈ $0.04`. */
export function aboutDollars(amount: number): string {
  const text = dollars(amount);
  return text.startsWith("<") ? text : `≈ ${text}`;
}

/** US dollars as people read them: `free`, `<$0.0001`, `$0.0031`, `$1.20`; `unpriced` where a price is not known. */
export function dollars(amount: number | null): string {
  if (amount === null) return "unpriced";
  if (amount === 0) return "free";
  if (amount < 0.0001) return "<$0.0001";
  if (amount < 0.01) return `$${amount.toPrecision(2)}`;
  return `$${amount.toFixed(2)}`;
}
