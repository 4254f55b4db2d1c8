import { coordinatesText, type Coordinates } from "./address.ts";
import type { Cover, Node, Read, Sheet } from "./graph-node.ts";
import { shownColumns } from "./shown-columns.ts";

/** What a node covers, and the reads it needs for that besides its own: the results of sheets' columns behind what it reads, through whatever cells. */
export function coveredReads(
  reads: readonly Read[],
  nodes: ReadonlyMap<string, Node>,
  sheets: ReadonlyMap<string, Sheet>,
): { readonly covers: readonly Cover[]; readonly reads: readonly Read[] } {
  const covers: Cover[] = [];
  const added = new Map<string, Read>();
  const resultsRead = (node: string, at: Coordinates, { reference }: Read): Read => {
    const as = `${node}${coordinatesText(at)}`;
    const own = reads.find((read) => read.type === "results" && read.field === null && read.as === as);
    const behind = { ...reference, name: node, path: [], at };
    const read: Read = own ??
      added.get(as) ?? { type: "results", node, form: "counts", field: null, as, reference: behind };
    if (own === undefined) added.set(as, read);
    return read;
  };
  for (const read of reads) {
    if (read.type !== "node" && read.type !== "results") continue;
    for (const { node, at, isColumn } of columnsBehind(read.node, nodes, sheets))
      covers.push({ value: read.as, results: resultsRead(node, at, read).as, isColumn });
  }
  return { covers, reads: [...added.values()] };
}

interface Column {
  readonly node: string;
  readonly at: Coordinates;
  readonly isColumn: boolean;
}

/** The columns whose results the value of a node outside sheets is made of. */
function columnsBehind(
  id: string,
  nodes: ReadonlyMap<string, Node>,
  sheets: ReadonlyMap<string, Sheet>,
): readonly Column[] {
  const found = new Map<string, Column>();
  const add = (node: string, at: Coordinates, isColumn: boolean): void => {
    const key = `${node}${coordinatesText(at)}`;
    if (!found.has(key)) found.set(key, { node, at, isColumn });
  };
  const reached = new Set([id]);
  for (const reader of reached) {
    const node = nodes.get(reader);
    // A cell of a sheet has its own states, with those of what it reads.
    if (node === undefined || node.sheet !== null) continue;
    const sheet = sheets.get(reader);
    if (sheet !== undefined) for (const column of shownColumns(sheet, { nodes })) add(column.id, {}, reader === id);
    for (const read of node.reads) {
      if (read.type !== "node" && read.type !== "results") continue;
      if (read.type === "results" && nodes.get(read.node)?.sheet != null)
        add(read.node, read.reference.at ?? {}, false);
      else reached.add(read.node);
    }
  }
  return [...found.values()];
}
