import { Show } from "solid-js";
import GripVertical from "lucide-solid/icons/grip-vertical";
import Plus from "lucide-solid/icons/plus";
import { insertCell } from "~/actions/insert-cell";
import { gapAbove, gapBelow } from "./block-edits";
import { dropsAt } from "./dragging";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import "./block-tools.css";

/** What stands around a block: a handle to drag it by, and the lines above and below at which something can be put in. */
export function BlockTools(props: { readonly block: string; readonly isNear: boolean; readonly isFirst: boolean }) {
  const { blocks } = useNotebook();
  const { dragging, actionContext } = useHands();
  const insert = (gap: number, at: string | null): Promise<void> => insertCell(actionContext(), gap, at);
  const drop = () => dropsAt(dragging.gap(), blocks(), props.block);
  return (
    <>
      <Show when={props.isFirst}>
        <InsertBar at="above" isNear={props.isNear} insert={() => insert(gapAbove(blocks(), props.block), null)} />
      </Show>
      <Show when={drop()}>{(edge) => <span class={`drop-line ${edge()}`} />}</Show>
      <span
        class="drag-handle"
        aria-hidden="true"
        data-tip="Drag to move"
        data-keys="Alt+ArrowUp"
        onPointerDown={(event) => dragging.begin(event, props.block)}
      >
        <GripVertical />
      </span>
      <InsertBar at="below" isNear={props.isNear} insert={() => insert(gapBelow(blocks(), props.block), props.block)} />
    </>
  );
}

/** The line between two blocks at which something can be put in. */
function InsertBar(props: {
  readonly at: "above" | "below";
  readonly isNear: boolean;
  readonly insert: () => Promise<void>;
}) {
  return (
    <div class="insert-bar" classList={{ near: props.isNear, above: props.at === "above" }}>
      <button
        type="button"
        tabIndex={props.isNear ? 0 : -1}
        aria-label={props.at === "above" ? "Insert above" : "Insert below"}
        data-tip={props.at === "above" ? "Insert above" : "Insert below"}
        data-keys={props.at === "above" ? "a" : "b"}
        onClick={() => void props.insert()}
      >
        <Plus />
      </button>
    </div>
  );
}
