import { createMemo, createSignal, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import Eye from "lucide-solid/icons/eye";
import EyeOff from "lucide-solid/icons/eye-off";
import Play from "lucide-solid/icons/play";
import Square from "lucide-solid/icons/square";
import type { CellView, NodeView } from "#server/workbench/view.ts";
import { cellMenu } from "~/actions/menus";
import { runProblem } from "~/actions/action-context";
import { isPreviewShown, togglePreview } from "~/editor/shown-previews";
import { dollars } from "~/money/dollars";
import { estimateWords } from "~/money/estimate-words";
import { now as clock } from "~/ui/clock";
import { MenuButton } from "~/ui/menu-button";
import { StateBadge } from "~/ui/state-badge";
import { callsModels, costOf } from "./calls-models";
import { cellSetting } from "./cell-setting";
import { cellState } from "./node-state";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import { progressWords } from "./progress-words";
import { runningColumn } from "./sheet-state";

const SettingChips = lazy(() =>
  import("~/inspector/setting-chips").then(({ SettingChips }) => ({ default: SettingChips })),
);

/** How a cell stands and how far it is, what it cost, its settings, and what can be done with it. */
export function CellTools(props: { readonly cell: CellView }) {
  const { store, actions, select, selection } = useNotebook();
  const { actionContext } = useHands();
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  /** What a label has is entered. */
  const isComputed = () => props.cell.kind !== "label";
  /** Of a sheet that of the column that runs. */
  const progress = () => {
    const now = node();
    return (now?.kind === "sheet" ? runningColumn(now.id, store.view)?.progress : null) ?? now?.progress ?? null;
  };
  let tools!: HTMLSpanElement;
  /** While the pointer is among the tools, the pixels the run button had before: what it says comes late, and would push the others away. */
  const [kept, setKept] = createSignal<number | null>(null);
  const keepPlaces = (): void =>
    void setKept(tools.querySelector(".run-button")?.getBoundingClientRect().width ?? null);
  const menu = async (at: Element): Promise<void> => {
    if (selection().cell !== props.cell.path) select({ cell: props.cell.path });
    const { openActionMenu } = await import("~/actions/action-menu");
    await openActionMenu(at, `Cell ${props.cell.path}`, cellMenu, actionContext);
  };
  return (
    <>
      <Show when={props.cell.known && isComputed() && node()}>
        {(now) => <StateBadge state={cellState(props.cell, now(), store.view, clock)} />}
      </Show>
      <Show when={progress()}>
        {(now) => {
          const words = () => progressWords(now(), clock());
          return (
            <span class="cell-progress">
              {[words().count, words().waits, words().rate, words().left].filter((part) => part !== "").join(" · ")}
            </span>
          );
        }}
      </Show>
      <Show when={cellSetting(props.cell, "hidden") === true}>
        <span class="cell-hidden" title="Its text is hidden. H shows it.">
          <EyeOff />
          <span class="visually-hidden">text hidden</span>
        </span>
      </Show>
      <Show when={node()}>{(now) => <LastCost node={now()} />}</Show>
      <span class="spring" />
      <span class="cell-tools" ref={tools} onPointerEnter={keepPlaces} onPointerLeave={() => setKept(null)}>
        <Suspense>
          <SettingChips cell={props.cell} />
        </Suspense>
        <Show when={props.cell.kind === "prompt"}>
          <button
            type="button"
            class="icon-button on-hover"
            aria-label={`Show ${props.cell.path} as it is sent`}
            aria-pressed={isPreviewShown(store.path, props.cell.path)}
            data-tip="As it is sent, beside the text"
            data-keys="Alt+p"
            onClick={() => togglePreview(store.path, props.cell.path)}
          >
            <Eye />
          </button>
        </Show>
        <Show
          when={progress()}
          fallback={
            <Show when={isComputed() && node()}>
              {(now) => <RunButton cell={props.cell} node={now()} width={kept()} />}
            </Show>
          }
        >
          {(now) => (
            <button
              type="button"
              class="icon-button"
              aria-label={`Stop ${props.cell.path}`}
              data-tip="Stop this cell"
              onClick={() => void actions.cancel(now().run, props.cell.node ?? props.cell.name)}
            >
              <Square />
            </button>
          )}
        </Show>
        <MenuButton
          label={`Menu of ${props.cell.path}`}
          tip="All that can be done"
          isOnHover
          open={(at) => void menu(at)}
        />
      </span>
    </>
  );
}

/** What the results that are shown cost. */
function LastCost(props: { readonly node: NodeView }) {
  const { store } = useNotebook();
  const cost = () => costOf(props.node, store.view);
  return (
    <Show when={cost() !== undefined}>
      <span class="cell-cost" data-tip="What its results cost">
        {dollars(cost()!)}
      </span>
    </Show>
  );
}

/** Runs a cell; on one that calls a model stands what that would send and cost now. */
function RunButton(props: {
  readonly cell: CellView;
  readonly node: NodeView;
  /** How wide it stays, in pixels; null where as wide as its words are. */
  readonly width: number | null;
}) {
  const { store, actions } = useNotebook();
  const { estimates, actionContext } = useHands();
  const [isSeen, setSeen] = createSignal(false);
  const calls = createMemo(() => callsModels(props.node, store.view));
  const estimate = estimates.of(() => (isSeen() && calls() ? { type: "cells", cells: [props.node.id] } : null));
  const words = () => {
    const known = estimate();
    return known === null ? null : estimateWords(known);
  };
  const figures = () => {
    const { calls = "", cost = "", cached = "" } = words() ?? {};
    return [calls, cost, cached].filter((part) => part !== "").join(" · ");
  };
  let button!: HTMLButtonElement;
  onMount(() => {
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting === true), {
      rootMargin: "200px",
    });
    observer.observe(button);
    onCleanup(() => observer.disconnect());
  });
  return (
    <button
      ref={button}
      type="button"
      class="run-button"
      classList={{ "on-hover": figures() === "" }}
      style={{ width: props.width === null ? undefined : `${props.width}px` }}
      aria-label={`Run ${props.cell.path}${figures() === "" ? "" : `: ${figures()}`}`}
      data-tip={words()?.sentence ?? "Run with what it needs"}
      data-keys="Mod+Enter"
      disabled={runProblem(actionContext()) !== null}
      onClick={() =>
        void actions.run({
          scope: { type: "cells", cells: [props.node.id] },
          title: props.node.id,
          retryErrors: true,
        })
      }
    >
      <Play />
      <Show when={figures()}>{(text) => <span>{text()}</span>}</Show>
    </button>
  );
}
