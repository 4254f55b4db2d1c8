/**
 * The id of the node that stands for a cell as a whole: what a cell is made of is computed by nodes of their own, with a sign no
 * name can have, as `topic#each` computes the repeats of `topic`.
 */
export function wholeOf(id: string): string {
  return id.replace(/#[a-z]+$/, "");
}

/** Whether a node computes a part of a cell: readers see the whole, and people its name. */
export function isPart(id: string): boolean {
  return id !== wholeOf(id);
}
