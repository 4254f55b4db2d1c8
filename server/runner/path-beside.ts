/** The file of one sort beside a notebook's: `triage.notes.jsonl` beside `triage.md`. */
export function pathBeside(notebook: string, sort: "notes" | "baseline"): string {
  return `${notebook.replace(/\.[^./\\]*$/, "")}.${sort}.jsonl`;
}

/** The files beside a notebook's that go where it goes, each with its place beside another: whether they are there or not. */
export function pathsBeside(
  notebook: string,
  other: string,
): readonly { readonly from: string; readonly to: string }[] {
  return (["notes", "baseline"] as const).map((sort) => ({
    from: pathBeside(notebook, sort),
    to: pathBeside(other, sort),
  }));
}
