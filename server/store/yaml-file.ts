import { readFileSync } from "node:fs";
import { Document, isMap, parseDocument } from "yaml";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { takeTurns } from "#server/process/take-turns.ts";
import { storeError } from "./store-error.ts";
import { writeWhole } from "./write-whole.ts";

/** A YAML file that people read and edit, and the page writes into. It need not be there. */
export interface YamlFile<Content> {
  /** What it says now: the file is looked at anew, at most once a second. */
  read(): YamlContent<Content>;
  /** Changes it, one change after another; what else stands in it stays. Rejects where what stands in it is wrong. */
  change(work: (document: Document) => void): Promise<void>;
}

export interface YamlContent<Content> {
  /** The same object until the file changes; null while it could not be read once. */
  readonly content: Content | null;
  /** Why the file cannot be read as it is now; what was read before stands then. */
  readonly problem: CellError | null;
}

export interface YamlFileSettings<Content> {
  readonly path: string;
  /** What a text says, an empty one where there is no file; throws what is wrong with it. */
  readonly parse: (text: string) => Content;
  /** The comment that a new file begins with. */
  readonly heading: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds for which a file is taken not to have changed. */
const patience = 1_000;

export function openYamlFile<Content>({ path, parse, heading, now }: YamlFileSettings<Content>): YamlFile<Content> {
  let known: YamlContent<Content> = { content: null, problem: null };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let text: string | undefined;
  const inTurn = takeTurns();

  /** Without waiting, for who makes models by their names cannot wait: such files are small. */
  function read(): YamlContent<Content> {
    if (Math.abs(now() - lookedAt) < patience) return known;
    lookedAt = now();
    try {
      const before = text;
      text = undefined;
      text = textOf(path);
      if (text !== before) known = { content: parse(text), problem: null };
    } catch (thrown) {
      known = { content: known.content, problem: toCellError(thrown) };
    }
    return known;
  }

  return {
    read,
    change: (work) =>
      inTurn(async () => {
        const before = textOf(path);
        // What is wrong with it is for its writer to correct: nothing of it gets lost.
        parse(before);
        const isNew = before.trim() === "";
        const document = isNew ? new Document({}) : parseDocument(before);
        if (isNew) document.commentBefore = heading;
        // What has become empty is written `{}`, and what is set then stands in lines of its own again.
        const { contents } = document;
        if (isMap(contents) && contents.items.length === 0) contents.flow = false;
        work(document);
        await writeWhole(path, document.toString());
        lookedAt = Number.NEGATIVE_INFINITY;
        read();
      }),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw storeError(thrown, path);
  }
}
