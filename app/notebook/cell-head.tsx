import { lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { CellName } from "./cell-name";

const CellTools = lazy(async () => ({ default: (await import("./page-tools")).CellTools }));

/** What a cell shows at rest: its kind, name, state and cost; on hover or focus what can be done with it. */
export function CellHead(props: { readonly cell: CellView }) {
  return (
    <div class="cell-head">
      <span class="cell-kind">{props.cell.kind}</span>
      <CellName cell={props.cell} />
      <Show when={!props.cell.known}>
        <span class="cell-kept" data-tip={props.cell.diagnostics[0]?.cure}>
          kept; blocked because no kind is called <code>{props.cell.kind}</code>
        </span>
      </Show>
      <Suspense>
        <CellTools cell={props.cell} />
      </Suspense>
    </div>
  );
}
