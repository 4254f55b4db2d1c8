import type { Node, Sheet } from "#server/notebook/graph-node.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { ViewCall } from "#server/tables/sheet-views.ts";
import { earlierFrame, forgetFrame, openedFrame } from "./open-frame.ts";
import { sheetSpecs } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";
import type { SheetFrame } from "./sheet-frame.ts";
import { currentFrame, sheetOf } from "./sheet-freshness.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** A sheet whose rows are at hand, and what the store needs to show a view of it. */
export interface OpenedSheet {
  readonly sheet: Sheet;
  readonly frame: SheetFrame;
  /** Whether its rows are those of now, and not those it had before. */
  readonly settled: boolean;
  readonly call: ViewCall;
  /** The nodes it shows. */
  readonly shown: readonly Node[];
  /** A node by its cell's name in the sheet. Throws `sheet.node`. */
  node(cell: string): Node;
}

/**
 * Does something with a sheet that is open; null where its rows are not there, or not settled. Where `orEarlier` it is the rows it had
 * before that count then. Throws `sheet.unknown`.
 */
export async function withSheet<Answer>(
  id: string,
  view: SheetView,
  context: Context,
  work: (opened: OpenedSheet) => Promise<Answer>,
  { orEarlier = false }: { readonly orEarlier?: boolean } = {},
): Promise<Answer | null> {
  const attempt = async (sheet: Sheet): Promise<Answer | null> => {
    const now = await currentFrame(sheet, context, openedFrame);
    const frame = now ?? (orEarlier ? await earlierFrame(sheet, context) : null);
    if (frame === null) return null;
    return work({ ...openedSheet(sheetOf(id, context), frame, view, context), settled: now !== null });
  };
  const sheet = sheetOf(id, context);
  try {
    return await attempt(sheet);
  } catch (thrown) {
    // Meanwhile it, or its cells, may have got other names.
    const now = sheetOf(id, context);
    // The cache may be deleted at any time, and others may have opened other rows: then they are opened once more.
    if (now === sheet && toCellError(thrown).code !== "sheet.frame") throw thrown;
    forgetFrame(now);
    return attempt(now);
  }
}

function openedSheet(sheet: Sheet, frame: SheetFrame, view: SheetView, context: Context): Omit<OpenedSheet, "settled"> {
  const { graph } = context.state;
  const nodes = sheet.nodes.map((id) => graph.nodes.get(id)!);
  const shown = sheet.columns.map((id) => graph.nodes.get(id)!).filter(({ blocked }) => blocked === null);
  return {
    sheet,
    frame,
    shown,
    call: { frame: frame.frame, nodes: sheetSpecs(sheet.id, context), shown: shown.map(({ name }) => name), view },
    node(cell) {
      const found = nodes.find(({ name }) => name === cell);
      if (found !== undefined) return found;
      throw new SheafError("sheet.node", `the sheet \`${sheet.id}\` has no cell \`${cell}\``, {
        cure: `There are: ${nodes.map(({ name }) => name).join(", ") || "none yet"}.`,
      });
    },
  };
}
