import type { Field } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CellView, NotebookView } from "#server/workbench/view.ts";
import type { OfferedModel } from "~/models/offered-models";
import type { NamedThing, PageNames } from "./names/page-names";

/** What an editor asks of the page it is on, as of now. */
export interface EditorHost {
  view(): NotebookView;
  cell(): CellView;
  /** The names its text may use. */
  names(): PageNames;
  /** Goes to where a name is from. */
  goTo(thing: NamedThing): void;
  /** Asks for a name; null where none was given. */
  askName(
    title: string,
    name: string,
    problemOf: (text: string) => { readonly message: string; readonly cure: string } | null,
  ): Promise<string | null>;
  /** Renames an input or a cell everywhere; where that is refused, it is told. */
  rename(path: string, to: string): Promise<void>;
  /** The first rows of a table that is a result. */
  firstRows(address: string, count: number): Promise<readonly (readonly Datum[])[]>;
  datasetFiles(): Promise<readonly string[]>;
  datasetColumns(file: string): Promise<readonly string[]>;
  scorers(): Promise<readonly { readonly name: string; readonly description: string }[]>;
  /** The fields of the cell's kind. */
  fields(): Promise<readonly Field[]>;
  /** Models that can be named, short names of the notebook first, with what is said of each. */
  models(): Promise<readonly OfferedModel[]>;
}
