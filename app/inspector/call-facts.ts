import type { CallDetail } from "#server/runner/call-detail.ts";
import type { Datum } from "#server/notebook/value.ts";
import { duration } from "../values/duration.ts";
import { keyWords } from "../values/key-words.ts";
import { moment } from "../values/moment.ts";

/** One fact of a call: what it is, and what it came to. */
export interface Fact {
  readonly term: string;
  readonly text: string;
  /** Whether it is a name or key to copy. */
  readonly mono?: true;
}

/** The facts of a call but for its messages and its price; where the journal no longer has it, what the result kept of it. */
export function callFacts(call: CallDetail, now: number): readonly Fact[] {
  const { model: answeredBy, usage, key, journal } = call;
  const model = journal?.model ?? answeredBy;
  const tokens = [
    count(usage.input, "in"),
    count(usage.output, "out"),
    count(usage.cachedInput, "cached"),
    count(usage.cacheWrite, "written to cache"),
    count(usage.reasoning, "reasoning"),
    count(usage.audio, "of sound"),
    count(usage.image, "of pictures"),
  ].filter((part) => part !== null);
  const parameters = Object.entries(journal?.request?.parameters ?? {}).map(
    ([name, value]) => `${name} ${plain(value as Datum)}`,
  );
  const keyUsed = journal === null ? null : keyText(journal);
  const facts: readonly (Fact | null)[] = [
    { term: "model", text: model, mono: true },
    answeredBy === model || model.endsWith(`/${answeredBy}`)
      ? null
      : { term: "answered by", text: answeredBy, mono: true },
    parameters.length === 0 ? null : { term: "parameters", text: parameters.join(" · ") },
    tokens.length === 0
      ? { term: "tokens", text: "the provider did not say" }
      : { term: "tokens", text: tokens.join(" · ") },
    keyUsed === null ? null : { term: "key", text: keyUsed },
    { term: "latency", text: latency(journal?.firstText ?? null, call.latency) },
    ...(journal === null ? [] : journalFacts(journal, now)),
    { term: "call key", text: key, mono: true },
    journal?.requestId == null ? null : { term: "request id", text: journal.requestId, mono: true },
  ];
  return facts.filter((fact) => fact !== null);
}

function keyText(journal: NonNullable<CallDetail["journal"]>): string | null {
  const words = keyWords(journal);
  return words === null || journal.keyNumber === null ? words : `${words} of the provider's`;
}

function journalFacts(
  { finish, sentAt, attempts, step, run }: NonNullable<CallDetail["journal"]>,
  now: number,
): readonly (Fact | null)[] {
  return [
    finish == null || finish === "stop" ? null : { term: "ended", text: ended(finish) },
    { term: "sent", text: moment(sentAt, now) },
    ...attempts.map((attempt, index) => ({ term: `attempt ${index + 1}`, text: attemptWords(attempt) })),
    step === 0 ? null : { term: "why", text: laterStep(step, run) },
    run === "" ? null : { term: "run", text: run, mono: true },
  ];
}

/** Why a call was sent after the first of its address: its run asked once more, or, in no run, a person said something to the answer. */
function laterStep(step: number, run: string): string {
  return run === "" ? `turn ${step + 1} of a conversation` : "asked once more, for the answer did not fit its schema";
}

/** Why an attempt failed, which has its HTTP status, under which id the provider knows it, and what was done then. */
function attemptWords({
  message,
  requestId,
  waited,
  key,
  next,
}: NonNullable<CallDetail["journal"]>["attempts"][number]): string {
  const then =
    next !== undefined
      ? `asked ${next}`
      : key !== undefined
        ? `key ${key} rests, took another`
        : `again after ${duration(waited)}`;
  return `${message}${requestId === undefined ? "" : ` (request id ${requestId})`} → ${then}`;
}

function latency(firstText: number | null, whole: number): string {
  return firstText === null ? duration(whole) : `${duration(firstText)} first · ${duration(whole)}`;
}

function ended(finish: string): string {
  if (finish === "length") return "at its most tokens: it is cut off";
  return finish === "content-filter" ? "by the provider's content filter" : finish;
}

function count(tokens: number | undefined, what: string): string | null {
  return tokens === undefined || (tokens === 0 && what !== "in" && what !== "out")
    ? null
    : `${tokens.toLocaleString("en")} ${what}`;
}

function plain(value: Datum): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
