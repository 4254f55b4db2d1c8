import { onCleanup } from "solid-js";
import { createStore, produce, type SetStoreFunction } from "solid-js/store";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { ConversationsEstimate } from "#server/workbench/estimate-conversations.ts";
import { api, problemOf } from "~/api";
import { turnsAfter } from "./turns-after";

/** An answer, and what was said to it. */
export interface Turn {
  readonly answer: string;
  readonly said: string;
}

/** What was said after the answer at one address, and what came of the last of it. */
export interface Talk {
  readonly turns: readonly Turn[];
  /** The answer to the last turn as far as it is there. */
  readonly text: string;
  readonly call: CallFacts | null;
  readonly problem: CellError | null;
  readonly isOpen: boolean;
  /** Whether it ended before the answer was whole. */
  readonly isStopped: boolean;
}

export interface Conversations {
  /** By the text of the address; nothing was said where absent. */
  readonly talks: { readonly [address: string]: Talk };
  /** The conversations as they go on when the same is said to the last answer at each of these addresses. */
  next(said: string, to: readonly Answered[]): readonly Next[];
  /** Has them go on. */
  say(next: readonly Next[]): void;
  /** What that would cost. */
  estimate(next: readonly Next[]): Promise<ConversationsEstimate>;
  /** Takes back the last thing that was said at an address, and stops its answer. */
  takeBack(address: string): void;
  stop(): void;
}

/** An answer that something can be said to. */
export interface Answered {
  readonly address: string;
  readonly cell: string;
  readonly at: { readonly [axis: string]: string };
  readonly answer: string;
}

/** A conversation with what is said next: all that is sent. */
export interface Next extends Pick<Answered, "address" | "cell" | "at"> {
  readonly turns: readonly Turn[];
}

/** Conversations of one notebook's page. They are the page's own until they are kept as a cell, and end with it; each answer is in the journal. */
export function createConversations(path: () => string): Conversations {
  const [talks, setTalks] = createStore<{ [address: string]: Talk }>({});
  const open = new Map<string, { unsubscribe(): void }>();
  let isLeft = false;

  function sayAt({ address, cell, at, turns }: Next): void {
    // What is being answered is waited for.
    if (isLeft || talks[address]?.isOpen) return;
    setTalks(address, { ...ended, turns, text: "", isOpen: true });
    const change = changing(setTalks, address);
    const input = { path: path(), ...plainly({ cell, at, turns }) };
    open.set(
      address,
      api.notebook.say.subscribe(input, {
        onData(event) {
          switch (event.type) {
            case "text":
              return change({ text: event.text });
            case "answer":
              return change({ text: event.text, call: event.call, isOpen: false });
            case "failed":
              return change({ problem: event.error, call: event.call ?? null, isOpen: false });
          }
        },
        // The connection would ask again by itself when it is back: a second call, and nobody asked for one.
        onConnectionStateChange({ state, error }) {
          if (state !== "connecting" || error === null) return;
          end(address);
          change({ isOpen: false, isStopped: true });
        },
        onError: (thrown) => change({ problem: problemOf(thrown), isOpen: false }),
        // What ends tells how before, unless it is broken off.
        onComplete: () => talks[address]?.isOpen && change({ isOpen: false, isStopped: true }),
      }),
    );
  }

  function end(address: string): void {
    open.get(address)?.unsubscribe();
    open.delete(address);
  }

  function stop(): void {
    for (const [address, { isOpen }] of Object.entries(talks)) {
      if (!isOpen) continue;
      end(address);
      changing(setTalks, address)({ isOpen: false, isStopped: true });
    }
  }

  // Nobody would see what comes then, nor could stop it.
  onCleanup(() => {
    isLeft = true;
    stop();
  });
  return {
    talks,
    next: (said, to) =>
      to.map(({ address, cell, at, answer }) => ({
        address,
        cell,
        at,
        turns: turnsAfter(said, answer, talks[address]),
      })),
    say: (next) => next.forEach(sayAt),
    estimate: (next) => api.notebook.sayEstimate.query({ path: path(), conversations: next.map(plainly) }),
    takeBack(address) {
      end(address);
      const before = talks[address];
      if (before === undefined) return;
      const turns = before.turns.slice(0, -1);
      setTalks(
        produce((all) => {
          if (turns.length === 0) delete all[address];
          else all[address] = { ...ended, turns, text: before.turns.at(-1)!.answer };
        }),
      );
    },
    stop,
  };
}

const ended = { call: null, problem: null, isOpen: false, isStopped: false } as const;

function plainly({ cell, at, turns }: Omit<Next, "address">) {
  return { cell, at: { ...at }, turns: turns.map((turn) => ({ ...turn })) };
}

function changing(set: SetStoreFunction<{ [address: string]: Talk }>, address: string) {
  return (change: Partial<Talk>): void => set(address, change as never);
}
