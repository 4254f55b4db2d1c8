import { useSearchParams } from "@solidjs/router";
import type { CostAddress } from "./cost-question";

/** What the address of a page of costs says, and what changes it: null takes a member away. */
export function useCostAddress() {
  const [params, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  return [() => params as CostAddress, setAddress] as const;
}
