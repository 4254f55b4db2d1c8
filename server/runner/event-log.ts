import type { RunEvent, RunNews } from "./run-event.ts";

/** The events of one run, numbered; those who come late or lost some read on from a sequence. */
export function createEventLog(
  run: string,
  onEvent: ((event: RunEvent) => void) | undefined,
): { emit(news: RunNews): void; events(after?: number): AsyncIterable<RunEvent>; close(): void } {
  const log: RunEvent[] = [];
  let dropped = 0;
  let closed = false;
  let wake: PromiseWithResolvers<void> | undefined;
  const changed = (): void => {
    wake?.resolve();
    wake = undefined;
  };
  return {
    emit(news) {
      const event: RunEvent = { version: 1, sequence: dropped + log.length + 1, run, ...news };
      log.push(event);
      if (log.length > 2 * kept) {
        log.splice(0, kept);
        dropped += kept;
      }
      onEvent?.(event);
      changed();
    },
    async *events(after = 0) {
      let next = Math.max(after, dropped);
      for (;;) {
        while (next < dropped + log.length) {
          const event = log[Math.max(next - dropped, 0)]!;
          next = event.sequence;
          yield event;
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
