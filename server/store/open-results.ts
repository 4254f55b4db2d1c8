import type { ResultTexts } from "./result-texts.ts";
import { resultsOver } from "./results.ts";
import type { RepositoryPlace } from "./store-messages.ts";
import { storeThread, type StoreThread } from "./store-thread.ts";
import type { Results } from "./store.ts";

/**
 * Opens the results outside sheets, `results.sqlite` in `folder`, which must be there; a thread reads and writes it. They are cache: a
 * file that is damaged, or of a newer version, is thrown away and begun anew, at opening and at any later call. Rejects with
 * `store.unwritable`, `store.full` or `store.busy`.
 */
export async function openResults(place: RepositoryPlace, thread: StoreThread = storeThread()): Promise<Results> {
  const texts = await thread.open("results", place);
  return resultsOver({
    ...texts.methods<Omit<ResultTexts, "close">>({ all: "together", put: "at once", move: "together" }),
    close: () => texts.close(),
  });
}
