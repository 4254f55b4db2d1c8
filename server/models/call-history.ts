import {
  addressText,
  coordinatesText,
  parseAddress,
  type Address,
  type Coordinates,
} from "#server/notebook/address.ts";
import { isBatched } from "#server/notebook/is-batched.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { CallEnd, JournalCall } from "#server/store/journal.ts";
import { requestSize } from "./request-length.ts";

/** What calls are made for that ask alike: a cell of a notebook, and its labels but the row's and the repeat's. */
export interface CallPlace {
  readonly notebook: string;
  readonly cell: string;
  readonly variant: string;
}

/** What a call that was answered was like. */
export interface PastCall {
  /** Of all the texts of its request, and what its pictures are worth; null where they are no longer kept. */
  readonly characters: number | null;
  /** Of its schema, besides; absent where it has none. */
  readonly schema?: number;
  readonly usage: Usage;
  /** The most tokens its answer was asked to have, where it ended there: nobody knows how long it would have been. */
  readonly cutOffAt?: number;
  /** Which row and repeat it was for: what calls of one row in several places have in common. Absent where it was for none. */
  readonly row?: string;
  /** Milliseconds; null for an answer of a batch, which comes when the provider has time for it. */
  readonly latency: number | null;
}

/** Past calls of one model, those that are most like the ones to come. */
export interface PastCalls {
  /** Where they were made: at the same place, or else in the same cell, the same notebook, anywhere. */
  readonly from: "place" | "cell" | "notebook" | "model";
  /** Never empty; the latest last. */
  readonly calls: readonly PastCall[];
}

/** Which result a call was made for, and the how manieth of its calls it was. */
export interface CallStep {
  /** `addressText` of it. */
  readonly address: string;
  readonly step: number;
}

/** Remembers the last calls of each model, at most `limit` of a place, a cell, a notebook and in all. */
export interface CallHistory {
  /** A later step of an address, as a repair of its answer, counts with its first: planned is the first alone. */
  add(model: string, place: CallPlace, call: PastCall, made?: CallStep): void;
  /** Null before the model's first call. */
  of(model: string, place?: CallPlace): PastCalls | null;
}

/** Fewer calls of a place than these say less than more of another. */
const enough = 3;

/** Addresses whose later steps may still come. */
const mostFirsts = 1_000;

export function createCallHistory(past: readonly JournalCall[] = [], limit = 200): CallHistory {
  const known = new Map<string, PastCall[]>();
  const firsts = new Map<string, { usage: Usage; latency: number | null }>();
  const history: CallHistory = {
    add(model, place, { ...call }, made) {
      if (made !== undefined) {
        const address = JSON.stringify([model, place.notebook, made.address]);
        const first = firsts.get(address);
        if (made.step > 0 && first !== undefined) {
          first.usage = sumUsage(first.usage, call.usage);
          if (first.latency !== null) first.latency += call.latency ?? 0;
          return;
        }
        firsts.delete(address);
        firsts.set(address, call);
        if (firsts.size > mostFirsts) firsts.delete(firsts.keys().next().value!);
      }
      for (const [, key] of levels(model, place)) {
        const calls = known.get(key) ?? [];
        known.set(key, calls);
        calls.push(call);
        if (calls.length > 2 * limit) calls.splice(0, calls.length - limit);
      }
    },
    of(model, place) {
      for (const [from, key] of levels(model, place)) {
        const calls = known.get(key) ?? [];
        if (calls.length >= (from === "model" ? 1 : enough)) return { from, calls: calls.slice(-limit) };
      }
      return null;
    },
  };
  // The journal lists the newest first.
  for (const call of past.toReversed()) addJournaled(history, call);
  return history;
}

/** A call with what its answer says of others. */
type AnsweredCall = Pick<JournalCall, "model" | "notebook" | "run" | "step" | "sentAt"> & {
  readonly address: Address;
  /** Its messages and parameters; null where they are no longer kept. */
  readonly request: object | null;
  readonly end: Omit<CallEnd, "text"> | null;
};

/** Adds a call as the journal has it. */
export function addJournaled(history: Pick<CallHistory, "add">, call: Omit<JournalCall, "id" | "key">): void {
  addAnswered(history, { ...call, request: call.request as object | null, address: parseAddress(call.address) });
}

/** Adds a call, where it was answered by the model that was asked. */
export function addAnswered(
  history: Pick<CallHistory, "add">,
  { model, notebook, run, address, step, request, sentAt, end }: AnsweredCall,
): void {
  if (end?.state !== "done" || isOfAnother(end)) return;
  history.add(
    model,
    placeOfCall({ notebook, run }, address),
    {
      ...(request === null ? { characters: null } : requestSize(request as never)),
      usage: end.usage,
      ...cutOffAt(end, request),
      latency: isBatched(end.price) ? null : end.endedAt - sentAt,
      ...rowOf(address),
    },
    madeFor(run, addressText(address), step),
  );
}

/** The most tokens an answer was asked to have, where it ended there and that is still known. */
function cutOffAt({ finish }: Pick<CallEnd, "finish">, request: unknown): Pick<PastCall, "cutOffAt"> {
  const most = (request as { readonly parameters?: { readonly max_tokens?: unknown } } | null)?.parameters?.max_tokens;
  return finish === "length" && typeof most === "number" ? { cutOffAt: most } : {};
}

/** Which result a call was made for; undefined for a turn of a conversation, which is of no run and no repair. */
function madeFor(run: string, address: string, step: number): CallStep | undefined {
  return run === "" ? undefined : { address, step };
}

/** Whether a model answered that took over for the one that was asked: it says nothing of that one's tokens. */
function isOfAnother({ attempts = [] }: Pick<CallEnd, "attempts">): boolean {
  return attempts.some(({ next }) => next !== undefined);
}

function sumUsage(one: Usage, other: Usage): Usage {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Usage)[]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]));
}

/** The place of an address: the row of a sheet and the repeat do not tell what is asked. */
export function placeOf(notebook: string, address: Address): CallPlace {
  return { notebook, cell: address.cell, variant: coordinatesText(labelsOf(address, false)) };
}

/** The place of a call: a turn of a conversation, which is of a notebook and of no run, asks another thing than the cell it goes on from. */
export function placeOfCall({ notebook, run }: Pick<JournalCall, "notebook" | "run">, address: Address): CallPlace {
  const place = placeOf(notebook, address);
  return run === "" && notebook !== "" ? { ...place, cell: `conversation ${place.cell}` } : place;
}

/** The row and the repeat of an address; nothing where it has neither. */
function rowOf(address: Address): { readonly row?: string } {
  const row = coordinatesText(labelsOf(address, true));
  return row === "" ? {} : { row };
}

function labelsOf({ cell, at }: Address, ofRows: boolean): Coordinates {
  const sheet = cell.slice(0, Math.max(0, cell.lastIndexOf(".")));
  return Object.fromEntries(
    Object.entries(at).filter(([dimension]) => (dimension === sheet || dimension === "repeat") === ofRows),
  );
}

/** Nearest first. */
function levels(model: string, place?: CallPlace): readonly (readonly [PastCalls["from"], string])[] {
  const anywhere = ["model", JSON.stringify([model])] as const;
  if (place === undefined) return [anywhere];
  const { notebook, cell, variant } = place;
  return [
    ["place", JSON.stringify([model, notebook, cell, variant])],
    ["cell", JSON.stringify([model, notebook, cell])],
    ["notebook", JSON.stringify([model, notebook])],
    anywhere,
  ];
}
