import { Document, parseDocument } from "yaml";
import { writeWhole } from "./write-whole.ts";

export interface YamlChangesSettings {
  /** The comment at the head of a file that is made. */
  readonly heading: string;
  /** The file's text as it is now; empty where there is none. */
  readonly read: () => string | Promise<string>;
  /** Throws where the text is not as it should be: what is wrong is for its writer to correct, and nothing of it gets lost. */
  readonly check: (text: string) => void;
  /** Called when a change is written. */
  readonly written: () => unknown;
}

/** Changes a YAML file that people edit too, one change after another. What else stands in it stays. */
export function yamlChanges(
  path: string,
  { heading, read, check, written }: YamlChangesSettings,
): (work: (document: Document) => void) => Promise<void> {
  let writing: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = writing.then(async () => {
      const text = await read();
      check(text);
      const isNew = text.trim() === "";
      const document = isNew ? new Document({}) : parseDocument(text);
      if (isNew) document.commentBefore = heading;
      work(document);
      await writeWhole(path, document.toString());
      await written();
    });
    writing = next.catch(() => {});
    return next;
  };
}
