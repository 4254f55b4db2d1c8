import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";

/** Where in the folder of tables one is written until its hash is known; whose it is stands in its name (`removeLeftFiles`). */
export function draftPath(folder: string): string {
  return join(folder, `${process.pid}-${randomUUID()}.tmp`);
}

/** Removes a draft, if it is there still. */
export async function removeDraft(path: string): Promise<void> {
  // What cannot be removed now is cleared away when Sheaf starts.
  await rm(path, { force: true }).catch(() => {});
}
