import { systemEvery, type Every } from "./every.ts";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Journal } from "#server/store/journal.ts";

/** How a workspace lets go of what was sent and answered. */
export interface Retention {
  state(): Promise<RetentionState>;
  /** How many calls would lose their bodies with so many days. */
  wouldRemove(days: number): Promise<number>;
  /** Keeps bodies for so many days from now on, null for ever, and begins to remove what is older. */
  keepFor(days: number | null): Promise<void>;
  /** Removes what is older than the workspace keeps, or the cell it was sent for; gives of how many calls. */
  apply(): Promise<number>;
  /** Removes now and once an hour, and gives room back to the disk at the beginning, until what it gives is called: that resolves when nothing is at work. */
  start(onError: (thrown: unknown) => void): () => Promise<void>;
}

export interface RetentionState {
  /** Null for ever. */
  readonly days: number | null;
  /** Whether what is older is being removed just now. */
  readonly removing: boolean;
}

const hour = 60 * 60_000;
const day = 24 * hour;

/** Calls whose bodies go in one transaction: others write between, and wait some milliseconds at most. */
const atOnce = 500;

/** Retention by the journal's own setting, and by what its calls say. `every` is called with what is to be done once an hour, and gives what ends that. */
export function createRetention(
  { bodies }: Pick<Journal, "bodies">,
  now: () => number,
  every: Every = systemEvery,
): Retention {
  let removing: Promise<number> | undefined;
  const stopping = new AbortController();

  async function removeAll(): Promise<number> {
    const ofWorkspace = await inParts(async () => {
      // The setting is asked for each time: it may be taken back meanwhile.
      const days = await bodies.days();
      return days === null ? 0 : bodies.removeBefore(now() - days * day, atOnce);
    });
    return ofWorkspace + (await inParts(() => bodies.removeOutlived(now(), atOnce)));
  }

  async function inParts(remove: () => Promise<number>): Promise<number> {
    let all = 0;
    for (let removed = atOnce; removed === atOnce && !stopping.signal.aborted;) {
      removed = await remove();
      all += removed;
      await nextTurn();
    }
    return all;
  }

  function apply(): Promise<number> {
    removing = (removing ?? Promise.resolve(0)).then(removeAll, removeAll);
    const current = removing;
    const done = (): void => {
      if (removing === current) removing = undefined;
    };
    current.then(done, done);
    return current;
  }

  return {
    state: async () => ({ days: await bodies.days(), removing: removing !== undefined }),
    wouldRemove: (days) => bodies.countBefore(now() - days * day),
    async keepFor(days) {
      await bodies.keepFor(days);
      // Whoever asked does not wait for it; what goes wrong goes wrong again where it is waited for.
      apply().catch(() => undefined);
    },
    apply,
    start(onError) {
      const begin = async (more: () => Promise<void>): Promise<void> => {
        try {
          await apply();
          if (!stopping.signal.aborted) await more();
        } catch (thrown) {
          onError(thrown);
        }
      };
      let working = begin(() => bodies.compact());
      const end = every(hour, () => void (working = begin(async () => {})));
      return async () => {
        stopping.abort();
        end();
        await working;
      };
    },
  };
}
