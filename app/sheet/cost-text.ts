import type { Estimate } from "#server/runner/estimate.ts";
import { aboutDollars, dollars } from "../money/dollars";

/** So many known calls tell what others would be like. */
const sample = 50;

/** What a run would cost, in few words: `≈ $0.05`, `free`, `≥ $0.01` where much of it hangs on answers to come. */
export function costText({ known, open }: Estimate): string {
  const { calls, cached, equal, cost, unpriced } = known;
  const looked = calls + cached + equal;
  if (looked + open === 0) return "nothing to call";
  if (unpriced.length > 0) return "unpriced";
  if (open === 0) return cost.likely === 0 ? (calls === 0 ? "from cache" : "free") : aboutDollars(cost.likely);
  // What others cost is not known from calls that need not be made.
  if (cost.likely === 0 && (calls === 0 || looked < sample)) return "depends on answers";
  if (looked < sample) return `≥ ${dollars(cost.likely)}`;
  return cost.likely === 0 ? "free" : aboutDollars((cost.likely * (looked + open)) / looked);
}
