import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";

/** Members of JSON, as a provider sent them. */
export type Members = { readonly [name: string]: Datum };

type Gathered = { [name: string]: unknown };

/** Gathers what a provider sends besides an answer's text: ids, tiers, usage in its own words, why it stopped. */
export interface ProviderFacts {
  /** Takes the members of an event, over those of the same name that came before; what is null says nothing. */
  add(members: { readonly [name: string]: unknown }): void;
  /** The member `raw` of a part, bounded as JSON; none where nothing came. */
  part(): { readonly raw?: Members };
}

const longestText = 500;
const longestList = 50;
const mostMembers = 100;
const longestName = 100;

/** With at most `longest` characters as JSON. */
export function gatherFacts(longest = 4_000): ProviderFacts {
  const facts: Gathered = {};
  return {
    add: (members) => void merge(facts, members),
    part: () => (Object.keys(facts).length === 0 ? {} : { raw: fitting(cut(facts) as Members, longest) }),
  };
}

function merge(into: Gathered, members: { readonly [name: string]: unknown }): Gathered {
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined || name === "__proto__" || name.length > longestName) continue;
    const before = into[name];
    // A server that sends ever new names must not fill the memory.
    if (before === undefined && Object.keys(into).length >= mostMembers) continue;
    into[name] = isMembers(value) ? merge(isMembers(before) ? before : {}, value) : value;
  }
  return into;
}

function isMembers(value: unknown): value is Gathered {
  return isMapping(value);
}

function cut(value: unknown): Datum {
  if (typeof value === "string") return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) return value.slice(0, longestList).map(cut);
  if (!isMembers(value)) return value as Datum;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cut(member)]));
}

/** Leaves out the longest members until the rest is short enough, and says which. */
function fitting(facts: Members, longest: number): Members {
  const left: string[] = [];
  for (let kept = facts; ;) {
    const all = left.length === 0 ? kept : { ...kept, left_out: left.slice(0, 20) };
    if (JSON.stringify(all).length <= longest) return all;
    const [largest] = Object.entries(kept)
      .map(([name, value]) => [name, JSON.stringify(value).length] as const)
      .reduce((one, other) => (other[1] > one[1] ? other : one));
    left.push(largest);
    kept = Object.fromEntries(Object.entries(kept).filter(([name]) => name !== largest));
  }
}

/** Members without those that are named. */
export function without(
  members: { readonly [name: string]: unknown },
  names: readonly string[],
): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
