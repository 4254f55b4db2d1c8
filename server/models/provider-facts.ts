import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import { longestEvent } from "./read-events.ts";

/** Members of JSON, as a provider sent them. */
export type Members = { readonly [name: string]: Datum };

type Gathered = { [name: string]: unknown };

/** Gathers what a provider sends: ids, tiers, usage in its own words, why it stopped, and what else it says. */
export interface ProviderFacts {
  /** Takes the members of an event, over those of the same name that came before; what is null says nothing. */
  add(members: { readonly [name: string]: unknown }): void;
  /** The member `raw` of a part, bounded as JSON; none where nothing came. */
  part(): { readonly raw?: Members };
}

/** Characters as JSON that are kept of what a provider says: as many as are read of an event. */
const longest = longestEvent;
const mostMembers = 1_000;
const longestName = 1_000;
/** Members that stand in one another: what is deeper breaks who walks through it. */
const deepest = 100;

/** What there is is kept whole; of more than there may be, what is longest is cut, and says of how much. */
export function gatherFacts(): ProviderFacts {
  const facts: Gathered = {};
  return {
    add: (members) => void merge(facts, members, 0),
    part: () => (Object.keys(facts).length === 0 ? {} : { raw: cutTo(longest, copied(facts, 0)) as Members }),
  };
}

function merge(into: Gathered, members: { readonly [name: string]: unknown }, depth: number): Gathered {
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined || name === "__proto__" || name.length > longestName) continue;
    const before = into[name];
    // A server that sends ever new names must not fill the memory.
    if (before === undefined && Object.keys(into).length >= mostMembers) continue;
    into[name] = isMembers(value) && depth < deepest ? merge(isMembers(before) ? before : {}, value, depth + 1) : value;
  }
  return into;
}

function isMembers(value: unknown): value is Gathered {
  return isMapping(value);
}

function copied(value: unknown, depth: number): Datum {
  if (typeof value !== "object" || value === null) return value as Datum;
  if (depth > deepest) return "…";
  if (Array.isArray(value)) return value.map((item) => copied(item, depth + 1));
  const members: { [name: string]: Datum } = {};
  for (const [name, member] of Object.entries(value))
    if (name !== "__proto__") members[name] = copied(member, depth + 1);
  return members;
}

/** Characters that a mark, and what stands around a value, take at the most. */
const around = 50;

/** A value as JSON of at most `room` characters: texts and lists of which there is more end in a mark that says how long they were. */
function cutTo(room: number, value: Datum): Datum {
  const length = lengthOf(value);
  if (length <= room) return value;
  if (typeof value === "string") return cutText(room, value);
  if (Array.isArray(value)) return cutList(room, value as readonly Datum[]);
  return isMapping(value) ? cutMembers(room, value) : mark(length, "characters");
}

function cutText(room: number, text: string): string {
  let kept = text.slice(0, Math.max(0, room - around));
  // Characters that are escaped take more room.
  for (let length = lengthOf(kept); length > room - around && kept !== ""; length = lengthOf(kept))
    kept = kept.slice(0, Math.floor((kept.length * Math.max(0, room - around)) / length));
  return `${kept.toWellFormed()}${mark(text.length, "characters")}`;
}

function cutList(room: number, list: readonly Datum[]): readonly Datum[] {
  const kept: Datum[] = [];
  let left = room - around;
  for (const item of list) {
    const length = lengthOf(item) + 1;
    if (length > left && left > 2 * around) kept.push(cutTo(left, item));
    if (length > left) break;
    kept.push(item);
    left -= length;
  }
  return [...kept, mark(list.length, "items")];
}

/** Short members stay whole; the longest share what room they leave. */
function cutMembers(room: number, members: Members): Members {
  const lengths = Object.entries(members).map(([name, value]) => [name, lengthOf(name) + lengthOf(value) + 2] as const);
  const kept: { [name: string]: Datum } = {};
  let left = room - around;
  for (const [index, [name, length]] of lengths.toSorted(([, one], [, other]) => one - other).entries()) {
    const share = Math.min(length, left / (lengths.length - index));
    const ofValue = share - lengthOf(name) - 2;
    if (length > share && ofValue < around) break;
    kept[name] = cutTo(ofValue, members[name]!);
    left -= share;
  }
  const all = Object.keys(members).length;
  return Object.keys(kept).length === all ? kept : { ...kept, "…": mark(all, "members") };
}

function mark(count: number, of: string): string {
  return `… of ${count} ${of}`;
}

function lengthOf(value: Datum): number {
  return JSON.stringify(value).length;
}

/** Members without those that are named. */
export function without(
  members: { readonly [name: string]: unknown },
  names: readonly string[],
): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
