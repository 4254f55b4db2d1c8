import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import { longestEvent } from "./read-events.ts";

/** Members of JSON, as a provider sent them. */
export type Members = { readonly [name: string]: Datum };

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

/** Characters that are gathered besides what came first, which is an event or a whole answer; what is short has a room of its own, for ids, usage and ends come last. */
const mostGathered = 4 * longest;
const mostShort = longest;
const short = 1_000;

/** Characters that a mark, and what stands around a value, take at the most. */
const around = 50;

/** A member that is gathered: its value with its characters, or the members it has. */
type Gathered = Map<string, Gathered | { readonly value: Datum; readonly size: number }>;

/** What there is is kept whole; of more than there may be, what is longest is cut, and says of how much. What comes when too much came already is left out, and counted. */
export function gatherFacts(): ProviderFacts {
  const facts: Gathered = new Map();
  let room = Number.POSITIVE_INFINITY;
  let leftOut = 0;

  function merge(into: Gathered, members: { readonly [name: string]: unknown }, depth: number): void {
    for (const name in members) {
      const value = members[name];
      if (value === null || value === undefined || name === "__proto__" || name.length > longestName) continue;
      const before = into.get(name);
      // A server that sends ever new names must not fill the memory.
      if (before === undefined && (into.size >= mostMembers || room < name.length - mostShort)) leftOut += 1;
      else if (isMapping(value) && depth < deepest) {
        if (before === undefined) room -= name.length + around;
        else if (!(before instanceof Map)) room += before.size;
        const inside: Gathered = before instanceof Map ? before : new Map();
        into.set(name, inside);
        merge(inside, value, depth + 1);
      } else take(into, name, value, depth);
    }
  }

  function take(into: Gathered, name: string, value: unknown, depth: number): void {
    const before = into.get(name);
    const held = before === undefined ? 0 : sizeOfGathered(before);
    const taken = copied(value, depth + 1);
    const size = taken.size + name.length;
    if (size - held > (size <= short ? room + mostShort : room)) return void (leftOut += 1);
    room += held - size;
    into.set(name, { value: taken.value, size });
  }

  return {
    add(members) {
      const isFirst = facts.size === 0;
      merge(facts, members, 0);
      if (isFirst && facts.size > 0) room = mostGathered;
    },
    part() {
      if (facts.size === 0) return {};
      const said = { ...membersOf(facts), ...(leftOut === 0 ? {} : { "…": `… and ${leftOut} members more` }) };
      return { raw: JSON.stringify(said).length <= longest ? said : (cutTo(longest, said, lengths()) as Members) };
    },
  };
}

function sizeOfGathered(gathered: Gathered | { readonly size: number }): number {
  if (!(gathered instanceof Map)) return gathered.size;
  let sum = 0;
  for (const [name, inside] of gathered) sum += name.length + sizeOfGathered(inside);
  return sum;
}

function membersOf(gathered: Gathered): Members {
  const members: { [name: string]: Datum } = {};
  for (const [name, inside] of gathered) members[name] = inside instanceof Map ? membersOf(inside) : inside.value;
  return members;
}

/** A value without what is too deep, and about how many characters it has as JSON. */
function copied(value: unknown, depth: number): { readonly value: Datum; readonly size: number } {
  if (typeof value === "string") return { value, size: value.length + 2 };
  if (typeof value !== "object" || value === null) return { value: value as Datum, size: 5 };
  if (depth > deepest) return { value: "…", size: 3 };
  let size = 2;
  const copy = (member: unknown): Datum => {
    const inside = copied(member, depth + 1);
    size += inside.size + 1;
    return inside.value;
  };
  if (Array.isArray(value)) return { value: value.map(copy), size };
  const members: { [name: string]: Datum } = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === "__proto__") continue;
    members[name] = copy(member);
    size += name.length + 3;
  }
  return { value: members, size };
}

/** The characters of a value as JSON, each object of which is worked out once: it is asked for at every depth. */
type LengthOf = (value: Datum) => number;

function lengths(): LengthOf {
  const known = new Map<object, number>();
  return function lengthOf(value): number {
    if (typeof value !== "object" || value === null) return JSON.stringify(value).length;
    const before = known.get(value);
    if (before !== undefined) return before;
    let length = 1;
    if (Array.isArray(value)) for (const item of value) length += lengthOf(item) + 1;
    else for (const [name, member] of Object.entries(value)) length += lengthOf(name) + lengthOf(member) + 2;
    length = Math.max(2, length);
    known.set(value, length);
    return length;
  };
}

/** A value as JSON of at most `room` characters: texts and lists of which there is more end in a mark that says how long they were. */
function cutTo(room: number, value: Datum, lengthOf: LengthOf): Datum {
  const length = lengthOf(value);
  if (length <= room) return value;
  if (typeof value === "string") return cutText(room, value, lengthOf);
  if (Array.isArray(value)) return cutList(room, value as readonly Datum[], lengthOf);
  return isMapping(value) ? cutMembers(room, value, lengthOf) : mark(length, "characters");
}

function cutText(room: number, text: string, lengthOf: LengthOf): string {
  let kept = text.slice(0, Math.max(0, room - around));
  // Characters that are escaped take more room.
  for (let length = lengthOf(kept); length > room - around && kept !== ""; length = lengthOf(kept))
    kept = kept.slice(0, Math.floor((kept.length * Math.max(0, room - around)) / length));
  return `${kept.toWellFormed()}${mark(text.length, "characters")}`;
}

function cutList(room: number, list: readonly Datum[], lengthOf: LengthOf): readonly Datum[] {
  const kept: Datum[] = [];
  let left = room - around;
  for (const item of list) {
    const length = lengthOf(item) + 1;
    if (length > left && left > 2 * around) kept.push(cutTo(left, item, lengthOf));
    if (length > left) break;
    kept.push(item);
    left -= length;
  }
  return [...kept, mark(list.length, "items")];
}

/** Short members stay whole; the longest share what room they leave. */
function cutMembers(room: number, members: Members, lengthOf: LengthOf): Members {
  const lengths = Object.entries(members).map(([name, value]) => [name, lengthOf(name) + lengthOf(value) + 2] as const);
  const kept: { [name: string]: Datum } = {};
  let left = room - around;
  for (const [index, [name, length]] of lengths.toSorted(([, one], [, other]) => one - other).entries()) {
    const share = Math.min(length, left / (lengths.length - index));
    const ofValue = share - lengthOf(name) - 2;
    if (length > share && ofValue < around) break;
    kept[name] = cutTo(ofValue, members[name]!, lengthOf);
    left -= share;
  }
  const all = Object.keys(members).length;
  return Object.keys(kept).length === all ? kept : { ...kept, "…": mark(all, "members") };
}

function mark(count: number, of: string): string {
  return `… of ${count} ${of}`;
}

/** Members without those that are named. */
export function without(
  members: { readonly [name: string]: unknown },
  names: readonly string[],
): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
