import type { CellForm, CellForms } from "./cell-forms.ts";
import type { CellError, Datum, Position } from "./value.ts";

/**
 * A notebook as parsed: segments that partition the file's text exactly, the front matter, and the cells.
 * Concatenating the segments' slices gives the text back, whatever the text was.
 */
export interface Notebook {
  readonly text: string;
  /** The kinds it was read with. */
  readonly forms: CellForms;
  /** False where the front matter has no `sheaf: 1`: then there are no cells, and nothing is wrong with that. */
  readonly isNotebook: boolean;
  readonly segments: readonly Segment[];
  readonly front: FrontMatter;
  /** The cells in the order of the file; a sheet's own cells are in its `cells`. */
  readonly cells: readonly Cell[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A slice `text.slice(start, end)` of the file, in UTF-16 code units. */
export interface Segment extends Span {
  readonly kind: "front-matter" | "prose" | "cell";
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The head of the file, with every default filled in. Unknown keys are kept in the text and reported. */
export interface FrontMatter {
  readonly title: string | null;
  readonly inputs: readonly Input[];
  /** Names of the cells a caller gets; empty means the last cell that is nobody's input. */
  readonly outputs: readonly string[];
  /** Short names of models: `small` → provider/model with parameters. */
  readonly models: { readonly [alias: string]: ModelSetting };
  /** Which label of each axis endpoints, outputs and the default view use; labels as their source text. */
  readonly choose: { readonly [axis: string]: string };
  /** Places in the file by path, as `Configuration` has them. */
  readonly positions: Configuration["positions"];
  /** The mapping it was read from, where `title`, `models` or `choose` has an expression in it. */
  readonly written?: Configuration;
}

export interface Input {
  readonly name: string;
  readonly type: InputType;
  /** Labels to choose from, where `type` is `choice`. */
  readonly options?: readonly string[];
  /** Absent: the input is required. */
  readonly default?: Datum;
  readonly description?: string;
  readonly position: Position;
}

export type InputType = "string" | "number" | "boolean" | "choice" | "json" | "table" | "file" | "image" | "messages";

/** A model by its full name, with the parameters set for it. */
export interface ModelSetting {
  readonly model: string;
  readonly [parameter: string]: Datum;
}

/** A cell as it stands in the file. */
export interface Cell {
  readonly kind: string;
  readonly name: string;
  /** The wording's label of `name.label`; null for a plain name. */
  readonly label: string | null;
  /** How its kind is written; null for a kind nobody knows. */
  readonly form: CellForm | null;
  /** False where no kind of this name is known to the notebook's version: kept, blocked and reported. */
  readonly known: boolean;
  /** The configuration as YAML says it; a string that begins with `=` is an expression. */
  readonly configuration: Configuration;
  /** The text below the configuration, line ends as `\n`, without the last one. */
  readonly source: string;
  /** The cells inside, for a sheet. */
  readonly cells: readonly Cell[];
  /** The whole fence with its lines, for edits. */
  readonly span: Span;
  /** The text between the fence lines. */
  readonly bodySpan: Span;
  /** `source` in the file, for positions: an offset in `source` maps to the file by `filePosition`. */
  readonly sourceSpan: Span;
  readonly position: Position;
}

/** A YAML mapping with the places of its keys and values. */
export interface Configuration {
  readonly values: { readonly [key: string]: Datum };
  /**
   * The place of each value in the file by its path, `models.0` or `with.message`; keys' places under `key:PATH`, and
   * under `expression:PATH` what follows the `=` of a value that is an expression; under `computed:PATH` what followed it
   * where the value is what an early field came to.
   */
  readonly positions: { readonly [path: string]: Position };
  /** What is wrong with its text, where that is no good YAML: the values are what could be read of it. */
  readonly problem?: Diagnostic;
}

/** Something worth saying about a notebook, at its place. `cell` is the name it is about, where there is one. */
export interface Diagnostic extends CellError {
  readonly severity: "error" | "warning";
  readonly position: Position;
  readonly cell?: string;
}

/** Configuration keys every kind has; the first three are how a cell looks and never part of a key. */
export const commonKeys = [
  "title",
  "hidden",
  "run",
  "when",
  "after",
  "continue_on_error",
  "optional",
  "cache",
  "keep",
  "reads",
] as const;

/** Keys that declare axes: every kind has them. */
export const axisKeys = ["vary", "models", "repeat", "reduce"] as const;

/** Keys every kind has that are read before anything is computed: an expression there is worked out from the inputs alone. */
export const earlyKeys: readonly string[] = [...commonKeys.filter((key) => key !== "when"), ...axisKeys];
