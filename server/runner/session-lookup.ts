import { addressText } from "#server/notebook/address.ts";
import { isAt, variantsOf } from "#server/notebook/axis.ts";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import type { CanonicalInput } from "#server/notebook/canonical-json.ts";
import type { Node, Read } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { readState, type Lookup, type ReadState, type Seen } from "#server/notebook/scalar-key.ts";
import { rowsHash } from "#server/notebook/value-hash.ts";
import { callsWithRepeats } from "./calls-with-repeats.ts";
import { columnFingerprint } from "./column-fingerprint.ts";
import { closedResults, facts, readResult, type ReadValue } from "./node-values.ts";
import type { LiveResult, Override, SessionState } from "./session-state.ts";

const nothing: ReadState = { settled: false, hash: null };

/** The states of what cells read, from what the session holds. Whether a result is current is known of those a pass has been over: each node comes after what it reads. */
export function sessionLookup(state: SessionState): Lookup {
  return new SessionLookup(state);
}

/** A class, for a run asks for one at each of its addresses. */
class SessionLookup implements Lookup {
  readonly #state: SessionState;
  #fingerprints: Map<string, string> | undefined;

  constructor(state: SessionState) {
    this.#state = state;
  }

  input(name: string): ReadState {
    const input = this.#state.inputs.get(name);
    return input === undefined ? nothing : { settled: true, hash: input.hash };
  }

  file(path: string): ReadState {
    // That there is none is known as well: the error of a cell that reads it stands until there is one.
    return { settled: true, hash: this.#state.files.get(path) ?? null };
  }

  result(address: string, seen: Seen): ReadState {
    const { overrides, results, stale, open } = this.#state;
    const override = overrides.get(address);
    if (override !== undefined) return { settled: true, hash: overrideHash(override, seen) };
    const result = results.get(address);
    if (result === undefined) return nothing;
    const { outcome } = result;
    const isFresh = !stale.has(address) || (seen === "counted" && open.has(address));
    const settled = isFresh && (outcome === "ok" || outcome === "skipped" || isFailed(result));
    return { settled, hash: seen === "facts" ? this.#factsHash(result) : resultHash(result, seen) };
  }

  results(reader: string, read: Extract<Read, { readonly type: "results" }>): ReadState {
    const target = this.#state.graph.nodes.get(read.node);
    if (target === undefined || target.blocked !== null) return nothing;
    if (target.sheet === null) return allResults(target, read.reference.at ?? {}, this);
    const closed = closedResults(read, this.#state);
    if (closed !== null) {
      const by = readState(target.sheet, closed.by, {}, this.#state.graph, this);
      return { settled: by?.settled ?? false, hash: closed.type };
    }
    const seen = this.#state.columns.get(columnReadKey(reader, read.as));
    if (seen === undefined) return nothing;
    return { settled: seen.settled && seen.fingerprint === this.#fingerprintOf(target), hash: seen.hash };
  }

  #factsHash(result: LiveResult): string {
    const { cell, at } = result.address;
    const calls = callsWithRepeats(this.#state.graph.nodes.get(cell)!, at, this.#state);
    const read = readResult("", { ...result, calls }, true);
    return read.type === "value" ? factsHash(read) : result.outcome;
  }

  #fingerprintOf(target: Node): string {
    this.#fingerprints ??= new Map();
    let fingerprint = this.#fingerprints.get(target.id);
    if (fingerprint === undefined)
      this.#fingerprints.set(target.id, (fingerprint = columnFingerprint(target, this.#state, this)));
    return fingerprint;
  }
}

function resultHash({ outcome, value, valueHash, error }: LiveResult, seen: Exclude<Seen, "facts">): string | null {
  if (seen === "value or error" && outcome === "error" && error !== null)
    return hashOf([outcome, error.code, error.message]);
  if (seen === "rows" && outcome === "ok" && value?.type === "table" && value.value.outcomes !== undefined)
    return rowsHash(value.value);
  return outcome === "ok" ? valueHash : outcome;
}

function overrideHash({ type, value, valueHash }: Override, seen: Seen): string {
  return seen === "facts" ? factsHash({ type: "value", value, calls: [], outcome: "ok", override: type }) : valueHash;
}

function factsHash(read: Extract<ReadValue, { readonly type: "value" }>): string {
  return hashOf(facts(read) as CanonicalInput);
}

/** Under what `SessionState.columns` keeps what one reader saw of a column. */
export function columnReadKey(reader: string, as: string): string {
  return `${reader} ${as}`;
}

/** All results of a node outside sheets at the labels given. */
function allResults(node: Node, at: { readonly [axis: string]: string }, lookup: Lookup): ReadState {
  const states = variantsOf(node.axes)
    .filter((variant) => isAt(variant, at))
    .map((variant) => lookup.result(addressText({ cell: node.id, at: variant }), "value"));
  return { settled: states.every(({ settled }) => settled), hash: hashOf(states.map(({ hash }) => hash)) };
}
