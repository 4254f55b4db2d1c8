import { amountRange, amountText } from "#server/notebook/amount-text.ts";

/** From where to where a cost is, as people read it: `$0.0031 to $1.20`, one amount where both are one. */
export function dollarRange(range: { readonly low: number; readonly high: number }): string {
  return range.high === 0 ? "free" : amountRange(range);
}

/** About what a cost is: `≈ $0.040`. */
export function aboutDollars(amount: number): string {
  return `≈ ${dollars(amount)}`;
}

/** US dollars as people read them: `free`, `$0.0031`, `$1.20`; `unpriced` where a price is not known. */
export function dollars(amount: number | null): string {
  if (amount === null) return "unpriced";
  return amount === 0 ? "free" : amountText(amount);
}
