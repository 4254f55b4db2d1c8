import { parseAddress, type Coordinates } from "#server/notebook/address.ts";
import type { CallFacts, ModelParameters, Usage } from "#server/notebook/services.ts";
import type { CellError, Datum, Message, Value } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import { rowResults } from "#server/runner/note-result.ts";
import type { Outcome } from "#server/runner/run-event.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { nodeAt } from "#server/runner/session-notes.ts";
import type { SessionState } from "#server/runner/session-state.ts";
import type { JournalCall } from "#server/store/journal.ts";
import type { NotesView } from "#server/workbench/view.ts";

/** Everything that is known of one result, in a sheet or outside. */
export interface ResultDetails {
  readonly address: string;
  readonly cell: string;
  readonly at: Coordinates;
  readonly outcome: Outcome | null;
  /** The whole value that is shown: a person's before a computed one. */
  readonly value: Value | null;
  readonly override: "locked" | "edited" | null;
  readonly error: CellError | null;
  /** Milliseconds; null where it is not known. */
  readonly computedAt: number | null;
  readonly notes: NotesView | null;
  readonly calls: readonly CallDetails[];
}

/** A call behind a result, as the journal has it. */
export interface CallDetails {
  readonly key: string;
  /** The model that was asked, and the one that says it answered. */
  readonly model: string;
  readonly answeredBy: string | null;
  /** What was sent; null where it is no longer kept. */
  readonly request: CallRequest | null;
  /** The answer as it came; null where it is no longer kept. */
  readonly text: string | null;
  readonly finish: string | null;
  readonly usage: Usage;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly firstTextAt: number | null;
  readonly endedAt: number | null;
  /** US dollars; null for unpriced. */
  readonly cost: number | null;
  /** How the cost was worked out. */
  readonly price: Datum;
  readonly requestId: string | null;
  /** The run it was sent by, and the place it was sent for first. */
  readonly run: string;
  readonly sentFor: { readonly notebook: string; readonly address: string };
  readonly step: number;
  /** Whether this result had it from the journal. */
  readonly cached: boolean;
  readonly error: CellError | null;
}

/** The request as `journaled` writes it. */
export interface CallRequest {
  readonly messages?: readonly Message[];
  readonly completion?: string;
  readonly parameters?: ModelParameters;
  readonly schema?: Datum;
}

/** What is known of the result at an address. Throws `notes.address` where there is no such cell. */
export async function resultDetails(address: string, state: SessionState, runtime: Runtime): Promise<ResultDetails> {
  const { cell, at } = parseAddress(address);
  const stored =
    nodeAt({ cell, at }, state).sheet === null
      ? scalarResult(address, state)
      : await sheetResult(address, state, runtime);
  const { chosen, ...said } = state.notes.get(address) ?? { scores: {}, comments: [] };
  const { scores, comments, label } = said;
  const calls = await Promise.all(stored.calls.map((facts) => callDetails(facts, chosen, runtime)));
  return {
    ...stored,
    address,
    cell,
    at,
    notes: {
      scores,
      comments,
      ...(label === undefined ? {} : { label }),
      ...(chosen === undefined ? {} : { chosen }),
    },
    calls: calls.filter((call) => call !== null),
  };
}

type Stored = Pick<ResultDetails, "outcome" | "value" | "override" | "error" | "computedAt"> & {
  readonly calls: readonly CallFacts[];
};

function scalarResult(address: string, state: SessionState): Stored {
  const result = state.results.get(address);
  const override = state.overrides.get(address);
  return {
    outcome: override === undefined ? (result?.outcome ?? null) : "ok",
    value: override?.value ?? result?.value ?? null,
    override: override?.type ?? null,
    error: override === undefined ? (result?.error ?? null) : null,
    computedAt: result?.at ?? null,
    calls: result?.calls ?? [],
  };
}

async function sheetResult(address: string, state: SessionState, runtime: Runtime): Promise<Stored> {
  const [result] = await rowResults(address, state, runtime);
  return {
    outcome: result?.outcome ?? null,
    value: result?.value == null ? null : decodeValue(result.value),
    override: result?.override ?? null,
    error: result?.error == null ? null : (JSON.parse(result.error) as CellError),
    computedAt: null,
    calls: result?.calls ?? [],
  };
}

/** Answers looked through for the one that is shown. */
const lookedAt = 100;

async function callDetails(
  facts: CallFacts,
  chosen: string | undefined,
  { journal }: Runtime,
): Promise<CallDetails | null> {
  const calls = await journal.list({ key: facts.key, limit: lookedAt });
  const call =
    calls.find(({ key, sentAt }) => `${key}@${sentAt}` === chosen) ??
    calls.find(({ end }) => end?.state === "done") ??
    calls[0];
  return call === undefined ? null : details(call, facts.cached);
}

function details(call: JournalCall, cached: boolean): CallDetails {
  const { key, model, request, sentAt, run, notebook, address, step, end } = call;
  return {
    key,
    model,
    answeredBy: end?.answeredBy ?? null,
    request: request as CallRequest | null,
    text: end?.text ?? null,
    finish: end?.finish ?? null,
    usage: end?.usage ?? {},
    sentAt,
    firstTextAt: end?.firstTextAt ?? null,
    endedAt: end?.endedAt ?? null,
    cost: end?.cost ?? null,
    price: end?.price ?? null,
    requestId: end?.requestId ?? null,
    run,
    sentFor: { notebook, address },
    step,
    cached,
    error: end?.error ?? null,
  };
}
