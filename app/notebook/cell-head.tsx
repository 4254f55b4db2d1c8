import { createMemo, lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { now as clock } from "~/ui/clock";
import { StateBadge } from "~/ui/state-badge";
import { CellName } from "./cell-name";
import { nodeState } from "./node-state";
import { useNotebook } from "./notebook-context";

const CellTools = lazy(async () => ({ default: (await import("./page-tools")).CellTools }));

/** What a cell shows at rest: its kind, name, state and cost; on hover or focus what can be done with it. */
export function CellHead(props: { readonly cell: CellView }) {
  const { store } = useNotebook();
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  return (
    <div class="cell-head">
      <span class="cell-kind">{props.cell.kind}</span>
      <CellName cell={props.cell} />
      <Show
        when={props.cell.known}
        fallback={
          <span class="cell-kept" data-tip={props.cell.diagnostics[0]?.cure}>
            kept; blocked because no kind is called <code>{props.cell.kind}</code>
          </span>
        }
      >
        <Show when={node()}>{(now) => <StateBadge state={nodeState(now(), store.view, clock())} />}</Show>
      </Show>
      <Suspense>
        <CellTools cell={props.cell} />
      </Suspense>
    </div>
  );
}
