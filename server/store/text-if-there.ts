import { readFile } from "node:fs/promises";
import { storeError } from "./store-error.ts";

/** The text of a file; null where there is none. Rejects with `store.*`. */
export async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw storeError(thrown, file);
  }
}
