import type { BaselineHeader, Hashes } from "#server/notebook/baseline.ts";
import { baselineDigits } from "#server/notebook/baseline.ts";
import { hashOf, sha256 } from "#server/notebook/hash.ts";
import { runVersions } from "./run-record.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** What the results of a notebook come of as it is now, by hashes: a server's address is nobody's business who reads the repository. */
export function baselineHeader(
  state: SessionState,
  runtime: Runtime,
  { answered, cell }: { readonly answered: Iterable<string>; readonly cell: string | undefined },
): BaselineHeader {
  const { data, models, prices } = runVersions(state, runtime);
  return {
    notebook: sha256(state.notebook.text),
    ...(cell === undefined ? {} : { cell }),
    inputs: short([...state.inputs].map(([name, { hash }]) => [name, hash])),
    data: short(Object.entries(data)),
    models: short(Object.entries(models).map(([name, identity]) => [name, hashOf(identity as never)])),
    answered: [...new Set(answered)].sort(),
    prices,
  };
}

function short(hashes: readonly (readonly [string, string])[]): Hashes {
  return Object.fromEntries(hashes.map(([name, hash]) => [name, hash.slice(0, baselineDigits)]));
}
