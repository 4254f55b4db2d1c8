import { bodyLanguage } from "#server/notebook/body-language.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { buildItem } from "./build-item.ts";
import { gather, scalarRead, type Gathered } from "./node-values.ts";
import { withRows, type OutsideReads } from "./outside-reads.ts";
import type { ViewContext } from "./run-context.ts";

/** One address outside sheets with everything it reads as it stands, settled or not; null where its `when` is false. */
export type FoundItem =
  | { readonly type: "item"; readonly item: Item<unknown> | null }
  | Exclude<Gathered, { readonly type: "ready" }>;

/** Puts an address together without running anything. Throws what is wrong with its configuration. */
export async function scalarItem(
  node: Node,
  at: Coordinates,
  outside: OutsideReads,
  context: ViewContext,
): Promise<FoundItem> {
  const { state } = context;
  const gathered = gather(node, at, (read) => scalarRead(read, at, state, outside.files));
  if (gathered.type !== "ready") return gathered;
  const item = buildItem(
    node,
    at,
    {
      address: { cell: node.id, at },
      inputs: { ...gathered.inputs, ...outside.tables },
      meta: gathered.meta,
      skipped: gathered.skipped,
      row: null,
      results: outside.results,
      covered: outside.covered,
    },
    state.graph.front,
  );
  if (item === null) return { type: "item", item };
  const [filled] = await withRows(bodyLanguage(node.wordings[0]!), [item], context);
  return { type: "item", item: filled! };
}
