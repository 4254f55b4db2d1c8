import { open, readFile } from "node:fs/promises";
import { appendNotes, type Note } from "#server/notebook/notes.ts";
import { takeTurns } from "#server/process/take-turns.ts";
import { pathBeside } from "./path-beside.ts";

/** Where people's work in a notebook is kept: read when it is opened, and appended to. */
export interface NotesFile {
  read(): Promise<string>;
  /** Resolves when the notes are on disk, all of them together. */
  append(...notes: readonly Note[]): Promise<void>;
  /** The notebook has another place: its notes are read and kept at this path from now on. */
  move(path: string): void;
}

/** The notes file of a notebook's file: `triage.notes.jsonl` beside `triage.md`. */
export function notesPath(notebook: string): string {
  return pathBeside(notebook, "notes");
}

/** Notes in a file, made with the first note. A line that a crash cut off stays as it is, and the next note begins a line of its own. */
export function openNotesFile(first: string): NotesFile {
  let path = first;
  const inTurn = takeTurns();
  return {
    async read() {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
        throw error;
      }
    },
    append: (...notes) => inTurn(() => appendLines(path, notes)),
    move(to) {
      path = to;
    },
  };
}

async function appendLines(path: string, notes: readonly Note[]): Promise<void> {
  const file = await open(path, "a+");
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(size === 0 ? 0 : 1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const end = last.toString("latin1");
    await file.appendFile(appendNotes(end, notes).slice(end.length));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Notes that are kept nowhere but in memory: for notebooks without a file. */
export function memoryNotes(text = ""): NotesFile {
  let kept = text;
  return {
    read: async () => kept,
    async append(...notes) {
      kept = appendNotes(kept, notes);
    },
    move() {},
  };
}
