import type { CellError } from "#server/notebook/value.ts";

/** A cell's text as it is edited on this page, and how much of it the server has. Nothing typed leaves it but by a person's choice. */
export interface Draft {
  readonly text: string;
  /** The server's text that `text` goes out from, and the revision of the notebook that has it. */
  readonly base: string;
  readonly revision: number;
  /** The text that is on its way, and what it went out from. */
  readonly sending: string | null;
  readonly sentFrom: Pick<Draft, "base" | "revision"> | null;
  /** What the cell became elsewhere while it was edited here: nothing is sent until somebody chooses. */
  readonly theirs: string | null;
  /** The server has another text than `base` and has not told it yet. */
  readonly refused: boolean;
  /** Why the server does not take the text, where that is no conflict. */
  readonly problem: CellError | null;
  /** Own texts since the file last had all: after a restart the server may have any of them. */
  readonly own: readonly string[];
  /** The server could not be reached since. */
  readonly cut: boolean;
}

export type DraftEvent =
  | { readonly type: "typed"; readonly text: string }
  | { readonly type: "sent" }
  | { readonly type: "accepted"; readonly revision: number }
  /** Its base is not what the server has. */
  | { readonly type: "refused" }
  | { readonly type: "rejected"; readonly problem: CellError }
  /** Whether the server has it is not known. */
  | { readonly type: "unanswered" }
  | { readonly type: "disconnected" }
  /** What the server has. `saved`: the file has it too. */
  | { readonly type: "told"; readonly source: string; readonly revision: number; readonly saved: boolean }
  | { readonly type: "take-theirs" }
  | { readonly type: "keep-mine" };

/** The draft of a cell that nobody has edited yet. */
export function newDraft(source: string, revision: number): Draft {
  const nothing = { sending: null, sentFrom: null, theirs: null, refused: false, problem: null, own: [], cut: false };
  return { text: source, base: source, revision, ...nothing };
}

/** The draft after something happened. */
export function nextDraft(draft: Draft, event: DraftEvent): Draft {
  switch (event.type) {
    case "typed":
      return { ...draft, text: event.text, problem: null };
    case "sent":
      return {
        ...draft,
        sending: draft.text,
        sentFrom: { base: draft.base, revision: draft.revision },
        own: remembered(draft.own, draft.base),
      };
    case "accepted":
      return accepted(draft, event.revision);
    case "refused":
      return { ...draft, sending: null, refused: draft.theirs === null && !hasNews(draft) };
    case "rejected":
      // It may have been taken, and what came after it have failed.
      return { ...draft, sending: null, problem: draft.base === draft.sending ? null : event.problem };
    case "unanswered":
      return {
        ...draft,
        sending: null,
        cut: true,
        own: draft.sending === null ? draft.own : remembered(draft.own, draft.sending),
      };
    case "disconnected":
      return draft.own.length === 0 ? draft : { ...draft, cut: true };
    case "told":
      return told(draft, event);
    case "take-theirs":
      return draft.theirs === null ? draft : { ...draft, text: draft.theirs, base: draft.theirs, theirs: null };
    case "keep-mine":
      return draft.theirs === null ? draft : { ...draft, base: draft.theirs, theirs: null };
  }
}

/** Whether the server has all of it, as far as is known. */
export function isUnsaved({ text, base, sending, theirs }: Draft): boolean {
  return text !== base || sending !== null || theirs !== null;
}

/** Whether there is something to send now. */
export function wantsSending({ text, base, sending, theirs, refused, problem }: Draft): boolean {
  return text !== base && sending === null && theirs === null && !refused && problem === null;
}

/** Whether what is on its way went out from another text than is known by now: what refused it may be known, too. */
function hasNews({ sentFrom, base, revision }: Draft): boolean {
  return sentFrom?.base !== base || sentFrom.revision !== revision;
}

function accepted(draft: Draft, revision: number): Draft {
  const { sending, theirs, text } = draft;
  if (sending === null) return draft;
  if (revision >= draft.revision) return { ...draft, base: sending, sending: null, theirs: null, revision };
  // A later text of somebody else's goes out from this one.
  if (theirs !== null && text === sending) return { ...draft, text: theirs, base: theirs, sending: null, theirs: null };
  return { ...draft, sending: null };
}

function told(draft: Draft, { source, revision, saved }: Extract<DraftEvent, { readonly type: "told" }>): Draft {
  // It was under way when a later one had been answered already.
  if (revision < draft.revision) return draft;
  const next = { ...draft, revision, ...met(draft, source, revision > draft.revision) };
  return saved && !isUnsaved(next) ? { ...next, own: [], cut: false } : next;
}

function met(draft: Draft, source: string, isNew: boolean): Partial<Draft> {
  const { text, base, sending, own, cut } = draft;
  const same = { base: source, theirs: null, refused: false };
  if (source === text) return { ...same, problem: null };
  if (source === sending) return same;
  // What refused it is told with a later one.
  if (source === base) return { theirs: null, refused: draft.refused && !isNew };
  // It has an earlier text of ours: it was gone before it wrote the last one.
  if (cut && own.includes(source)) return same;
  if (!isUnsaved(draft) && !(cut && own.length > 0)) return { ...same, text: source };
  return { theirs: source, refused: false };
}

const mostOwn = 100;

function remembered(own: readonly string[], text: string): readonly string[] {
  return own.includes(text) ? own : [...own, text].slice(-mostOwn);
}
