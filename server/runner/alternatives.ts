import { addressText, parseAddress } from "#server/notebook/address.ts";
import type { CallFacts, ChatAnswer, ChatCall } from "#server/notebook/services.ts";
import type { JournalCall } from "#server/store/journal.ts";
import { rowResults } from "./note-result.ts";
import type { Runtime } from "./runtime.ts";
import { nodeAt } from "./session-notes.ts";
import type { SessionState } from "./session-state.ts";

/** One of the answers the journal has for a result's calls. */
export interface Alternative {
  /** What a `chosen` note names it by: its call key and when it was sent. */
  readonly answer: string;
  readonly text: string;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** US dollars; null where the price is not known. */
  readonly cost: number | null;
  /** Whether it is the one that is shown: the chosen one, else the newest. */
  readonly shown: boolean;
}

/** Answers kept a key; the older ones are not offered. */
const offered = 100;

/** All answers to the calls of a result, newest first; none where its cell is gone by now. */
export async function alternatives(
  text: string,
  state: SessionState,
  runtime: Runtime,
): Promise<readonly Alternative[]> {
  if (!state.graph.nodes.has(parseAddress(text).cell)) return [];
  const keys = [...new Set((await callsAt(text, state, runtime)).map(({ key }) => key))];
  const found = (await Promise.all(keys.map((key) => answersOf(key, runtime)))).flat();
  const chosen = state.notes.get(text)?.chosen;
  const shown = found.find((call) => answerName(call) === chosen) ?? found[0];
  return found.map((call) => ({
    answer: answerName(call),
    text: call.end!.text!,
    model: call.end!.answeredBy ?? call.model,
    sentAt: call.sentAt,
    cost: call.end!.cost,
    shown: call === shown,
  }));
}

/** The newest answer of a result, by the name a note has for it. */
export async function newestAnswer(text: string, state: SessionState, runtime: Runtime): Promise<string | null> {
  const [call] = await callsAt(text, state, runtime);
  const [newest] = call === undefined ? [] : await answersOf(call.key, runtime);
  return newest === undefined ? null : answerName(newest);
}

/** The answer people chose for the address of a call, where it is one to this very request. */
export async function chosenAnswer(call: ChatCall, state: SessionState, runtime: Runtime): Promise<ChatAnswer | null> {
  const chosen = state.notes.get(addressText(call.address))?.chosen;
  if (chosen === undefined) return null;
  const key = await runtime.caller.callKey(call);
  if (!chosen.startsWith(`${key}@`)) return null;
  const found = (await answersOf(key, runtime)).find((one) => answerName(one) === chosen);
  if (found === undefined) return null;
  const { text, finish = "other", answeredBy = found.model, usage, cost, endedAt } = found.end!;
  const facts = { key, model: answeredBy, usage, cost, latency: endedAt - found.sentAt, cached: true };
  return { text: text!, finish, call: facts };
}

/** The calls that answered: of vectors there is no other answer. */
async function callsAt(text: string, state: SessionState, runtime: Runtime): Promise<readonly CallFacts[]> {
  const isScalar = nodeAt(parseAddress(text), state).sheet === null;
  const results = isScalar ? [state.results.get(text)] : await rowResults(text, state, runtime);
  return results.flatMap((result) => result?.calls ?? []).filter(({ embeds }) => embeds !== true);
}

/** The good answers to a request that are still there, newest first. */
async function answersOf(key: string, runtime: Runtime): Promise<readonly JournalCall[]> {
  const calls = await runtime.journal.list({ key, limit: offered });
  return calls.filter(({ end }) => end?.state === "done" && end.text !== null);
}

function answerName({ key, sentAt }: JournalCall): string {
  return `${key}@${sentAt}`;
}
