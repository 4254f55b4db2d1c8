import { stat } from "node:fs/promises";
import { maximumNotebookLength } from "#server/notebook/format.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { ifThere, readText } from "./saved-file.ts";

/** Bytes of the largest file that may be a notebook: a character has three at most. */
export const largestNotebook = maximumNotebookLength * 3;

/** The text of a notebook's file. Throws `notebook.missing`, `notebook.too-large` or `notebook.not-text`. */
export async function notebookText(file: string, path: string): Promise<string> {
  const found = await ifThere(stat(file));
  if (found === null || !found.isFile())
    throw new SheafError("notebook.missing", `there is no notebook ${path}`, {
      cure: "It may have been renamed or removed: look in the list of notebooks.",
    });
  if (found.size > largestNotebook)
    throw new SheafError("notebook.too-large", `${path} is too large for a notebook`, {
      cure: "Put its data into a file below datasets/ and read that.",
    });
  try {
    return (await readText(file)) ?? "";
  } catch (thrown) {
    // What cannot be decoded is a `TypeError`.
    if (!(thrown instanceof TypeError)) throw thrown;
    throw new SheafError("notebook.not-text", `${path} is no UTF-8 text`, { cure: "Save it as UTF-8." });
  }
}
