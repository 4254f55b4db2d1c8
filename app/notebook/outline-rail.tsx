import { createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { Portal } from "solid-js/web";
import type { NotebookView } from "#server/workbench/view.ts";
import { DependencyList } from "./dependency-list";
import { moveAmongButtons } from "./move-among-buttons";
import { cellState } from "./node-state";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import type { OutlineItem } from "./outline";
import "./outline-rail.css";

/** The notebook's headings and cells in the rail; the one at the top of the window is marked. */
export function OutlineRail() {
  const { page, blocks } = useNotebook();
  const { actionContext } = useHands();
  const [current, setCurrent] = createSignal<string | null>(null);
  const place = document.getElementById("rail-outline");

  onMount(() => {
    let asked = 0;
    const look = (): void => {
      asked = 0;
      const scroller = document.querySelector(".document");
      const top = (scroller?.getBoundingClientRect().top ?? 0) + 64;
      setCurrent(lastAbove(scroller, top) ?? blocks().visible[0] ?? null);
    };
    const soon = (): void => {
      if (asked === 0) asked = requestAnimationFrame(look);
    };
    // The document comes and goes, as a sheet or a comparison takes its place: what scrolls is heard of on the way down.
    document.addEventListener("scroll", soon, { capture: true, passive: true });
    look();
    onCleanup(() => {
      document.removeEventListener("scroll", soon, { capture: true });
      cancelAnimationFrame(asked);
    });
  });
  const depth = (item: OutlineItem): number => {
    if (item.type === "heading") return item.level - 1;
    const before = page.outline().slice(0, page.outline().indexOf(item));
    const heading = before.findLast((one) => one.type === "heading");
    return heading?.type === "heading" ? heading.level : 0;
  };
  /** Of a block with several headings the last is where reading goes on. */
  const currentItem = createMemo(() => page.outline().findLast(({ block }) => block === current()));
  return (
    <Show when={place}>
      {(mount) => (
        <Portal mount={mount()}>
          <Show when={page.outline().length > 0}>
            <h2>Outline</h2>
          </Show>
          <div class="outline" role="group" aria-label="Outline" onKeyDown={moveAmongButtons}>
            <For each={page.outline()}>
              {(item) => (
                <button
                  type="button"
                  class="outline-item"
                  classList={{ "of-cell": item.type === "cell" }}
                  style={{ "--depth": Math.min(depth(item), 4) }}
                  aria-current={item === currentItem() ? "location" : undefined}
                  title={item.type === "cell" ? `${item.kind} ${item.name}` : item.text}
                  onClick={() => actionContext().page.show(item.block, { flash: true })}
                >
                  <Show
                    when={item.type === "cell" && item}
                    fallback={<span>{(item as { readonly text: string }).text}</span>}
                  >
                    {(cell) => (
                      <>
                        <StateDot block={cell().block} />
                        <span class="mono">{cell().name}</span>
                      </>
                    )}
                  </Show>
                </button>
              )}
            </For>
          </div>
          <DependencyList />
        </Portal>
      )}
    </Show>
  );
}

/** The last block that begins above a height of the window: they stand below one another, so that few are looked at. */
function lastAbove(scroller: Element | null, top: number): string | null {
  const elements = [...(scroller?.querySelectorAll<HTMLElement>("section[data-block]") ?? [])];
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle]!.getBoundingClientRect().top < top) low = middle + 1;
    else high = middle;
  }
  return elements[low - 1]?.dataset["block"] ?? null;
}

/** A cell's state by a mark before its name: only what wants attention has one. */
function StateDot(props: { readonly block: string }) {
  const { store } = useNotebook();
  const state = () => stateOf(store.view, props.block);
  return (
    <span class={`outline-mark ${state()?.tone ?? "quiet"}`} title={state()?.word}>
      <span aria-hidden="true">{marks[state()?.tone ?? "quiet"]}</span>
      <Show when={state()}>{(now) => <span class="visually-hidden">{now().word}</span>}</Show>
    </span>
  );
}

const marks = { quiet: "·", good: "·", cache: "·", busy: "▸", stale: "◐", bad: "!" } as const;

function stateOf(view: NotebookView, block: string) {
  const cell = view.cells[block];
  const node = view.nodes[cell?.node ?? ""];
  return cell === undefined || node === undefined ? null : cellState(cell, node, view, () => 0);
}
