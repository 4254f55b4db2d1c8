import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { maximumNotebookLength } from "#server/notebook/format.ts";

/** A notebook's file and its text. */
export interface NotebookFile {
  readonly file: string;
  readonly text: string;
}

/** Reads a notebook's file. Throws `notebook.missing`, `notebook.too-large` or `notebook.not-text` before anything is parsed. */
export async function readNotebook(name: string, standing: string): Promise<NotebookFile> {
  const file = resolve(standing, name);
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new SheafError(
      "notebook.missing",
      found?.isDirectory() ? `${name} is a folder` : `there is no file ${name}`,
      {
        cure: "Name a notebook's file, as in public/examples/card-triage.md.",
      },
    );
  }
  if (found.size > maximumNotebookLength * 3) {
    throw new SheafError(
      "notebook.too-large",
      `${name} has ${(found.size / 1e6).toFixed(0)} MB; a notebook has at most ${maximumNotebookLength / 1e6} million characters`,
      {
        cure: "Put its data into a file below datasets/ and read that.",
      },
    );
  }
  const bytes = await readFile(file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SheafError("notebook.not-text", `${name} is no UTF-8 text`, { cure: "Save it as UTF-8." });
  }
  return { file, text };
}
