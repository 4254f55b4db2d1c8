import type { Address } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { KeyText } from "#server/notebook/cell-key.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { Cell, Notebook } from "#server/notebook/notebook.ts";
import type { CurrentNotes } from "#server/notebook/notes.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import type { ReadState } from "#server/notebook/scalar-key.ts";
import type { Override as RowOverride } from "#server/tables/sheet-store.ts";
import type { RunClaims } from "./run-claims.ts";
import type { FrameChanges } from "#server/tables/frame-changes.ts";
import type { SheetFrame } from "./sheet-frame.ts";
import type { Outcome } from "./run-event.ts";

/** A result outside sheets as it stands. */
export interface LiveResult {
  readonly address: Address;
  readonly key: string;
  readonly parts: KeyText;
  readonly outcome: Outcome;
  readonly value: Value | null;
  readonly valueHash: string | null;
  readonly error: CellError | null;
  readonly calls: readonly CallFacts[];
  /** Why it could not be computed: names of what it reads. */
  readonly because: readonly string[];
  readonly waiting: WaitingOn | null;
  readonly at: number;
}

/** A value a person put in the place of a result, or fixed. */
export interface Override {
  readonly type: "locked" | "edited";
  readonly value: Value;
  readonly valueHash: string;
}

/** Values of people in one column of a sheet, by the text of their address. */
export interface RowOverrides {
  readonly values: Map<string, RowOverride>;
  /** A hash of them all, worked out when it is asked for. */
  version: string | null;
}

/** All that is known of one open notebook. It is changed by the session alone. */
export interface SessionState {
  /** The notebook's path in the workspace: its identity in stores. */
  path: string;
  /** Under what its sheets and what waits in it are kept: its path, or for one of many callers a place of their own. */
  place: string;
  notebook: Notebook;
  graph: Graph;
  readonly inputs: Map<string, { readonly value: Value; readonly hash: string }>;
  /** Results outside sheets by the text of their address. */
  readonly results: Map<string, LiveResult>;
  readonly overrides: Map<string, Override>;
  /** Values of people within sheets, by node. */
  readonly rowOverrides: Map<string, RowOverrides>;
  /** What people said at each address, by its text. */
  readonly notes: Map<string, CurrentNotes>;
  /** Addresses of results that the last look found stale. */
  readonly stale: Set<string>;
  /** Those of them that are a sheet's table which lacks only results to come: what counts these itself reads it all the same. */
  readonly open: Set<string>;
  /** What readers saw of sheets' columns when they last read them, with the fingerprint those had: it holds while that is the same. */
  readonly columns: Map<string, ReadState & { readonly fingerprint: string }>;
  /** How often results were put into each column of a sheet since this was opened, by node. */
  readonly writes: Map<string, number>;
  /** What `writes` was when each sheet's own table was made, by sheet; of one from before there is nothing until it has been looked at. */
  readonly tableWrites: Map<string, ReadonlyMap<string, number>>;
  /** Sheets that have been opened, by id. */
  readonly frames: Map<string, SheetFrame>;
  /** How the rows of sheets differ from those they had before in this session; `rows` names those of now. */
  readonly rowChanges: Map<string, FrameChanges & { readonly rows: string }>;
  /** Versions of the dataset files that cells read, as they were last found. */
  readonly files: Map<string, string>;
  /** Milliseconds an address of each node took when it was last computed. */
  readonly durations: Map<string, number>;
  readonly claims: RunClaims;
  /** Cells whose SQL gives another answer at every run. */
  volatile: ReadonlySet<Cell>;
}
