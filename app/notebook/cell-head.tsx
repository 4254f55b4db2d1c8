import { createMemo, Show } from "solid-js";
import Eye from "lucide-solid/icons/eye";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import type { CellView } from "#server/workbench/view.ts";
import { isPreviewShown, togglePreview } from "~/editor/shown-previews";
import { StateBadge } from "~/ui/state-badge";
import { now as clock } from "~/ui/clock";
import { nodeState } from "./node-state";
import { useNotebook } from "./notebook-context";

/** What a cell shows at rest: its kind, name and state; on hover or focus what can be done with it. */
export function CellHead(props: { readonly cell: CellView }) {
  const { store, actions } = useNotebook();
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  const progress = () => node()?.progress ?? null;
  return (
    <div class="cell-head">
      <span class="cell-kind">{props.cell.kind}</span>
      <span class="cell-name">
        {props.cell.label === null ? props.cell.name : `${props.cell.name}.${props.cell.label}`}
      </span>
      <Show when={node()}>{(now) => <StateBadge state={nodeState(now(), store.view, clock())} />}</Show>
      <Show when={progress()}>
        {(now) => (
          <span class="cell-progress">
            {now().done + now().reused + now().failed}
            {now().total === null ? "" : ` of ${now().total}`}
          </span>
        )}
      </Show>
      <span class="spring" />
      <span class="cell-tools">
        <Show when={props.cell.kind === "prompt"}>
          <button
            type="button"
            class="icon-button"
            aria-label={`Show ${props.cell.name} as it is sent`}
            aria-pressed={isPreviewShown(store.path, props.cell.path)}
            title="As it is sent, beside the text (Alt+P)"
            onClick={() => togglePreview(store.path, props.cell.path)}
          >
            <Eye />
          </button>
        </Show>
        <Show
          when={progress()}
          fallback={
            <button
              type="button"
              class="icon-button"
              aria-label={`Run ${props.cell.name}`}
              title="Run with what it needs (Mod+Enter)"
              onClick={() =>
                void actions.run({
                  scope: { type: "cells", cells: [props.cell.node ?? props.cell.name] },
                  title: props.cell.name,
                  retryErrors: true,
                })
              }
            >
              <Play />
            </button>
          }
        >
          {(now) => (
            <button
              type="button"
              class="icon-button"
              aria-label={`Stop ${props.cell.name}`}
              onClick={() => void actions.cancel(now().run, props.cell.node ?? props.cell.name)}
            >
              <Square />
            </button>
          )}
        </Show>
      </span>
    </div>
  );
}
