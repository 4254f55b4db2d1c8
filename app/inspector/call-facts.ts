import type { CallDetails } from "#server/api/result-details.ts";
import type { Datum } from "#server/notebook/value.ts";
import { duration } from "../values/duration.ts";
import { moment } from "../values/moment.ts";

/** One fact of a call: what it is, and what it came to. */
export interface Fact {
  readonly term: string;
  readonly text: string;
  /** Whether it is a name or key to copy. */
  readonly mono?: true;
}

/** The facts of a call but for its messages and its price. */
export function callFacts(call: CallDetails, now: number): readonly Fact[] {
  const { model, answeredBy, finish, usage, sentAt, firstTextAt, endedAt, run, key, requestId, step } = call;
  const tokens = [
    count(usage.input, "in"),
    count(usage.output, "out"),
    count(usage.cachedInput, "cached"),
    count(usage.cacheWrite, "written to cache"),
    count(usage.reasoning, "reasoning"),
  ].filter((part) => part !== null);
  const parameters = Object.entries(call.request?.parameters ?? {}).map(
    ([name, value]) => `${name} ${plain(value as Datum)}`,
  );
  const facts: readonly (Fact | null)[] = [
    { term: "model", text: model, mono: true },
    answeredBy === null || model.endsWith(`/${answeredBy}`)
      ? null
      : { term: "answered by", text: answeredBy, mono: true },
    parameters.length === 0 ? null : { term: "parameters", text: parameters.join(" · ") },
    tokens.length === 0
      ? { term: "tokens", text: "the provider did not say" }
      : { term: "tokens", text: tokens.join(" · ") },
    endedAt === null ? null : { term: "latency", text: latency(sentAt, firstTextAt, endedAt) },
    finish === null || finish === "stop" ? null : { term: "ended", text: ended(finish) },
    { term: "sent", text: moment(sentAt, now) },
    step === 0 ? null : { term: "step", text: String(step) },
    { term: "run", text: run, mono: true },
    { term: "call key", text: key, mono: true },
    requestId === null ? null : { term: "request id", text: requestId, mono: true },
  ];
  return facts.filter((fact) => fact !== null);
}

function latency(sentAt: number, firstTextAt: number | null, endedAt: number): string {
  const whole = duration(endedAt - sentAt);
  return firstTextAt === null ? whole : `${duration(firstTextAt - sentAt)} first · ${whole}`;
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
