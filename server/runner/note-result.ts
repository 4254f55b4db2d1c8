import { addressText, parseAddress } from "#server/notebook/address.ts";
import type { NoteWord, ResultNote } from "#server/notebook/notes.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import { putOverrides } from "./open-frame.ts";
import type { Runtime } from "./runtime.ts";
import { nodeAt, type SessionNotes } from "./session-notes.ts";
import type { SessionState } from "./session-state.ts";

/** What a person says of a result; to lock it no value need be given: it is the one that is shown. */
export type NoteRequest = { readonly address: string; readonly author?: string } & (
  | NoteWord
  | { readonly type: "locked" }
);

/** Keeps a note and applies it, in the sheet too where it is open. Throws `notes.address`, `notes.nothing-shown` or `label.type`, and then nothing is kept. */
export async function noteResult(
  request: NoteRequest,
  state: SessionState,
  notes: SessionNotes,
  runtime: Runtime,
): Promise<void> {
  const address = parseAddress(request.address);
  const node = nodeAt(address, state);
  const value =
    request.type === "locked" && !("value" in request)
      ? { value: await shownValue(request.address, state, runtime) }
      : {};
  const time = notes.timeAt(runtime.now());
  await notes.add({ ...request, ...value, address: addressText(address), time } as ResultNote);
  const sheet = node.sheet === null ? undefined : state.graph.sheets.get(node.sheet);
  const frame = sheet === undefined ? undefined : state.frames.get(sheet.id);
  if (sheet !== undefined && frame !== undefined)
    await putOverrides(sheet, frame, { state, tables: runtime.tables }, node.id);
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
