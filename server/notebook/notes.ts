import { z } from "zod";
import { parseAddress } from "./address.ts";
import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";
import type { Diagnostic } from "./notebook.ts";
import { toCellError } from "./sheaf-error.ts";
import { linesOf } from "./text-lines.ts";
import type { Datum, Value } from "./value.ts";
import { exactInteger } from "./value-json.ts";
import { valueSchema as value } from "./value-schema.ts";

/**
 * One line of `NAME.notes.jsonl`, the file of people's work beside a notebook: what was edited, locked, labelled, scored, said or chosen
 * at an address, the inputs that were kept under a name, and what was renamed since. The file is only ever appended to, and what holds is
 * the last word at each address and of each name, so that lines of two branches may stand in any order.
 */
export type Note = ResultNote | CaseNote | RenameNote;

/** What is said of a result. */
export type ResultNote = NotePlace & NoteWord;

/** When and by whom. */
export interface NoteOrigin {
  /** When it was said, as ISO text in UTC, `2026-02-03T10:00:00.000Z`: it decides which word is the last. */
  readonly time: string;
  readonly author?: string;
}

/** Where, when and by whom. */
export interface NotePlace extends NoteOrigin {
  /** The result's address as `addressText` writes it, `triage.topic{model=small,triage=8f3a}`. */
  readonly address: string;
}

/** A set of inputs to come back to, by its name; null takes it away. */
export interface CaseNote extends NoteOrigin {
  readonly type: "case";
  readonly name: string;
  /** As they were given: of a table or a file the path below `datasets/`. */
  readonly values: CaseValues | null;
}

/** A cell or an input has another name: what was said before under the one is under the other since. */
export interface RenameNote extends NoteOrigin {
  readonly type: "renamed";
  readonly from: string;
  readonly to: string;
}

export interface CaseValues {
  readonly [input: string]: Datum;
}

/** What can be said at an address. */
export type NoteWord =
  /** The result was edited by hand; `restored` takes the edit back. */
  | { readonly type: "edited"; readonly value: Value }
  | { readonly type: "restored" }
  /** The result stays as it is, whatever it depends on; its value is kept here, for caches may go. */
  | { readonly type: "locked"; readonly value: Value }
  | { readonly type: "unlocked" }
  /** What a person entered in a label cell; null takes it away. */
  | { readonly type: "label"; readonly value: Datum }
  /** A person's score by the name of what is judged, 0 to 1; null takes it away. */
  | { readonly type: "score"; readonly name: string; readonly score: number | null; readonly reason?: string }
  | { readonly type: "comment"; readonly text: string }
  /** Which of several answers is shown, by its call key and the time it was sent, `KEY@MILLISECONDS`; null is the latest. */
  | { readonly type: "chosen"; readonly answer: string | null };

/** What holds at one address. */
export interface CurrentNotes {
  readonly edited?: Value;
  readonly locked?: Value;
  readonly label?: Datum;
  readonly scores: { readonly [name: string]: { readonly score: number; readonly reason?: string } };
  /** All comments, oldest first. */
  readonly comments: readonly { readonly text: string; readonly time: string; readonly author?: string }[];
  readonly chosen?: string;
}

const origin = { time: z.iso.datetime(), author: z.string().optional() };
const place = { address: z.string().min(1), ...origin };
const note = z.discriminatedUnion("type", [
  z.object({ type: z.literal("edited"), ...place, value }),
  z.object({ type: z.literal("restored"), ...place }),
  z.object({ type: z.literal("locked"), ...place, value }),
  z.object({ type: z.literal("unlocked"), ...place }),
  z.object({ type: z.literal("label"), ...place, value: z.any().refine((datum) => datum !== undefined) }),
  z.object({
    type: z.literal("score"),
    ...place,
    name: z.string(),
    score: z.number().min(0).max(1).nullable(),
    reason: z.string().optional(),
  }),
  z.object({ type: z.literal("comment"), ...place, text: z.string() }),
  z.object({ type: z.literal("chosen"), ...place, answer: z.string().nullable() }),
  z.object({
    type: z.literal("case"),
    ...origin,
    name: z.string().min(1),
    values: z.record(z.string(), z.any()).nullable(),
  }),
  z.object({ type: z.literal("renamed"), ...origin, from: z.string().min(1), to: z.string().min(1) }),
]);

/**
 * The notes of a file's text, in its order. It never throws: a line that is no note (a conflict's marker, a kind of a later release) is
 * reported with its place and stays in the file, for nothing rewrites it.
 */
