/** US dollars in words: two decimals, or two significant digits below a cent. */
export function dollars(amount: number): string {
  return amount === 0 ? "$0" : amount < 0.01 ? `$${amount.toPrecision(2)}` : `$${amount.toFixed(2)}`;
}
