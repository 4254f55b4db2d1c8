import { createEffect, createSignal, onCleanup, untrack } from "solid-js";
import { api, editOnLeaving, problemOf } from "~/api";
import type { NotebookStore } from "~/notebook/notebook-store";
import type { CellPart, PartTexts } from "./cell-part";
import type { Draft, DraftEvent } from "./draft";

/** A text that has no place any more: it was removed or renamed elsewhere while it was edited here. */
export interface LostDraft {
  readonly cell: string;
  readonly text: string;
}

/** The texts of a notebook, in cells and between them, that are edited on this page. They are sent by themselves, soon after the last key. */
export interface Drafts {
  /** The draft of a text; undefined where nobody has edited it here. */
  of(part: CellPart): Draft | undefined;
  /** `isHeld`: it is not sent by itself until more is typed, or it is settled. */
  type(part: CellPart, text: string, how: PartTexts, isHeld?: boolean): void;
  /** Sends what was held back. */
  settle(part: CellPart): void;
  /** Takes the text a cell has elsewhere, or keeps the one that is here. */
  choose(part: CellPart, which: "take-theirs" | "keep-mine"): void;
  /** Sends what there is, and resolves when the server has it or cannot be reached: whether it has all. */
  flush(): Promise<boolean>;
  /** The last revision of the notebook that has what was sent from here. */
  revision(): number;
  /** Whether there is text that the server does not have. */
  unsaved(): boolean;
  /** Whether some of it waits for a person: a cell changed elsewhere, or the server does not take it. */
  stuck(): boolean;
  lost(): readonly LostDraft[];
  dismiss(lost: LostDraft): void;
}

const sendAfter = 150;
/** The longest that what somebody types without a pause is kept here. */
const sendWithin = 1_000;
const retryFirst = 500;
const retryMost = 4_000;

/** How texts are read and edited, and what becomes of their drafts. It comes with the first that is typed: what one types in is loaded after the page. */
let texts: PartTexts;

/** What the texts were when a draft was last told of its own. */
type Seen = ReadonlyMap<string, ReturnType<PartTexts["seen"]>>;

/** A notebook that has been on the page. */
interface Visited {
  readonly drafts: () => ReadonlyMap<string, Draft>;
  readonly lost: () => readonly LostDraft[];
  readonly seen: Seen;
  readonly leave: () => boolean;
  /** Nothing is sent from there any more: it goes on elsewhere. */
  readonly end: () => void;
}

/** By their paths: what of their drafts the server does not have yet is there when one comes back. */
const visited = new Map<string, Visited>();

/** The browser asks before a page is left that has what cannot be sent. */
window.addEventListener("beforeunload", (event) => {
  if (!untrack(() => [...visited.values()].map(({ leave }) => leave()).every((isLeft) => isLeft)))
    event.preventDefault();
});

/** The drafts to go on with; whether the server has what was on its way is not known. */
function unsavedDrafts(before: Visited | undefined): ReadonlyMap<string, Draft> {
  const unsaved = [...(before?.drafts() ?? [])].filter(([, draft]) => texts.isUnsaved(draft));
  return new Map(unsaved.map(([cell, draft]) => [cell, texts.nextDraft(draft, { type: "unanswered" })]));
}

