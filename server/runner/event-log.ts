import type { RunEvent, RunNews } from "./run-event.ts";

/** The events of one run, numbered; those who come late or lost some read on from a sequence. */
export function createEventLog(
  run: string,
  onEvent: ((event: RunEvent) => void) | undefined,
): { emit(news: RunNews): void; events(after?: number): AsyncIterable<RunEvent>; close(): void } {
  // They are numbered when they are read: most never are.
  const log: RunNews[] = [];
  let dropped = 0;
  let closed = false;
  let wake: PromiseWithResolvers<void> | undefined;
  const changed = (): void => {
    wake?.resolve();
    wake = undefined;
  };
  const numbered = (sequence: number): RunEvent => ({ version: 1, sequence, run, ...log[sequence - dropped - 1]! });
  return {
    emit(news) {
      log.push(news);
      onEvent?.(numbered(dropped + log.length));
      if (log.length > 2 * kept) {
        log.splice(0, kept);
        dropped += kept;
      }
      changed();
    },
    async *events(after = 0) {
      let next = Math.max(after, dropped);
      for (;;) {
        while (next < dropped + log.length) {
          next = Math.max(next, dropped) + 1;
          yield numbered(next);
        }
        if (closed) return;
        wake ??= Promise.withResolvers<void>();
        await wake.promise;
      }
    },
    close() {
      closed = true;
      changed();
    },
  };
}

/** Events kept for those who come late: a page that missed more reads the state anew. */
const kept = 10_000;
