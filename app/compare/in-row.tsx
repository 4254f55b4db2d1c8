import { A } from "@solidjs/router";
import {
  createEffect,
  createMemo,
  mergeProps,
  Match,
  onCleanup,
  Show,
  Switch,
  type Accessor,
  type JSX,
} from "solid-js";
import { addressText } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import type { NodeView } from "#server/workbench/view.ts";
import { problemOf } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { NotebookContext, useNotebook } from "~/notebook/notebook-context";
import { isInRun } from "~/sheet/cell-work";
import { ProblemBox } from "~/ui/problem-box";
import { RowBar } from "./row-bar";
import { createRowResults } from "./row-results";
import { createSheetRow, type ShownRow } from "./sheet-row";

/** The most variants whose answers are shown. */
const mostVariants = 200;

/** A prompt of a sheet in one row of it: for what is inside it is as one outside sheets, and running it goes over that row. */
export function InRow(props: {
  readonly node: NodeView;
  readonly sheet: string;
  /** The row's number, from 1. */
  readonly number: number;
  goTo(number: number): void;
  readonly children: (node: Accessor<NodeView>) => JSX.Element;
}) {
  const { store, page } = useNotebook();
  const { row, problem } = createSheetRow(store, props.sheet, () => props.number);
  createEffect(() => page.compareIn({ node: props.node.id, sheet: props.sheet, row: row()?.row ?? null }));
  onCleanup(() => page.compareIn(null));
  const given = () => store.view.sheets[props.sheet];
  return (
    <Switch>
      <Match when={row()}>{(now) => <There {...props} row={now()} />}</Match>
      <Match when={problem()}>{(thrown) => <ProblemBox error={problemOf(thrown())} />}</Match>
      <Match when={row() === null}>
        <div class="empty">
          <h2>{props.sheet} has no rows to compare in</h2>
          <p>
            {given()?.problem?.message ?? `They come from ${given()?.rows ?? "its setting rows"}`}:{" "}
            <A href={notebookAddress(store.path)}>go to the document</A>.
          </p>
        </div>
      </Match>
    </Switch>
  );
}

function There(props: Parameters<typeof InRow>[0] & { readonly row: ShownRow }) {
  const outer = useNotebook();
  const { view } = outer.store;
  const addresses = createMemo(() =>
    variantsOf(props.node.axes)
      .slice(0, mostVariants)
      .map((at) => addressText({ cell: props.node.id, at: { ...at, [props.sheet]: props.row.row } })),
  );
  const { results, streams, problem } = createRowResults(outer.store, props.sheet, addresses);
  /** A run of other rows is nothing to this one. */
  const progress = () => {
    const { progress } = props.node;
    const place = { row: props.row.row, ordinal: props.row.number };
    return progress !== null && isInRun(props.sheet, view.runs[progress.run], place, { at: {} }) ? progress : null;
  };
  const node = createMemo((): NodeView => ({ ...props.node, addresses: addresses(), progress: progress() }));
  const inRow = mergeProps(view, {
    get results() {
      return results();
    },
    get streams() {
      return streams();
    },
  });
  return (
    <>
      <RowBar sheet={props.sheet} row={props.row} goTo={props.goTo} />
      <Show when={problem()}>{(thrown) => <ProblemBox error={problemOf(thrown())} />}</Show>
      <NotebookContext.Provider value={{ ...outer, store: mergeProps(outer.store, { view: inRow }) }}>
        {props.children(node)}
      </NotebookContext.Provider>
    </>
  );
}
