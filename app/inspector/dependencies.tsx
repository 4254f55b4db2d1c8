import { createMemo, For, Show } from "solid-js";
import ArrowRight from "lucide-solid/icons/arrow-right";
import type { NodeView } from "#server/workbench/view.ts";
import { directReaders } from "~/notebook/dependencies";
import { nodeState } from "~/notebook/node-state";
import { useNotebook } from "~/notebook/notebook-context";
import { now as clock } from "~/ui/clock";
import { StateBadge } from "~/ui/state-badge";
import { goToName } from "./go-to-name";

/** What a cell reads, and what reads it; each name goes there. */
export function Dependencies(props: { readonly node: NodeView; readonly cell: string | null }) {
  const { store } = useNotebook();
  const readers = createMemo(() => (props.cell === null ? props.node.readers : directReaders(store.view, props.cell)));
  return (
    <>
      <h3>reads</h3>
      <Names names={props.node.reads} nothing="Nothing: it stands on its own." />
      <h3>read by</h3>
      <Names names={readers()} nothing="Nothing reads it." />
    </>
  );
}

function Names(props: { readonly names: readonly string[]; readonly nothing: string }) {
  const context = useNotebook();
  const { store } = context;
  const names = createMemo(() => props.names.filter((name) => !name.endsWith("#each")));
  return (
    <ul class="dependencies">
      <For each={names()} fallback={<li class="dim">{props.nothing}</li>}>
        {(name) => {
          const node = () => store.view.nodes[name] ?? store.view.nodes[store.view.cells[name]?.node ?? ""];
          return (
            <li>
              <button type="button" class="dependency" onClick={() => goToName(name, context)}>
                <span class="cell-kind">{node()?.kind ?? "input"}</span>
                <span class="mono">{name}</span>
                <Show when={node()}>{(now) => <StateBadge state={nodeState(now(), store.view, clock)} quiet />}</Show>
                <span class="spring" />
                <ArrowRight aria-hidden="true" />
              </button>
            </li>
          );
        }}
      </For>
    </ul>
  );
}
