import { createStore, produce, type SetStoreFunction } from "solid-js/store";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { ConversationsEstimate } from "#server/workbench/estimate-conversations.ts";
import { api, problemOf } from "~/api";

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
}

export interface Conversations {
  /** By the text of the address; nothing was said where absent. */
  readonly talks: { readonly [address: string]: Talk };
  /** Says the same to the last answer at each of these addresses; `answer` is the one the conversation begins from. */
  say(said: string, to: readonly Said[]): void;
  /** What saying it would cost. */
  estimate(said: string, to: readonly Said[]): Promise<ConversationsEstimate>;
  /** Takes back the last thing that was said at an address, and stops its answer. */
  takeBack(address: string): void;
  stop(): void;
}

export interface Said {
  readonly address: string;
  readonly cell: string;
  readonly at: { readonly [axis: string]: string };
  readonly answer: string;
}

/** Conversations of one notebook's page. They are the page's own until they are kept as a cell; each answer is in the journal. */
export function createConversations(path: () => string): Conversations {
  const [talks, setTalks] = createStore<{ [address: string]: Talk }>({});
  const open = new Map<string, { unsubscribe(): void }>();

  function say(said: string, to: readonly Said[]): void {
    for (const place of to) sayAt(said, place);
  }

  function sayAt(said: string, { address, cell, at, answer }: Said): void {
    // What is being answered is waited for.
    if (talks[address]?.isOpen) return;
    const turns = turnsAfter(said, { address, answer });
    setTalks(address, { turns, text: "", call: null, problem: null, isOpen: true });
    const change = changing(setTalks, address);
    const input = { path: path(), cell, at: { ...at }, turns };
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
        onError: (thrown) => change({ problem: problemOf(thrown), isOpen: false }),
        onComplete: () => change({ isOpen: false }),
      }),
    );
  }

  /** What failed is asked once more with the new words. */
  function turnsAfter(said: string, { address, answer }: Pick<Said, "address" | "answer">): Turn[] {
    const before = talks[address];
    // What was said to an answer that is there no more begins anew.
    if (before === undefined || before.turns[0]!.answer !== answer) return [{ answer, said }];
    return before.problem === null
      ? [...before.turns, { answer: before.text, said }]
      : [...before.turns.slice(0, -1), { ...before.turns.at(-1)!, said }];
  }

  function end(address: string): void {
    open.get(address)?.unsubscribe();
    open.delete(address);
  }

  return {
    talks,
    say,
    estimate: (said, to) =>
      api.notebook.sayEstimate.query({
        path: path(),
        conversations: to.map((place) => ({
          cell: place.cell,
          at: { ...place.at },
          turns: turnsAfter(said, place).map((turn) => ({ ...turn })),
        })),
      }),
    takeBack(address) {
      end(address);
      const before = talks[address];
      if (before === undefined) return;
      const turns = before.turns.slice(0, -1);
      setTalks(
        produce((all) => {
          if (turns.length === 0) delete all[address];
          else all[address] = { turns, text: before.turns.at(-1)!.answer, call: null, problem: null, isOpen: false };
        }),
      );
    },
    stop() {
      for (const [address, { isOpen }] of Object.entries(talks)) {
        if (!isOpen) continue;
        end(address);
        changing(setTalks, address)({ isOpen: false });
      }
    },
  };
}

function changing(set: SetStoreFunction<{ [address: string]: Talk }>, address: string) {
  return (change: Partial<Talk>): void => set(address, change as never);
}
