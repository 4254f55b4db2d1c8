import { For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { CellView, NodeView, ResultView } from "#server/workbench/view.ts";
import { mistakeOf } from "~/notebook/mistake-of";
import { preparationWords } from "~/notebook/preparation-words";
import { useNotebook } from "~/notebook/notebook-context";
import { CodeWords } from "~/ui/code-words";
import { ErrorView } from "~/values/error-view";
import { ValueView } from "~/values/value-view";

const WaitingView = lazy(() => import("~/values/waiting-view").then(({ WaitingView }) => ({ default: WaitingView })));

export interface ResultBodyProps {
  readonly result: ResultView;
  readonly cell: CellView;
  readonly node: NodeView | undefined;
  readonly narrow: boolean;
  readonly unfolded?: boolean;
}

/** What came of an address: its value, or why there is none and what to do. */
export function ResultBody(props: ResultBodyProps) {
  return (
    <Switch fallback={<NoValue {...props} />}>
      <Match when={props.result.waiting}>
        {(on) => (
          <Suspense fallback={<p class="ghost">{on().message}</p>}>
            <WaitingView on={on()} address={props.result.address} />
          </Suspense>
        )}
      </Match>
      <Match when={props.result.outcome === "blocked"}>
        <Blocked {...props} />
      </Match>
      {/* What a person stopped has not gone wrong. */}
      <Match when={props.result.outcome !== "cancelled" && props.result.error}>
        {(error) => <ErrorView error={error()} cell={props.cell.path} />}
      </Match>
      <Match when={props.result.value}>
        {(value) => (
          <>
            <ValueView
              value={value()}
              address={props.result.address}
              full={props.result.full}
              cell={props.cell.path}
              narrow={props.narrow}
              unfolded={props.unfolded === true}
            />
            <Show when={props.result.outcome === "partial"}>
              <p class="value-aside">It was stopped here. Run it to have the whole.</p>
            </Show>
          </>
        )}
      </Match>
    </Switch>
  );
}

function NoValue(props: ResultBodyProps) {
  const { store } = useNotebook();
  const isMistaken = () =>
    props.node !== undefined && mistakeOf(props.node, store.view.cells, props.result.address) !== null;
  const words = (): string => {
    if (props.node?.blocked != null || isMistaken()) return "It cannot run until that is mended.";
    const preparation = props.node?.progress?.preparation ?? null;
    if (preparation !== null) return `It is ${preparationWords(preparation)}.`;
    if (props.node?.progress?.state === "running") return "Nothing has come yet.";
    if (props.node?.progress?.state === "queued") return "It runs as soon as what it reads is there.";
    switch (props.result.outcome) {
      case "skipped":
        return "Skipped: its `when` is false, or what it reads was skipped.";
      case "cancelled":
        return "Stopped before anything came.";
      case "ok":
      case "error":
      case "blocked":
      case "partial":
      case null:
        return props.node?.effect === "model" || props.node?.effect === "paid"
          ? "Not run yet. Shift+Enter runs it."
          : "Not run yet.";
    }
  };
  return (
    <Show when={props.node?.blocked == null || props.node.progress != null}>
      <p class="ghost">
        <CodeWords text={words()} />
      </p>
    </Show>
  );
}

function Blocked(props: ResultBodyProps) {
  const { store, select } = useNotebook();
  return (
    <p class="value-blocked">
      Blocked:{" "}
      <For each={props.result.because} fallback="what it reads has no value.">
        {(name, index) => (
          <>
            {index() === 0 ? "" : ", "}
            <Show when={store.view.nodes[name]} fallback={<code>{name}</code>}>
              {(node) => (
                <button
                  type="button"
                  class="link mono"
                  onClick={(event) => {
                    event.stopPropagation();
                    select({ cell: node().cells[0] ?? null, address: null, mode: "command" });
                  }}
                >
                  {name}
                </button>
              )}
            </Show>
          </>
        )}
      </For>
      <Show when={props.result.because.length > 0}>
        {props.result.because.length === 1 ? " has no value." : " have no value."}
      </Show>{" "}
      <Show when={props.result.error?.cure}>{(cure) => <CodeWords text={cure()} />}</Show>
    </p>
  );
}
