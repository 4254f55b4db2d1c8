import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { toAnswerSchema } from "./answer-schema.ts";
import { placesOf } from "./places-of.ts";

/** Shorter texts are kept as they are: saying where they stand would take as much. */
const shortest = 100;

/** What a text is in that is said more often than this stays as it is. */
const mostPlaces = 100;

/** Characters that are looked through for one response at the most: what stands in what is looked for no longer then. */
const mostSought = 50_000_000;

/**
 * The end of a call, in whose response nothing long stands that the call has beside it. What is its text or its reasoning is `{ same_as: "text" }` or
 * `{ same_as: "reasoning" }`, a part of one has `from` and `length` in UTF-16 units too, a text that has one of them in it is `{ joined: [...] }` of
 * the pieces, and the schema it was asked for, as it is sent, is `{ same_as: "schema" }`. Never throws: a response that cannot be said so stays as it is.
 */
export function saidOnce(end: CallEnd, schema?: Datum): CallEnd {
  try {
    return said(end, schema);
  } catch {
    return end;
  }
}

function said(end: CallEnd, schema: Datum | undefined): CallEnd {
  const { response, text, reasoning = "" } = end;
  if (response === undefined) return end;
  const kept = Object.entries({ text, reasoning }).filter(([, whole]) => whole.length >= shortest);
  if ((kept.length === 0 && schema === undefined) || !mayRefer(response)) return end;
  let sent: string | undefined;
  let sought = 0;
  return { ...end, response: referring(response) };

  function referring(value: Datum): Datum {
    if (typeof value === "string") return value.length < shortest ? value : inPlaceOf(value);
    if (Array.isArray(value)) return value.map(referring);
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === "schema" && isSent(member) ? { same_as: "schema" } : referring(member),
      ]),
    );
  }

  function inPlaceOf(long: string): Datum {
    for (const [same_as, whole] of kept) if (long === whole) return { same_as };
    for (const [same_as, whole] of kept) {
      const [from] = places(long, whole, 1);
      if (from !== undefined) return { same_as, from, length: long.length };
    }
    const found = kept.flatMap(([same_as, whole]) =>
      places(whole, long, mostPlaces + 1).map((from) => ({ same_as, from, length: whole.length })),
    );
    return found.length === 0 || found.length > mostPlaces ? long : { joined: pieces(long, found) };
  }

  function places(one: string, within: string, most: number): readonly number[] {
    if (one.length > within.length) return [];
    sought += one.length + within.length;
    return sought > mostSought ? [] : placesOf(one, within, most);
  }

  function isSent(member: Datum): boolean {
    if (schema === undefined || !isMapping(member)) return false;
    sent ??= JSON.stringify(toAnswerSchema(schema)?.schema ?? null);
    return JSON.stringify(member) === sent;
  }
}

/** A text as the pieces that stand beside it, and those between them. */
function pieces(
  long: string,
  found: readonly { readonly same_as: string; readonly from: number; readonly length: number }[],
): readonly Datum[] {
  const all: Datum[] = [];
  let at = 0;
  for (const { same_as, from, length } of found.toSorted((one, other) => one.from - other.from)) {
    if (from < at) continue;
    if (from > at) all.push(long.slice(at, from));
    all.push({ same_as });
    at = from + length;
  }
  return at === long.length ? all : [...all, long.slice(at)];
}

/** Whether there is anything long in a response: in most there is not, and each call is looked through. */
function mayRefer(value: Datum): boolean {
  if (typeof value === "string") return value.length >= shortest;
  if (Array.isArray(value)) return value.some(mayRefer);
  if (!isMapping(value)) return false;
  for (const name in value) if (name === "schema" || mayRefer(value[name]!)) return true;
  return false;
}
