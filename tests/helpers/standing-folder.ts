import { vi } from "vitest";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** A new empty folder that commands are given in, as by somebody who stands in it; nobody does when it goes out of use, and no variable is stubbed. */
export async function standingFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  vi.stubEnv("INIT_CWD", folder.path);
  return {
    path: folder.path,
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await folder[Symbol.asyncDispose]();
    },
  };
}
