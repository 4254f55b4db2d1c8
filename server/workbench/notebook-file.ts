import { merge } from "node-diff3";
import { stat } from "node:fs/promises";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { ifThere, readAtRest, readText, writeText } from "./saved-file.ts";

/** The file of an open notebook: written when the text changed, and read when somebody else wrote it. Its methods are called one at a time. */
export interface NotebookFile {
  /** When it last had all of the text, milliseconds; null while it has not. */
  readonly savedAt: number | null;
  /** Why it could not be written, or what became of it under us. */
  readonly problem: CellError | null;
  /** The file it was, where it is no longer at its path; null where it is. */
  readonly missing: MissingFile | null;
  /** The text is no longer what the file has. */
  edited(): void;
  /** Something else went wrong that whoever looks at the notebook should know. */
  failed(error: CellError): void;
  /** Writes the text, unless the file has become another meanwhile. */
  save(): Promise<void>;
  /** Takes in what others wrote into it. What both changed in one place stays as it is here, and is said. */
  meet(): Promise<void>;
  /** Makes the file's text that of the notebook, whatever it has. */
  take(): Promise<void>;
  /** Writes the notebook's text over whatever is there. */
  keep(): Promise<void>;
  /** It is at another path now. */
  moved(file: string): Promise<void>;
}

/** A file that went away: where it was renamed, one of the same number has the same text. */
export interface MissingFile {
  /** Its number in its file system. */
  readonly identity: number | null;
  readonly text: string;
}

export interface NotebookFileSettings {
  readonly file: string;
  /** What the file has. */
  readonly text: string;
  /** The notebook's path and text as they are now. */
  notebook(): { readonly path: string; readonly text: string };
  /** Makes the notebook's text another, as one step of its history. */
  replace(text: string, title: string): Promise<void>;
  now(): number;
}

/** Looks at a notebook's file. */
export async function openNotebookFile(settings: NotebookFileSettings): Promise<NotebookFile> {
  const { notebook, replace, now } = settings;
  let { file, text: onDisk } = settings;
  let savedAt: number | null = now();
  let problem: CellError | null = null;
  let identity = await identityOf(file);

  async function write(): Promise<void> {
    const { text } = notebook();
    await writeText(file, text);
    onDisk = text;
    identity = await identityOf(file);
  }

  async function meet(): Promise<void> {
    const { path, text: mine } = notebook();
    let theirs: string | null;
    try {
      theirs = await readAtRest(file, onDisk);
    } catch (thrown) {
      problem = {
        code: "file.unreadable",
        message: `${path} can no longer be read: ${(thrown as Error).message}`,
        cure: "What is here is kept: mend the file, or write it again.",
      };
      return;
    }
    if (theirs === null) {
      problem = {
        code: "file.missing",
        message: `${path} was deleted or renamed`,
        cure: "What is here is kept: write it again, or close it.",
      };
      return;
    }
    identity = await identityOf(file);
    if (isForHands(problem)) problem = null;
    if (theirs === onDisk) return;
    if (theirs === mine) {
      onDisk = theirs;
      return;
    }
    const merged = merge(splitLines(mine), splitLines(onDisk), splitLines(theirs));
    if (merged.conflict) {
      problem = {
        code: "file.conflict",
        message: `${path} was changed outside in a place that was changed here too`,
        cure: "Take the file's text, or keep what is here; either can be undone.",
      };
      return;
    }
    onDisk = theirs;
    await replace(merged.result.join(""), "a change of the file");
  }

  return {
    get savedAt() {
      return savedAt;
    },
    get problem() {
      return problem;
    },
    get missing() {
      return problem?.code === "file.missing" ? { identity, text: onDisk } : null;
    },
    edited() {
      savedAt = null;
    },
    failed(error) {
      problem ??= error;
    },
    async save() {
      try {
        await meet();
        if (isForHands(problem)) return;
        if (notebook().text !== onDisk) await write();
        savedAt = now();
        problem = null;
      } catch (thrown) {
        problem = {
          code: "file.unwritable",
          message: `the notebook could not be written: ${(thrown as Error).message}`,
          cure: "Nothing is lost while this stays open. Make room or give the right to write, then edit again.",
        };
      }
    },
    meet,
    async take() {
      const theirs = await readText(file);
      if (theirs === null) throw new SheafError("file.missing", `there is no file ${notebook().path} any more`);
      onDisk = theirs;
      problem = null;
      await replace(theirs, "taking the file's text");
      savedAt = now();
    },
    async keep() {
      await write();
      problem = null;
      savedAt = now();
    },
    async moved(to) {
      file = to;
      problem = null;
      identity = await identityOf(file);
    },
  };
}

/** Whether a person has to say first which text counts. */
function isForHands(problem: CellError | null): boolean {
  return problem !== null && ["file.conflict", "file.missing", "file.unreadable"].includes(problem.code);
}

/** A file's number in its file system: it keeps that when it is renamed. */
async function identityOf(file: string): Promise<number | null> {
  return (await ifThere(stat(file)))?.ino ?? null;
}

/** Lines with their ends: joined they are the text. */
function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}
