import { addressText, parseAddress } from "#server/notebook/address.ts";
import type { NoteWord, ResultNote } from "#server/notebook/notes.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import { withRows } from "./noted-tables.ts";
import { putOverrides } from "./open-frame.ts";
import type { Runtime } from "./runtime.ts";
import { nodeAt, type SessionNotes } from "./session-notes.ts";
import type { SessionState } from "./session-state.ts";

/** What a person says of a result; to lock it no value need be given: it is the one that is shown. */
export type NoteRequest = { readonly address: string; readonly author?: string } & (
  | NoteWord
  | { readonly type: "locked" }
);

/** Keeps notes and applies them, in sheets that are open too. Throws `notes.address`, `notes.nothing-shown`, `notes.too-large` or `label.type`, and then none is kept. */
export async function noteResults(
  requests: readonly NoteRequest[],
  state: SessionState,
  notes: SessionNotes,
  runtime: Runtime,
): Promise<void> {
  const time = notes.timeAt(runtime.now());
  const shown = await shownValues(requests.filter(locksWhatIsShown), state, runtime);
  const said: ResultNote[] = [];
  for (const request of requests) {
    const address = addressText(parseAddress(request.address));
    const note = { ...request, address, time } as ResultNote;
    if (note.type !== "locked" && note.type !== "edited") said.push(note);
    else {
      const value = locksWhatIsShown(request) ? shown.get(request.address)! : note.value;
      said.push({ ...note, value: await withRows(value, address, runtime.tables) });
    }
  }
  await notes.add(...said);
  for (const id of new Set(requests.map(({ address }) => parseAddress(address).cell))) {
    const { sheet: of } = state.graph.nodes.get(id)!;
    const sheet = of === null ? undefined : state.graph.sheets.get(of);
    const frame = sheet === undefined ? undefined : state.frames.get(sheet.id);
    if (sheet !== undefined && frame !== undefined)
      await putOverrides(sheet, frame, { state, tables: runtime.tables }, id);
  }
}

function locksWhatIsShown(request: NoteRequest): boolean {
  return request.type === "locked" && !("value" in request);
}

/** Values that stand at addresses; those of one column of a sheet are read together. */
async function shownValues(
  requests: readonly NoteRequest[],
  state: SessionState,
  runtime: Runtime,
): Promise<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>();
  const columns = Map.groupBy(
    requests.map(({ address }) => address),
    (address) => columnOf(address, state),
  );
  for (const addresses of columns.values()) {
    const found = addresses.length === 1 ? null : await columnValues(addresses, state, runtime);
    for (const address of addresses)
      values.set(address, found?.get(address) ?? (await shownValue(address, state, runtime)));
  }
  return values;
}

/** The node and variant an address is of, whatever its row; an address outside sheets is alone. */
function columnOf(text: string, state: SessionState): string {
  const { cell, at } = parseAddress(text);
  const { sheet } = nodeAt({ cell, at }, state);
  if (sheet === null) return text;
  const { [sheet]: _, ...variant } = at;
  return addressText({ cell, at: variant });
}

async function columnValues(
  addresses: readonly string[],
  state: SessionState,
  runtime: Runtime,
): Promise<ReadonlyMap<string, Value>> {
  const first = parseAddress(addresses[0]!);
  const node = nodeAt(first, state);
  const frame = state.frames.get(node.sheet!);
  if (frame === undefined) return new Map();
  const { [node.sheet!]: _, ...at } = first.at;
  const byRow = new Map(addresses.map((address) => [parseAddress(address).at[node.sheet!]!, address]));
  const range = { from: 0, to: frame.rowCount, rows: [...byRow.keys()] };
  const results = await runtime.tables.sheets.results({
    frame: frame.frame,
    node: node.name,
    variants: [at],
    ...range,
  });
  return new Map(
    results.flatMap(({ row, value }) => (value === null ? [] : [[byRow.get(row)!, decodeValue(value)] as const])),
  );
}

/** The value that stands at an address, a person's before a computed one. Throws `notes.nothing-shown` where there is none. */
export async function shownValue(text: string, state: SessionState, runtime: Runtime): Promise<Value> {
  const address = parseAddress(text);
  const node = nodeAt(address, state);
  if (node.sheet === null) {
    const value = (state.overrides.get(text) ?? state.results.get(text))?.value;
    if (value !== null && value !== undefined) return value;
  } else {
    const [result] = await rowResults(text, state, runtime);
    if (result !== undefined && result.value !== null) return decodeValue(result.value);
  }
  throw new SheafError("notes.nothing-shown", `there is no value at ${text} yet`, { cure: "Run it first." });
}

/** What the store has at one address of a sheet that is open: one result or none. */
export async function rowResults(
  text: string,
  state: SessionState,
  runtime: Runtime,
): ReturnType<Runtime["tables"]["sheets"]["results"]> {
  const address = parseAddress(text);
  const node = nodeAt(address, state);
  const { [node.sheet!]: row, ...at } = address.at;
  const frame = state.frames.get(node.sheet!);
  if (frame === undefined) return [];
  const range = { from: 0, to: frame.rowCount, rows: [row!] };
  return runtime.tables.sheets.results({ frame: frame.frame, node: node.name, variants: [at], ...range });
}
