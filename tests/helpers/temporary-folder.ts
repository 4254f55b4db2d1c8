import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkBookedCosts } from "./booked-costs.ts";

/**
 * A new empty folder, removed with all in it when it goes out of use: `await using folder = await temporaryFolder()`. What journals in
 * it have booked by then is what usage and prices come to: all that the suite ever calls is checked so.
 */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "sheaf-test-"));
  return {
    path,
    async [Symbol.asyncDispose]() {
      try {
        checkBookedCosts(path);
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}