/** Keeps the drafts of a notebook's page, and with them what is typed while the server is away. `moved` hears which text is another part now. */
export function createDrafts(store: NotebookStore, moved: (from: CellPart, to: CellPart) => void): Drafts {
  const before = untrack(() => visited.get(store.path));
  before?.end();
  const [drafts, setDrafts] = createSignal(untrack(() => unsavedDrafts(before)));
  const [lost, setLost] = createSignal(untrack(() => before?.lost()) ?? []);
  const timers = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly since: number }>();
  const sendings = new Map<string, Promise<boolean>>();
  const held = new Set<string>();
  const seen = new Map(before?.seen);
  let ended = false;
  let retryIn = retryFirst;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const now = (cell: string): Draft | undefined => untrack(drafts).get(cell);
  const cells = (): string[] => [...untrack(drafts).keys()];

  function set(cell: string, draft: Draft | null): void {
    setDrafts((before) => {
      const after = new Map(before);
      if (draft === null) after.delete(cell);
      else after.set(cell, draft);
      return after;
    });
  }

  function dispatch(cell: string, event: DraftEvent): void {
    const draft = now(cell);
    if (draft !== undefined) set(cell, texts.nextDraft(draft, event));
  }

  function firstDraft(cell: string): Draft | null {
    return untrack(() => {
      const source = texts.textOf(store.view, cell);
      seen.set(cell, texts.seen(store.view, cell));
      return source === undefined ? null : texts.newDraft(source, store.view.head.head.revision);
    });
  }

  function sendSoon(cell: string): void {
    const draft = now(cell);
    if (draft === undefined || !texts.wantsSending({ ...draft, sending: null })) return;
    const waiting = timers.get(cell);
    clearTimeout(waiting?.timer);
    const since = waiting?.since ?? Date.now();
    const wait = Math.max(0, Math.min(sendAfter, since + sendWithin - Date.now()));
    timers.set(cell, { since, timer: setTimeout(() => send(cell), wait) });
  }

  function send(cell: string): void {
    clearTimeout(timers.get(cell)?.timer);
    timers.delete(cell);
    const draft = now(cell);
    if (draft === undefined || ended || held.has(cell) || !texts.wantsSending(draft)) return;
    const sending = request(cell, draft);
    sendings.set(cell, sending);
    void sending.then((answered) => {
      sendings.delete(cell);
      // What was typed while it was on its way.
      if (answered) sendSoon(cell);
      else retryLater();
    });
  }

  /** Whether there was an answer. */
  async function request(cell: string, draft: Draft): Promise<boolean> {
    dispatch(cell, { type: "sent" });
    try {
      const { revision } = await api.notebook.edit.mutate(editOf(cell, draft));
      retryIn = retryFirst;
      dispatch(cell, { type: "accepted", revision });
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === "api.unreachable") {
        dispatch(cell, { type: "unanswered" });
        return false;
      }
      dispatch(cell, problem.code === "edit.conflict" ? { type: "refused" } : { type: "rejected", problem });
    }
    // What it became may have been told before: text that brings a cell is shorter then, or gone, or elsewhere.
    if (now(cell) !== undefined && untrack(store.ready)) untrack(() => tell(cell, toldLast()));
    return true;
  }

  function editOf(cell: string, { text, base }: Draft) {
    return { path: store.path, ...texts.editOf(store.view, cell, text, base) };
  }

  function retryLater(): void {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => cells().forEach(send), retryIn);
    retryIn = Math.min(retryIn * 2, retryMost);
  }

  /** Every text comes with a revision, and is in the file at a time. */
  function toldLast(): { readonly revision: number; readonly saved: boolean } {
    const { revision, savedAt } = store.view.head.head;
    return { revision, saved: savedAt !== null };
  }

  /** Tells a draft what the page was told of its text. */
  function tell(cell: string, at: { readonly revision: number; readonly saved: boolean }): void {
    const draft = now(cell)!;
    const found = texts.partNow(store.view, cell, draft, seen.get(cell)!);
    const other = now(found);
    // Two texts that were typed are not one.
    const part = other !== undefined && texts.isUnsaved(other) ? cell : found;
    const source = texts.textOf(store.view, part);
    // It may be gone, or elsewhere, by what is on its way.
    if (draft.sending !== null && (source === undefined || part !== cell)) return;
    if (part !== cell) return move(cell, part, draft);
    seen.set(cell, texts.seen(store.view, cell));
    if (source === undefined) {
      if (texts.isUnsaved(draft)) setLost((before) => [...before, { cell, text: draft.text }]);
      return set(cell, null);
    }
    dispatch(cell, { type: "told", source, ...at });
    if (!timers.has(cell)) sendSoon(cell);
  }

  function move(from: string, to: string, draft: Draft): void {
    set(to, draft);
    set(from, null);
    if (held.delete(from)) held.add(to);
    clearTimeout(timers.get(from)?.timer);
    timers.delete(from);
    seen.set(to, texts.seen(store.view, to));
    moved(from, to);
    tell(to, toldLast());
  }

  createEffect(() => {
    if (!store.ready()) return;
    const at = toldLast();
    untrack(() => cells().forEach((cell) => tell(cell, at)));
  });
  createEffect((wasConnected: boolean) => {
    const connected = store.connected();
    if (!connected) for (const cell of cells()) dispatch(cell, { type: "disconnected" });
    if (connected && !wasConnected) {
      retryIn = retryFirst;
      cells().forEach(send);
    }
    return connected;
  }, true);

  const unsaved = (): boolean => [...drafts().values()].some((draft) => texts.isUnsaved(draft)) || lost().length > 0;
  const stuck = (): boolean =>
    lost().length > 0 || [...drafts().values()].some(({ theirs, problem }) => (theirs ?? problem) !== null);

  /** Sends what was typed last; false where something stays behind. */
  function leave(): boolean {
    for (const [cell, draft] of drafts()) if (texts.wantsSending(draft)) editOnLeaving(editOf(cell, draft));
    return !stuck() && sendings.size === 0 && (store.connected() || !unsaved());
  }
  createEffect((before: string | undefined) => {
    const { path } = store;
    if (before !== undefined && before !== path) visited.delete(before);
    visited.set(path, { drafts, lost, seen, leave, end: () => (ended = true) });
    return path;
  }, undefined);
  onCleanup(() => {
    held.clear();
    cells().forEach(send);
    clearTimeout(retryTimer);
  });

  return {
    of: (cell) => drafts().get(cell),
    type(cell, text, how, isHeld = false) {
      texts = how;
      const draft = now(cell) ?? firstDraft(cell);
      if (draft === null) return;
      if (isHeld) held.add(cell);
      else held.delete(cell);
      set(cell, texts.nextDraft(draft, { type: "typed", text }));
      sendSoon(cell);
    },
    settle(cell) {
      held.delete(cell);
      send(cell);
    },
    choose(cell, which) {
      dispatch(cell, { type: which });
      sendSoon(cell);
    },
    async flush() {
      held.clear();
      for (let rounds = 0; rounds < 20; rounds += 1) {
        cells().forEach(send);
        if (sendings.size === 0 || (await Promise.all(sendings.values())).includes(false)) break;
      }
      return !untrack(unsaved);
    },
    revision: () => Math.max(0, ...[...untrack(drafts).values()].map(({ revision }) => revision)),
    unsaved,
    stuck,
    lost,
    dismiss: (gone) => void setLost((before) => before.filter((one) => one !== gone)),
  };
}
