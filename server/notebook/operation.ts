import type { Span } from "./notebook.ts";
import type { Datum } from "./value.ts";

/** One replacement in a text: what stood from `start` up to `end` becomes `text`. Offsets are UTF-16 code units. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * An edit of a notebook as data. Page, command line, file watcher and people send the same operations through the
 * same pure `applyOperation`; each answers with its inverse, and that is undo.
 */
export type Operation =
  | { readonly type: "set-source"; readonly cell: string; readonly source: string }
  | {
      readonly type: "set-configuration";
      readonly cell: string;
      readonly path: readonly (string | number)[];
      readonly value: Datum | undefined;
    }
  /** All of a cell's configuration as it is written, without its `---` lines. */
  | { readonly type: "set-configuration-text"; readonly cell: string; readonly text: string }
  | {
      readonly type: "set-front-matter";
      readonly path: readonly (string | number)[];
      readonly value: Datum | undefined;
    }
  | { readonly type: "set-kind"; readonly cell: string; readonly kind: string }
  /** Makes a cell one wording of its name. */
  | { readonly type: "set-label"; readonly cell: string; readonly label: string }
  | { readonly type: "rename"; readonly cell: string; readonly to: string }
  | { readonly type: "insert"; readonly at: Place; readonly text: string }
  | { readonly type: "remove"; readonly cell: string }
  | { readonly type: "move"; readonly cell: string; readonly to: Place }
  | { readonly type: "set-prose"; readonly segment: number; readonly text: string }
  | { readonly type: "replace"; readonly start: number; readonly end: number; readonly text: string }
  /** Several replacements at once, in ascending order without overlap; all offsets count in the text before. Inverses have this form. */
  | { readonly type: "edit"; readonly edits: readonly TextEdit[] };

/** Before or after a named cell, or at the start or the end of the file (null) or of a container. A cell is named by its path, `triage.correct`. */
export type Place =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly startOf: string | null }
  | { readonly endOf: string | null };
