/**
 * The id of the node that stands for a cell as a whole: what a cell is made of is computed by nodes of their own, with a sign no
 * name can have. `topic#each` computes the repeats of `topic`, `triage#when` decides whether the sheet `triage` is computed, and
 * `triage#rows` computes the list it goes over.
 */
export function wholeOf(id: string): string {
  return id.replace(/#[a-z]+$/, "");
}

/** Whether a node is a part of a sheet: what decides whether it is computed, or what computes its rows. */
export function isPartOfSheet(id: string): boolean {
  return id.endsWith("#when") || id.endsWith("#rows");
}

/** Whether a node computes a part of a cell: readers see the whole, and people its name. */
export function isPart(id: string): boolean {
  return id !== wholeOf(id);
}
