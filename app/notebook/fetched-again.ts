/**
 * Loads a module. Browsers keep that its file could not be fetched for as long as the page is open, so that it is asked for under another
 * address then, where the error says which it had.
 */
export function fetchedAgain<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let failed: string | undefined;
  let tries = 0;
  return async () => {
    try {
      if (failed === undefined) return await load();
      return (await import(/* @vite-ignore */ `${failed}?again=${(tries += 1)}`)) as Module;
    } catch (thrown) {
      failed ??= /https?:\S+\.js/.exec(String(thrown))?.[0];
      throw thrown;
    }
  };
}
