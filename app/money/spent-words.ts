import { dollars } from "./dollars";

/** What calls came to. */
export interface Spent {
  /** US dollars of those whose price is known; null for runs from before they were summed up beside others. */
  readonly cost: number | null;
  /** How many have no known price. */
  readonly unpriced: number | null;
}

/** What calls came to, as far as it is known: `$1.54`, `$1.54 + 3 unpriced`, `3 unpriced`; `unpriced` where nobody counted them. */
export function spentWords({ cost, unpriced }: Spent): string {
  if (unpriced === null || unpriced === 0) return dollars(cost);
  const lacking = `${unpriced.toLocaleString("en")} unpriced`;
  return cost === 0 ? lacking : `${dollars(cost)} + ${lacking}`;
}
