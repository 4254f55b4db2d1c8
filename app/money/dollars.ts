/** US dollars as people read them: `free`, `<$0.0001`, `$0.0031`, `$1.20`; `unpriced` where a price is not known. */
export function dollars(amount: number | null): string {
  if (amount === null) return "unpriced";
  if (amount === 0) return "free";
  if (amount < 0.0001) return "<$0.0001";
  if (amount < 0.01) return `$${amount.toPrecision(2)}`;
  return `$${amount.toFixed(2)}`;
}
