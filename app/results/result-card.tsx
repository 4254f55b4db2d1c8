import { createMemo, createSignal, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import ArrowLeft from "lucide-solid/icons/arrow-left";
import ArrowRight from "lucide-solid/icons/arrow-right";
import Check from "lucide-solid/icons/check";
import type { CellView, NodeView } from "#server/workbench/view.ts";
import { resultState } from "~/notebook/node-state";
import { useNotebook } from "~/notebook/notebook-context";
import { now as clock } from "~/ui/clock";
import { StateBadge } from "~/ui/state-badge";
import { tallyValues, type VariantGroup } from "./repeats";
import { ResultBody } from "./result-body";
import { ResultFacts } from "./result-facts";
import { awaitedRoom } from "./awaited-room";
import { steadyHeight } from "./steady-height";
import { labelParts, variantLabel } from "./variant-label";

const ResultTools = lazy(() => import("./result-tools").then(({ ResultTools }) => ({ default: ResultTools })));

export interface ResultCardProps {
  readonly group: VariantGroup;
  readonly cell: CellView;
  readonly node: NodeView | undefined;
  /** Whether others stand beside it. */
  readonly compared: boolean;
  readonly chosen: boolean;
  /** Whether an answer is shown whole, however long. */
  readonly unfolded?: boolean;
  /** All addresses beside it, for reading through them. */
  readonly all: readonly string[];
}

/** One variant's answer with its labels, state and figures; repeats are counted, and paged through. */
export function ResultCard(props: ResultCardProps) {
  const { store, selection, select } = useNotebook();
  const [page, setPage] = createSignal(0);
  const [near, setNear] = createSignal(false);
  const repeats = () => props.group.addresses.length;
  const address = () => props.group.addresses[Math.min(page(), repeats() - 1)]!;
  const result = () => store.view.results[address()];
  const stream = () => store.view.streams[address()];
  const selected = () => selection().address === address();
  const axes = () => (props.node?.axes ?? []).map(({ name }) => name);
  const parts = createMemo(() => labelParts(props.group.at, axes()));
  const busy = () => props.node?.progress != null || stream() !== undefined;
  const isAwaited = () => result()?.value == null && result()?.error == null && result()?.waiting == null;
  const calls = () => props.node?.effect === "model" || props.node?.effect === "paid";
  /** What a model has written can be of any length. */
  const isAnswer = () => calls() && ["string", "json"].includes(result()?.value?.type ?? "");
  const steady = steadyHeight(
    busy,
    () => (isAwaited() ? awaitedRoom(props.cell) : 0),
    isAnswer,
    () => result()?.waiting != null,
  );
  const counted = createMemo(() =>
    repeats() < 2 ? [] : tallyValues(props.group.addresses.flatMap((one) => store.view.results[one]?.value ?? [])),
  );
  const explain = (): void => select({ cell: props.cell.path, address: address(), mode: "command" });

  return (
    <Show when={result()}>
      {(now) => (
        <div
          class="result"
          classList={{
            chosen: props.compared && props.chosen,
            selected: selected(),
            stale: now().freshness.state === "stale",
            busy: busy() && stream() === undefined,
          }}
          role="group"
          aria-label={`Answer${parts().length > 0 ? ` of ${variantLabel(props.group.at, axes())}` : ""}`}
          data-address={address()}
          data-type={now().value?.type}
          tabIndex={0}
          onClick={explain}
          onKeyDown={(event) => {
            if (event.target === event.currentTarget && event.key === "Enter") {
              explain();
              // The page's keys are heard at the same element as this: one that is answered is not asked of them.
              event.preventDefault();
            }
          }}
          onPointerEnter={() => setNear(true)}
          onFocusIn={() => setNear(true)}
        >
          <div class="result-labels">
            <Show when={props.compared}>
              <For each={parts()}>{(part, index) => (index() === 0 ? <b>{part}</b> : <span>{part}</span>)}</For>
              <Show when={props.chosen}>
                <span class="result-chosen" title="The variant that outputs and endpoints use">
                  <Check aria-hidden="true" /> chosen
                </span>
              </Show>
            </Show>
            <Show when={repeats() > 1}>
              <span class="result-pages">
                <button
                  type="button"
                  class="icon-button"
                  aria-label="The repeat before"
                  disabled={page() === 0}
                  onClick={() => setPage((before) => before - 1)}
                >
                  <ArrowLeft />
                </button>
                {page() + 1} of {repeats()}
                <button
                  type="button"
                  class="icon-button"
                  aria-label="The next repeat"
                  disabled={page() === repeats() - 1}
                  onClick={() => setPage((before) => before + 1)}
                >
                  <ArrowRight />
                </button>
              </span>
            </Show>
            <span class="spring" />
            <Show when={props.compared || repeats() > 1}>
              <StateBadge state={resultState(now(), props.node, store.view, clock)} quiet />
            </Show>
            <Show when={near() || selected()}>
              <Suspense>
                <ResultTools result={now()} cell={props.cell} node={props.node} chosen={props.chosen} all={props.all} />
              </Suspense>
            </Show>
          </div>
          <Show when={counted().length > 1}>
            <p class="result-tally">
              <For each={counted().slice(0, 5)}>
                {({ answer, count }) => (
                  <span>
                    {answer} <b>× {count}</b>
                  </span>
                )}
              </For>
              <Show when={counted().length > 5}>
                <span>{counted().length - 5} others</span>
              </Show>
            </p>
          </Show>
          <div class="result-place">
            <div class="result-value" ref={steady.ref} style={steady.style()} aria-busy={busy()}>
              <Switch
                fallback={
                  <div
                    class="result-body"
                    classList={{ cut: steady.isCut() }}
                    ref={steady.content}
                    onFocusIn={() => steady.open()}
                  >
                    <ResultBody
                      result={now()}
                      cell={props.cell}
                      node={props.node}
                      narrow={props.compared}
                      unfolded={props.unfolded === true}
                    />
                  </div>
                }
              >
                <Match when={stream() !== undefined}>
                  <p class="value-text streaming" ref={steady.stream}>
                    {stream()}
                  </p>
                </Match>
              </Switch>
            </div>
            <Show when={steady.isCut()}>
              <button
                type="button"
                class="result-more"
                onClick={(event) => {
                  event.stopPropagation();
                  // It goes, and the focus stays with what it opens.
                  event.currentTarget.closest<HTMLElement>(".result")?.focus({ preventScroll: true });
                  steady.open();
                }}
              >
                show more
              </button>
            </Show>
          </div>
          {/* What streams has none yet, and the figures of the answer before are not its own. */}
          <ResultFacts result={stream() === undefined ? now() : { ...now(), calls: [] }} kept={calls()} />
        </div>
      )}
    </Show>
  );
}
