import type { Position } from "./value.ts";

/** One place where a cell reads something, found in its body or in a field that begins with `=`. */
export interface Reference {
  /** The first name: an input, a cell, or one of `row vary item index prior meta`. */
  readonly name: string;
  /** The attributes that follow it as far as they are fixed: `["correct"]` of `triage.correct`, `["text"]` of `row.text`. */
  readonly path: readonly string[];
  /** The axes a `.at(model="big")` removes, with their labels; null where there is no `.at`. */
  readonly at: { readonly [axis: string]: string } | null;
  /** Read through `or`, `default`, `is skipped`, `is defined` or `first(…)`: a skipped value does not skip the reader. */
  readonly tolerant: boolean;
  /** True for the argument of `meta(topic)`: facts of the result are read and not its value. */
  readonly meta: boolean;
  /** True where it is the argument of an aggregate, `mean(topic)`: all results are read, and their axes go. */
  readonly aggregated?: boolean;
  /** In a formula: a bare name, which is the sheet's or the row's, or a `$name`, which stands outside. */
  readonly formula?: "column" | "parameter";
  /** In a formula: true where a table in a subquery may have it, so that the row need not. */
  readonly mayBeOther?: boolean;
  /** The name's place, counted in the text it was found in (the cell's source, or the field). */
  readonly position: Position;
  /** Where it was found: the body, or the path of the configuration field. */
  readonly field: string | null;
}