export function parseNotes(text: string): {
  readonly notes: readonly Note[];
  readonly problems: readonly Diagnostic[];
} {
  const notes: Note[] = [];
  const problems: Diagnostic[] = [];
  for (const [index, { start, end }] of linesOf(text).entries()) {
    const line = text.slice(start, end).replace(/^\uFEFF/, "");
    if (line.trim() === "") continue;
    const found = readNote(line);
    if (typeof found === "string")
      problems.push({
        severity: "warning",
        code: "notes.line",
        message: `this line is no note: ${found}`,
        cure: "Remove it if a merge left it; a note of a newer release is kept for that.",
        position: { line: index + 1, column: 1, offset: start, length: end - start },
      });
    else notes.push(found);
  }
  return { notes, problems };
}

/** A notes file's text with more lines at its end. */
export function appendNotes(text: string, added: readonly Note[]): string {
  const lines = added.map((note) => `${canonicalJson(note as unknown as CanonicalInput)}\n`).join("");
  return text === "" || text.endsWith("\n") || lines === "" ? text + lines : `${text}\n${lines}`;
}

/** What holds at each address, whatever the order of the lines: of two words on one matter the later in time does. */
export function currentNotes(notes: readonly Note[]): ReadonlyMap<string, CurrentNotes> {
  const current = new Map<string, CurrentNotes>();
  for (const [, one] of inTime(notes)) {
    if (one.type === "case" || one.type === "renamed") continue;
    const before = current.get(one.address) ?? { scores: {}, comments: [] };
    current.set(one.address, withNote(before, one));
  }
  return current;
}

/** The kept sets of inputs by their names, in the order in which they were first kept. */
export function currentCases(notes: readonly Note[]): ReadonlyMap<string, CaseValues> {
  const cases = new Map<string, CaseValues>();
  for (const [, one] of inTime(notes)) {
    if (one.type !== "case") continue;
    if (one.values === null) cases.delete(one.name);
    else cases.set(one.name, one.values);
  }
  return cases;
}

function withNote(before: CurrentNotes, one: ResultNote): CurrentNotes {
  switch (one.type) {
    case "edited":
      return { ...before, edited: one.value };
    case "restored": {
      const { edited: _edited, ...rest } = before;
      return rest;
    }
    case "locked":
      return { ...before, locked: one.value };
    case "unlocked": {
      const { locked: _locked, ...rest } = before;
      return rest;
    }
    case "label": {
      const { label: _label, ...rest } = before;
      return one.value === null ? rest : { ...rest, label: one.value };
    }
    case "score": {
      const { [one.name]: _score, ...others } = before.scores;
      if (one.score === null) return { ...before, scores: others };
      const { score, reason } = one;
      return { ...before, scores: { ...others, [one.name]: { score, ...(reason === undefined ? {} : { reason }) } } };
    }
    case "comment": {
      const { text, time, author } = one;
      const comment = { text, time, ...(author === undefined ? {} : { author }) };
      return { ...before, comments: [...before.comments, comment] };
    }
    case "chosen": {
      const { chosen: _chosen, ...rest } = before;
      return one.answer === null ? rest : { ...rest, chosen: one.answer };
    }
  }
}

/** Notes by time, those of one time by their text, each once: a merge may bring a line twice. */
export function inTime(notes: readonly Note[]): Map<string, Note> {
  const keyed = notes.map((one) => [canonicalJson(one as unknown as CanonicalInput), one] as const);
  keyed.sort(([left, { time: leftTime }], [right, { time: rightTime }]) => {
    // oxlint-disable-next-line no-restricted-globals -- reads what is written, and no clock
    const difference = Date.parse(leftTime) - Date.parse(rightTime);
    return difference !== 0 ? difference : left < right ? -1 : left > right ? 1 : 0;
  });
  return new Map(keyed);
}

function readNote(line: string): Note | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line, exactInteger);
  } catch {
    return "it is no JSON";
  }
  const result = note.safeParse(parsed);
  if (result.success) return addressProblem(result.data) ?? (result.data as unknown as Note);
  const [issue] = result.error.issues;
  const at = issue!.path.join(".");
  return at === "" ? "it is not an object of a known type" : `\`${at}\` is missing or of another type`;
}

function addressProblem(one: z.infer<typeof note>): string | null {
  if (!("address" in one)) return null;
  try {
    parseAddress(one.address);
    return null;
  } catch (thrown) {
    return toCellError(thrown).message;
  }
}
