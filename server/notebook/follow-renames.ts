import { inTime, type CaseNote, type Note, type RenameNote, type ResultNote } from "./notes.ts";

/**
 * Notes under the names that cells and inputs have now: a rename takes along all that was said before it. What stood under the new name
 * already is covered, and holds again when that name is given up; so a rename back gives what was there before the rename.
 */
export function followRenames(notes: readonly Note[]): readonly (ResultNote | CaseNote)[] {
  const said: { readonly note: ResultNote | CaseNote; readonly places: readonly Place[] }[] = [];
  for (const one of inTime(notes).values()) {
    if (one.type !== "renamed") said.push({ note: one, places: placesOf(one) });
    else for (const { places } of said) for (const { names } of places) for (const name of names) follow(name, one);
  }
  return said.flatMap(({ note, places }) => placed(note, places));
}

/** Whether a note is on a cell or an input of this name, or on a rename of one. */
export function speaksOf(note: Note, name: string): boolean {
  if (note.type === "renamed") return note.from === name || note.to === name;
  return placesOf(note).some(({ names }) => names.some(({ text }) => text === name));
}

interface Name {
  text: string;
  /** How many others have the name since: while there is one it is not this that it means. */
  covered: number;
}

/** Where something is said: an input in a set of them, or a result's address, its labels as they are written. */
interface Place {
  /** Of an address those of its path: `triage` and `topic` in `triage.topic`. */
  readonly names: readonly Name[];
  /** What of an address stands behind its names: `#each`. */
  readonly end: string;
  readonly at: readonly (readonly [dimension: string, ...label: string[]])[];
}

function placesOf(note: ResultNote | CaseNote): readonly Place[] {
  if (note.type !== "case") return [placeOf(note.address)];
  return Object.keys(note.values ?? {}).map((input) => ({ names: [named(input)], end: "", at: [] }));
}

function placeOf(address: string): Place {
  const {
    path = address,
    end = "",
    at,
  } = /^(?<path>[^#{]*)(?<end>[^{]*)(?:\{(?<at>.*)\})?$/s.exec(address)?.groups ?? {};
  return {
    names: path.split(".").map(named),
    end,
    at: at === undefined ? [] : at.split(",").map((pair) => pair.split("=") as [string, ...string[]]),
  };
}

function named(text: string): Name {
  return { text, covered: 0 };
}

function follow(name: Name, { from, to }: RenameNote): void {
  if (from === to) return;
  if (name.text === to) name.covered += 1;
  else if (name.text !== from) return;
  else if (name.covered > 0) name.covered -= 1;
  else name.text = to;
}

function placed(note: ResultNote | CaseNote, places: readonly Place[]): readonly (ResultNote | CaseNote)[] {
  const isCovered = ({ names }: Place): boolean => names.some(({ covered }) => covered > 0);
  if (note.type !== "case") {
    const [place] = places;
    return isCovered(place!) ? [] : [{ ...note, address: addressOf(place!, placeOf(note.address)) }];
  }
  if (note.values === null) return [note];
  const values = Object.values(note.values).map((value, index) => [places[index]!, value] as const);
  const held = values
    .filter(([place]) => !isCovered(place))
    .map(([{ names }, value]) => [names[0]!.text, value] as const);
  return [{ ...note, values: Object.fromEntries(held) }];
}

/** The address of a place; a sheet's name is the dimension of its rows, too. */
function addressOf({ names, end, at }: Place, { names: [sheet, ...columns] }: Place): string {
  const path = `${names.map(({ text }) => text).join(".")}${end}`;
  if (at.length === 0) return path;
  const pairs = at.map(([dimension, ...label]) => {
    const isRow = columns.length > 0 && dimension === sheet!.text;
    return [isRow ? names[0]!.text : dimension, ...label];
  });
  pairs.sort(([left], [right]) => (left! < right! ? -1 : 1));
  return `${path}{${pairs.map((pair) => pair.join("=")).join(",")}}`;
}
