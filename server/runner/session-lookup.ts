import { addressText } from "#server/notebook/address.ts";
import { isAt, variantsOf } from "#server/notebook/axis.ts";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import type { Lookup, ReadState } from "#server/notebook/scalar-key.ts";
import { columnFingerprint } from "./column-fingerprint.ts";
import type { SessionState } from "./session-state.ts";

const nothing: ReadState = { settled: false, hash: null };

/** The states of what cells read, from what the session holds. Whether a result is current is known of those a pass has been over: each node comes after what it reads. */
export function sessionLookup(state: SessionState): Lookup {
  let fingerprints: Map<string, string> | undefined;
  const lookup: Lookup = {
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
      const settled = !state.stale.has(address) && (outcome === "ok" || outcome === "skipped" || isFailed(result));
      return { settled, hash: outcome === "ok" ? valueHash : outcome };
    },
    results(reader, read) {
      const target = state.graph.nodes.get(read.node);
      if (target === undefined || target.blocked !== null) return nothing;
      if (target.sheet === null) return allResults(target, read.reference.at ?? {}, lookup);
      const seen = state.columns.get(columnReadKey(reader, read.as));
      if (seen === undefined) return nothing;
      fingerprints ??= new Map();
      let fingerprint = fingerprints.get(target.id);
      if (fingerprint === undefined)
        fingerprints.set(target.id, (fingerprint = columnFingerprint(target, state, lookup)));
      return { settled: seen.settled && seen.fingerprint === fingerprint, hash: seen.hash };
    },
  };
  return lookup;
}

/** Under what `SessionState.columns` keeps what one reader saw of a column. */
export function columnReadKey(reader: string, as: string): string {
  return `${reader} ${as}`;
}

/** All results of a node outside sheets at the labels given. */
function allResults(node: Node, at: { readonly [axis: string]: string }, lookup: Lookup): ReadState {
  const states = variantsOf(node.axes)
    .filter((variant) => isAt(variant, at))
    .map((variant) => lookup.result(addressText({ cell: node.id, at: variant })));
  return { settled: states.every(({ settled }) => settled), hash: hashOf(states.map(({ hash }) => hash)) };
}
