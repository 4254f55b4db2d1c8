/** What is wrong with an amount of US dollars that somebody enters, in words; null where it is one. */
export function amountProblem(entered: string): string | null {
  const text = entered.trim();
  if (/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return null;
  if (text.startsWith("-")) return "Not below 0";
  if (/^\d*,\d+$/.test(text)) return "With a point, as in 0.50";
  return "US dollars, as in 2.50";
}
