import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { toAnswerSchema } from "./answer-schema.ts";

/** Shorter texts are kept as they are: saying where they stand would take as much. */
const shortest = 100;

/**
 * The end of a call, in whose response nothing long stands that the call has beside it. What is its text or its reasoning is `{ same_as: "text" }` or
 * `{ same_as: "reasoning" }`, a part of one has `from` and `length` in UTF-16 units too, a text that has one of them in it is `{ joined: [...] }` of
 * the pieces, and the schema it was asked for, as it is sent, is `{ same_as: "schema" }`.
 */
export function saidOnce(end: CallEnd, schema?: Datum): CallEnd {
  const { response, text, reasoning = "" } = end;
  if (response === undefined) return end;
  const kept = Object.entries({ text, reasoning }).filter(([, whole]) => whole.length >= shortest);
  if ((kept.length === 0 && schema === undefined) || !mayRefer(response)) return end;
  let sent: string | undefined;
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

  function inPlaceOf(said: string): Datum {
    for (const [same_as, whole] of kept) {
      const from = whole.indexOf(said);
      if (from !== -1) return said.length === whole.length ? { same_as } : { same_as, from, length: said.length };
    }
    const joined = pieces(said);
    return joined.length === 1 ? said : { joined };
  }

  function pieces(said: string): readonly Datum[] {
    for (const [same_as, whole] of kept) {
      const from = said.indexOf(whole);
      if (from !== -1) return [...pieces(said.slice(0, from)), { same_as }, ...pieces(said.slice(from + whole.length))];
    }
    return said === "" ? [] : [said];
  }

  function isSent(member: Datum): boolean {
    if (schema === undefined || !isMapping(member)) return false;
    sent ??= JSON.stringify(toAnswerSchema(schema)?.schema ?? null);
    return JSON.stringify(member) === sent;
  }
}

/** Whether there is anything long in a response: in most there is not, and each call is looked through. */
function mayRefer(value: Datum): boolean {
  if (typeof value === "string") return value.length >= shortest;
  if (Array.isArray(value)) return value.some(mayRefer);
  if (!isMapping(value)) return false;
  for (const name in value) if (name === "schema" || mayRefer(value[name]!)) return true;
  return false;
}
