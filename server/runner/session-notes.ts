import { labelValue } from "#server/cells/label.ts";
import { parseAddress, type Address } from "#server/notebook/address.ts";
import { followRenames, speaksOf } from "#server/notebook/follow-renames.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import {
  currentCases,
  currentNotes,
  parseNotes,
  type CaseNote,
  type CaseValues,
  type CurrentNotes,
  type Note,
  type ResultNote,
} from "#server/notebook/notes.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { encodeValue } from "#server/notebook/value-json.ts";
import type { Tables } from "#server/tables/tables.ts";
import { withoutRows } from "./noted-tables.ts";
import type { NotesFile } from "./notes-file.ts";
import type { SessionState } from "./session-state.ts";

/** People's work in an open notebook: what its notes file says, applied to the session's state. */
export interface SessionNotes {
  /** What is wrong with the file's lines, or with what they say of the notebook as it is. */
  problems(): readonly Diagnostic[];
  /** Applies all notes to the state's graph as it is now. */
  apply(): void;
  /** Keeps notes and applies them. Throws before anything is kept where one of them does not fit the notebook. */
  add(...notes: readonly ResultNote[]): Promise<void>;
  /** A time for a note said now, milliseconds, as ISO text: later than every note of the file and every time it gave before, so that of two words in one millisecond the second holds. */
  timeAt(now: number): string;
  /** The kept sets of inputs by name. */
  cases(): ReadonlyMap<string, CaseValues>;
  addCase(note: CaseNote): Promise<void>;
  /** Keeps that a cell or an input has another name, where there is a note on it or on one of that name; to be applied with the text that has it. */
  rename(from: string, to: string, time: string): Promise<void>;
}

export async function openSessionNotes(state: SessionState, file: NotesFile, tables: Tables): Promise<SessionNotes> {
  /** All notes as they were said; below, those of them that are on the names of now. */
  const said: Note[] = [];
  const byAddress = new Map<string, ResultNote[]>();
  let caseNotes: CaseNote[] = [];
  let cases: ReadonlyMap<string, CaseValues>;
  const remember = (note: ResultNote): ResultNote[] => {
    const notes = [...(byAddress.get(note.address) ?? []), note];
    byAddress.set(note.address, notes);
    return notes;
  };
  function place(added: readonly Note[]): void {
    for (const note of added) said.push(note);
    byAddress.clear();
    caseNotes = [];
    for (const note of followRenames(said))
      if (note.type === "case") caseNotes.push(note);
      else remember(note);
    cases = currentCases(caseNotes);
  }
  const { notes, problems: lineProblems } = parseNotes(await file.read());
  const used: Note[] = [];
  for (const note of notes) used.push(await withoutRows(note, tables));
  place(used);
  // A rename is later than all that it takes along, whatever the clock says by which they were said.
  let lastTime = notes.reduce((latest, { time }) => Math.max(latest, Date.parse(time)), 0);
  let problems: Diagnostic[] = [];

  return {
    problems: () => [...lineProblems.map(inNotes), ...problems],
    apply() {
      problems = [];
      state.notes.clear();
      state.overrides.clear();
      state.rowOverrides.clear();
      for (const [address, current] of currentNotes([...byAddress.values()].flat())) {
        state.notes.set(address, current);
        try {
          applyAt(address, current, state);
        } catch (thrown) {
          problems.push({ severity: "warning", ...toCellError(thrown), position: nowhere });
        }
      }
    },
    async add(...added) {
      const own = await Promise.all(added.map((note) => withoutRows(note, tables)));
      const after = new Map<string, CurrentNotes>();
      for (const [address, at] of Map.groupBy(own, (note) => note.address)) {
        const current = currentNotes([...(byAddress.get(address) ?? []), ...at]).get(address)!;
        overrideOf(nodeAt(parseAddress(address), state), current);
        after.set(address, current);
      }
      await file.append(...added);
      for (const note of own) {
        said.push(note);
        remember(note);
      }
      for (const [address, current] of after) {
        state.notes.set(address, current);
        applyAt(address, current, state);
      }
    },
    timeAt(now) {
      lastTime = Math.max(now, lastTime + 1);
      return new Date(lastTime).toISOString();
    },
    cases: () => cases,
    async addCase(note) {
      await file.append(note);
      said.push(note);
      caseNotes.push(note);
      cases = currentCases(caseNotes);
    },
    async rename(from, to, time) {
      if (!said.some((note) => speaksOf(note, from) || speaksOf(note, to))) return;
      const note = { type: "renamed", from, to, time } as const;
      await file.append(note);
      place([note]);
    },
  };
}

const nowhere = { line: 1, column: 1, offset: 0, length: 0 };

/** A problem of the notes file among those of the notebook, whose lines are others. */
function inNotes(problem: Diagnostic): Diagnostic {
  return { ...problem, message: `in the notes, line ${problem.position.line}: ${problem.message}`, position: nowhere };
}

function applyAt(text: string, current: CurrentNotes, state: SessionState): void {
  const address = parseAddress(text);
  const node = nodeAt(address, state);
  const override = overrideOf(node, current);
  if (node.sheet === null) {
    if (override === null) state.overrides.delete(text);
    else state.overrides.set(text, { ...override, valueHash: valueHash(override.value) });
    return;
  }
  const { [node.sheet]: row, ...at } = address.at;
  const overrides = state.rowOverrides.get(node.id) ?? { values: new Map(), version: null };
  state.rowOverrides.set(node.id, overrides);
  overrides.version = null;
  if (override === null) overrides.values.delete(text);
  else {
    const { type, value } = override;
    overrides.values.set(text, { row: row!, at, type, value: encodeValue(value), valueHash: valueHash(value) });
  }
}

/** The value people put in a result's place: a locked one before an edited one, and in a label cell what they entered. */
function overrideOf(
  node: Node,
  { locked, edited, label }: CurrentNotes,
): { readonly type: "locked" | "edited"; readonly value: Value } | null {
  if (locked !== undefined) return { type: "locked", value: locked };
  if (edited !== undefined) return { type: "edited", value: edited };
  if (label === undefined) return null;
  return { type: "edited", value: labelValue(node.wordings[0]!, label) };
}

/** The node of an address, which in a sheet must name a row. Throws `notes.address`. */
export function nodeAt(address: Address, state: SessionState): Node {
  const node = state.graph.nodes.get(address.cell);
  if (node === undefined)
    throw new SheafError("notes.address", `there are notes on \`${address.cell}\`, and no such cell`, {
      cure: "They are kept: give the cell its name back, or write the new name into the notes.",
    });
  if (node.sheet !== null && address.at[node.sheet] === undefined)
    throw new SheafError("notes.address", `an address of \`${address.cell}\` needs a row`, {
      cure: `Write it as \`${address.cell}{${node.sheet}=ROW}\`.`,
    });
  return node;
}
