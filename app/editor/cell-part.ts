import type { Operation } from "#server/notebook/operation.ts";
import type { CellView, NotebookView } from "#server/workbench/view.ts";
import { proseBlock, proseKey } from "~/notebook/blocks";
import { followProse, proseTexts, type ProseTexts } from "~/notebook/follow-prose";
import type { EditBase } from "~/notebook/notebook-actions";
import { fences } from "~/notebook/is-half-typed";
import { isUnsaved, newDraft, nextDraft, wantsSending, type Draft } from "./draft";

/** One of the texts that are edited, each with a draft of its own: a cell's `topic`, its settings `topic---`, and prose by its block, `prose:topic`. */
export type CellPart = string;

type Texts = Pick<NotebookView, "cells" | "prose">;

const end = "---";

/** The settings of a cell as a text. */
export function settingsPart(cell: string): CellPart {
  return cell + end;
}

/** The path of a part's cell. */
export function cellOfPart(part: CellPart): string {
  return isSettings(part) ? part.slice(0, -end.length) : part;
}

/** How parts are read and edited, with what becomes of their drafts: it is loaded with what one types in. */
export interface PartTexts extends Pick<
  typeof import("./draft"),
  "isUnsaved" | "newDraft" | "nextDraft" | "wantsSending"
> {
  /** The text the server has of a part; undefined where the part is not there. */
  textOf(view: Texts, part: CellPart): string | undefined;
  /** What is remembered of the texts as they are now, to find a part again by it. */
  seen(view: Texts, part: CellPart): ProseTexts;
  /** What the part of a draft is called when others changed the notebook since `seen`: prose is named by the cell before it. */
  partNow(view: Texts, part: CellPart, draft: Draft, seen: ProseTexts): CellPart;
  /** The edit that gives a part another text, and what it is made from. */
  editOf(
    view: Texts,
    part: CellPart,
    text: string,
    base: string,
  ): { readonly operations: Operation[]; readonly base: EditBase };
}

export const partTexts: PartTexts = { textOf, seen, partNow, editOf, isUnsaved, newDraft, nextDraft, wantsSending };

function textOf({ cells, prose }: Texts, part: CellPart): string | undefined {
  const key = proseKey(part);
  if (key !== null) return prose[key]?.text;
  const cell = cells[cellOfPart(part)];
  return cell === undefined ? undefined : isSettings(part) ? (cell.settings ?? undefined) : cell.source;
}

function seen({ prose }: Texts, part: CellPart): ProseTexts {
  return proseKey(part) === null ? {} : proseTexts(prose);
}

function partNow({ prose }: Texts, part: CellPart, { text, base, own, cut }: Draft, seen: ProseTexts): CellPart {
  const key = proseKey(part);
  // The server may have what was sent, and a cell in it may be what took the words elsewhere.
  if (key === null || (cut && [text, ...own].some((one) => fences(one).length > 0))) return part;
  return proseBlock(followProse(key, base, seen, proseTexts(prose)));
}

function editOf({ prose }: Texts, part: CellPart, text: string, base: string): ReturnType<PartTexts["editOf"]> {
  const key = proseKey(part);
  if (key !== null) {
    const { segment, around } = prose[key] ?? { segment: 0, around: ["", ""] };
    return {
      operations: [{ type: "set-prose", segment, text: text === "" ? "\n" : around.join(text) }],
      base: { prose: key, segment, text: base },
    };
  }
  const cell = cellOfPart(part);
  return isSettings(part)
    ? { operations: [{ type: "set-configuration-text", cell, text }], base: { cell, settings: base } }
    : { operations: [{ type: "set-source", cell, source: text }], base: { cell, source: base } };
}

/** A part's text as a cell that has nothing else, for what is about a cell's text. */
export function cellWithPart(cell: CellView, part: CellPart): CellView {
  if (!isSettings(part)) return cell;
  return { ...cell, source: cell.settings ?? "", sourceLine: cell.line + 2, language: "none" };
}

function isSettings(part: CellPart): boolean {
  return part.endsWith(end);
}
