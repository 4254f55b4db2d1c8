import { setMaxListeners } from "node:events";
import type { Address } from "#server/notebook/address.ts";
import { cancelledError, isOf, type CancelTarget } from "./cancel-target.ts";

/** What a run does for addresses, each of which can be cancelled by itself. */
export interface AddressStops {
  isCancelled(address: Address): boolean;
  /** Does some work, whose signal aborts when `outer` does or the last of the addresses it is for is cancelled. It is not begun where all of them are. */
  until<Answer>(
    addresses: readonly Address[],
    outer: AbortSignal,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer>;
  /** Cancels a target, for what is done and what is to come. */
  cancel(target: CancelTarget): void;
}

export function createAddressStops(): AddressStops {
  const cancelled: CancelTarget[] = [];
  const out = new Map<AbortController, readonly Address[]>();
  const isCancelled = (address: Address): boolean => cancelled.some((target) => isOf(address, target));

  return {
    isCancelled,
    async until(addresses, outer, work) {
      outer.throwIfAborted();
      if (addresses.every(isCancelled)) throw cancelledError(addresses[0]!);
      const controller = new AbortController();
      // Every request of the work listens.
      setMaxListeners(0, controller.signal);
      const stop = (): void => controller.abort(outer.reason);
      outer.addEventListener("abort", stop, { once: true });
      out.set(controller, addresses);
      try {
        return await work(controller.signal);
      } finally {
        outer.removeEventListener("abort", stop);
        out.delete(controller);
      }
    },
    cancel(target) {
      cancelled.push(target);
      for (const [controller, addresses] of out)
        if (addresses.every(isCancelled)) controller.abort(cancelledError(addresses[0]!));
    },
  };
}
