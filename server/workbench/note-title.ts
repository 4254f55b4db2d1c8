import { parseAddress } from "#server/notebook/address.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";

/** What a note does, in words: `editing topic by hand`. */
export function noteTitle(note: NoteRequest): string {
  const { cell } = parseAddress(note.address);
  switch (note.type) {
    case "edited":
      return `editing ${cell} by hand`;
    case "restored":
      return `restoring ${cell}`;
    case "locked":
      return `locking ${cell}`;
    case "unlocked":
      return `unlocking ${cell}`;
    case "label":
      return `labelling ${cell}`;
    case "score":
      return `scoring ${cell}`;
    case "comment":
      return `a comment on ${cell}`;
    case "chosen":
      return `choosing an answer of ${cell}`;
  }
}
