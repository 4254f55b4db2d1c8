import type { CurrentNotes } from "#server/notebook/notes.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";

/** Notes that make what people said of results as it was before others are kept, in the order to keep them. Comments are not taken back: they were said. */
export function takeBackNotes(
  notes: readonly NoteRequest[],
  before: ReadonlyMap<string, CurrentNotes>,
): readonly NoteRequest[] {
  const back = new Map<string, NoteRequest>();
  for (const { address, ...word } of notes) {
    const request = takeBack(word, before.get(address));
    const matter = word.type === "score" ? `score ${word.name}` : matters[word.type];
    if (request !== null) back.set(`${matter} ${address}`, { address, ...request } as NoteRequest);
  }
  return [...back.values()];
}

/** Words on one matter replace one another. */
const matters: { readonly [Type in NoteRequest["type"]]: string } = {
  edited: "value",
  restored: "value",
  locked: "lock",
  unlocked: "lock",
  label: "label",
  score: "score",
  comment: "comment",
  chosen: "choice",
};

type WithoutPlace<Request> = Request extends unknown ? Omit<Request, "address" | "author"> : never;

function takeBack(word: WithoutPlace<NoteRequest>, before: CurrentNotes | undefined): WithoutPlace<NoteRequest> | null {
  switch (word.type) {
    case "edited":
    case "restored":
      return before?.edited === undefined ? { type: "restored" } : { type: "edited", value: before.edited };
    case "locked":
    case "unlocked":
      return before?.locked === undefined ? { type: "unlocked" } : { type: "locked", value: before.locked };
    case "label":
      return { type: "label", value: before?.label ?? null };
    case "score": {
      const said = before?.scores[word.name];
      return { type: "score", name: word.name, score: null, ...said };
    }
    case "chosen":
      return { type: "chosen", answer: before?.chosen ?? null };
    case "comment":
      return null;
  }
}
