import type { Datum } from "#server/notebook/value.ts";

/** One line of a tree of JSON. */
export interface JsonRow {
  /** The place of the value, `/items/0/name`; `/items/*` stands for members that are not shown yet. */
  readonly path: string;
  readonly depth: number;
  /** Its name in what holds it; null for the whole. */
  readonly key: string | null;
  readonly type: "object" | "array" | "string" | "number" | "boolean" | "null" | "more";
  /** The value in a line; of what is open, how much it has. */
  readonly text: string;
  /** Null for what has no members. */
  readonly open: boolean | null;
  /** Its place among those beside it, from 1, and how many there are. */
  readonly position: number;
  readonly count: number;
}

/** Members shown at first, and with each `more`. */
export const shownMembers = 100;

/** Which members are open, and how many of a long one are shown. */
export interface JsonTreeState {
  readonly open: ReadonlySet<string>;
  readonly shown: { readonly [path: string]: number };
}

/** The tree of a value as lines, from the top, those below a closed one left out. */
export function jsonRows(value: Datum, { open, shown }: JsonTreeState): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  const visit = (datum: Datum, at: Pick<JsonRow, "path" | "depth" | "key" | "position" | "count">): void => {
    const members = membersOf(datum);
    const isOpen = members === null || members.length === 0 ? null : open.has(at.path);
    rows.push({
      ...at,
      type: typeOf(datum),
      text: isOpen === true ? size(members!.length, datum) : preview(datum),
      open: isOpen,
    });
    if (isOpen !== true || members === null) return;
    const limit = shown[at.path] ?? shownMembers;
    for (const [index, [key, member]] of members.slice(0, limit).entries())
      visit(member, {
        path: `${at.path}/${escapeKey(key)}`,
        depth: at.depth + 1,
        key,
        position: index + 1,
        count: members.length,
      });
    if (members.length > limit)
      rows.push({
        path: `${at.path}/*`,
        depth: at.depth + 1,
        key: null,
        type: "more",
        text: `${(members.length - limit).toLocaleString("en")} more`,
        open: null,
        position: limit + 1,
        count: members.length,
      });
  };
  visit(value, { path: "", depth: 0, key: null, position: 1, count: 1 });
  return rows;
}

/** What is open at first: the whole, and below it what is small. */
export function firstOpen(value: Datum, most = 40): ReadonlySet<string> {
  const open = new Set<string>();
  let lines = 1;
  let level: readonly (readonly [string, Datum])[] = [["", value]];
  while (level.length > 0) {
    const next: (readonly [string, Datum])[] = [];
    for (const [path, datum] of level) {
      const members = membersOf(datum) ?? [];
      if (members.length === 0 || (path !== "" && lines + members.length > most)) continue;
      open.add(path);
      lines += Math.min(members.length, shownMembers);
      for (const [key, member] of members.slice(0, shownMembers)) next.push([`${path}/${escapeKey(key)}`, member]);
    }
    level = next;
  }
  return open;
}

/** All places that could be opened at or below one. */
export function openable(value: Datum, path: string): readonly string[] {
  const start = path.split("/").slice(1).reduce<Datum | undefined>(memberAt, value);
  const found: string[] = [];
  const visit = (datum: Datum, at: string): void => {
    const members = membersOf(datum) ?? [];
    if (members.length > 0) found.push(at);
    for (const [key, member] of members.slice(0, shownMembers)) visit(member, `${at}/${escapeKey(key)}`);
  };
  if (start !== undefined) visit(start, path);
  return found;
}

function memberAt(datum: Datum | undefined, key: string): Datum | undefined {
  return membersOf(datum ?? null)?.find(([name]) => escapeKey(name) === key)?.[1];
}

function membersOf(datum: Datum): readonly (readonly [string, Datum])[] | null {
  if (typeof datum !== "object" || datum === null) return null;
  return Array.isArray(datum)
    ? datum.map((member: Datum, index) => [String(index), member] as const)
    : Object.entries(datum as { readonly [key: string]: Datum });
}

/** As in JSON Pointer, and never a star alone. */
function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1").replace(/^\*$/, "~2");
}

function typeOf(datum: Datum): JsonRow["type"] {
  if (datum === null) return "null";
  if (Array.isArray(datum)) return "array";
  switch (typeof datum) {
    case "object":
      return "object";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return "number";
  }
}

/** How many members what is open has. */
function size(count: number, datum: Datum): string {
  return Array.isArray(datum) ? `[${count.toLocaleString("en")}]` : `{${count.toLocaleString("en")}}`;
}

function preview(datum: Datum): string {
  if (Array.isArray(datum)) return datum.length === 0 ? "[]" : `[${datum.length.toLocaleString("en")}]`;
  if (typeof datum !== "object" || datum === null)
    return typeof datum === "string" ? JSON.stringify(datum) : String(datum);
  const keys = Object.keys(datum);
  if (keys.length === 0) return "{}";
  const names = keys.slice(0, 4).join(", ");
  return `{ ${names}${keys.length > 4 ? ", …" : ""} }`;
}
