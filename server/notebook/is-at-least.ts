/** Whether a figure is at least another, but for what sums of fractions lose to rounding: a billionth of it. */
export function isAtLeast(figure: number, least: number): boolean {
  return figure >= least || least - figure <= Math.abs(least) * 1e-9;
}
