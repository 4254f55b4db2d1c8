import type { Binding, Read } from "./graph-node.ts";

/** A binding that reads more than the row and the notebook's inputs: cells, their facts or their results. */
export type CellBinding = Extract<Binding, { readonly type: "expression" }>;

/** The binding where it is such a one; null where rows and inputs decide it alone. */
export function madeOfCells(binding: Binding): CellBinding | null {
  const isOne = binding.type === "expression" && binding.reads.some(({ type }) => type !== "row" && type !== "input");
  return isOne ? binding : null;
}

/**
 * What whoever reads such an input reads with it, as its own reads: so it takes the axes of what the binding reads, is skipped with it, and
 * waits for it. `tolerant`: the reader looks whether the input is skipped.
 */
export function boundReads({ input, reads }: CellBinding, tolerant: boolean): readonly Read[] {
  return reads.map((read) => ({
    ...read,
    as: boundName(input, read.as),
    reference: { ...read.reference, tolerant: read.reference.tolerant || tolerant },
  }));
}

/** The name among a reader's reads of what the binding of an input reads. */
export function boundName(input: string, name: string): string {
  return `${name} in with.${input}`;
}
