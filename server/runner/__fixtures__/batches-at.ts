import type { BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";

/** Sends what is asked of OpenAI's batches, and no call, to a server of them. */
export function batchesAt({ url }: BatchServer): typeof fetch {
  const light = createLightFetch();
  return (input, init) => light(String(input).replace(/^.*(?=\/v1\/(?:files|batches))/, url), init);
}
