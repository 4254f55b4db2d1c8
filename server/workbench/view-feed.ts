import type { NotebookView, ViewEvent } from "./view.ts";
import { viewChanges, type SentView } from "./view-changes.ts";

/** Tells pages how a notebook's view changes, at most twenty times a second. */
export interface ViewFeed {
  /** Something changed: the view is built anew and what differs is told, at once where nothing was told lately. */
  changed(): void;
  /** Builds and tells now. */
  flush(): void;
  /** From a sequence on, where what came since is still known; otherwise everything first. Ends with `signal` or the feed. */
  subscribe(since: number | null, signal: AbortSignal): AsyncGenerator<ViewEvent>;
  readonly pages: number;
  /** The last number that was given. */
  readonly sequence: number;
  /** Ends it for all who follow it: nothing is built or told any more. */
  close(): void;
}

const interval = 50;
/** Events kept for pages that were away for a while. */
const kept = 400;

/** `since` numbers of an earlier boot begin elsewhere: `first` is where this one's begin. */
export function createViewFeed(build: () => NotebookView, first: number): ViewFeed {
  const sent: SentView = new Map();
  const log: ViewEvent[] = [];
  const wakes = new Set<() => void>();
  let sequence = first;
  let view: NotebookView | null = null;
  let timer: NodeJS.Timeout | undefined;
  let told = 0;
  let closed = false;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    view = build();
    const changes = viewChanges(view, sent);
    if (changes.length === 0) return;
    log.push({ type: "changes", sequence: (sequence += 1), changes });
    if (log.length > kept) log.splice(0, log.length - kept);
    for (const wake of wakes) wake();
  }

  function changed(): void {
    if (closed) return;
    if (wakes.size === 0) {
      view = null;
      return;
    }
    if (timer !== undefined) return;
    const wait = interval - (performance.now() - told);
    timer = setTimeout(flush, Math.max(0, wait));
  }

  return {
    changed,
    flush,
    get pages() {
      return wakes.size;
    },
    get sequence() {
      return sequence;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const wake of wakes) wake();
    },
    async *subscribe(since, signal) {
      const isOver = (): boolean => closed || signal.aborted;
      if (isOver()) return;
      let wakened = Promise.withResolvers<void>();
      const wake = (): void => wakened.resolve();
      const stop = (): void => wakened.resolve();
      // Whoever comes first finds a view that was not kept up to date.
      if (view === null) flush();
      wakes.add(wake);
      signal.addEventListener("abort", stop, { once: true });
      try {
        const oldest = log[0]?.sequence ?? sequence + 1;
        let next: number;
        if (since !== null && since >= oldest - 1 && since <= sequence) {
          next = since + 1;
          // Whoever is back hears it, though nothing came meanwhile.
          if (since === sequence) yield { type: "changes", sequence, changes: [] };
        } else {
          next = sequence + 1;
          yield { type: "snapshot", sequence, view: view! };
        }
        while (!isOver()) {
          while (next <= sequence) {
            const event = log[next - (log[0]?.sequence ?? next)];
            if (event === undefined || event.sequence !== next) {
              next = sequence + 1;
              yield { type: "snapshot", sequence, view: view! };
              break;
            }
            next += 1;
            yield event;
            if (isOver()) return;
          }
          await wakened.promise;
          wakened = Promise.withResolvers<void>();
        }
      } finally {
        wakes.delete(wake);
        signal.removeEventListener("abort", stop);
      }
    },
  };
}
