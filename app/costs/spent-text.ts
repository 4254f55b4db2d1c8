import { dollars } from "~/money/dollars";

/** What calls came to; where no price of any of them is known, that it is not. */
export function spentText({ cost, unpriced }: { readonly cost: number; readonly unpriced: number }): string {
  return unpriced > 0 && cost === 0 ? "unpriced" : dollars(cost);
}
