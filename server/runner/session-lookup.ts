import { addressText } from "#server/notebook/address.ts";
import type { Lookup, ReadState } from "#server/notebook/scalar-key.ts";
import type { SessionState } from "./session-state.ts";

const nothing: ReadState = { settled: false, hash: null };

/** The states of what cells read, from what the session holds. Whether a result is current is known of those a pass has been over: each node comes after what it reads. */
export function sessionLookup(state: SessionState): Lookup {
  return {
    input(name) {
      const input = state.inputs.get(name);
      return input === undefined ? nothing : { settled: true, hash: input.hash };
    },
    file(path) {
      const version = state.files.get(path);
      return version === undefined ? nothing : { settled: true, hash: version };
    },
    result(address) {
      const override = state.overrides.get(address);
      if (override !== undefined) return { settled: true, hash: override.valueHash };
      const result = state.results.get(address);
      if (result === undefined) return nothing;
      const { outcome, valueHash } = result;
      const settled = !state.stale.has(address) && (outcome === "ok" || outcome === "error" || outcome === "skipped");
      return { settled, hash: outcome === "ok" ? valueHash : outcome };
    },
    results(node, at) {
      return state.columns.get(addressText({ cell: node, at })) ?? nothing;
    },
  };
}
