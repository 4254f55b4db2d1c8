import type { Priority } from "#server/notebook/services.ts";
import type { Sending } from "../model.ts";

/** Those who wait for a place. */
export interface FairQueue {
  /**
   * Resolves when it is one's turn; rejects with the signal's reason where one leaves before. Interactive requests come
   * before batch ones, and the groups of each take turns, each in the order its requests came.
   */
  wait(sending: Sending | undefined, signal: AbortSignal): Promise<void>;
  /** Lets the next one go, of the priorities given; false where nobody waits. */
  next(priorities?: readonly Priority[]): boolean;
  readonly length: number;
}

export function createFairQueue(): FairQueue {
  /** By priority, groups in the order of their turns: a map keeps the order in which its keys came. */
  const lines = { interactive: new Map<string, Set<() => void>>(), batch: new Map<string, Set<() => void>>() };
  let length = 0;
  return {
    wait: ({ priority = "interactive", group = "" } = {}, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const groups = lines[priority];
        const members = groups.get(group) ?? new Set();
        groups.set(group, members);
        const out = (): void => {
          members.delete(enter);
          if (members.size === 0) groups.delete(group);
          length -= 1;
          signal.removeEventListener("abort", leave);
        };
        const leave = (): void => {
          out();
          reject(signal.reason);
        };
        const enter = (): void => {
          out();
          resolve();
        };
        members.add(enter);
        length += 1;
        signal.addEventListener("abort", leave, { once: true });
      }),
    next(priorities = ["interactive", "batch"]) {
      for (const priority of priorities)
        for (const [group, members] of lines[priority]) {
          // The group goes to the end of the turns.
          lines[priority].delete(group);
          lines[priority].set(group, members);
          const [first] = members;
          first!();
          return true;
        }
      return false;
    },
    get length() {
      return length;
    },
  };
}
