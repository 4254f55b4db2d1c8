import { A, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, For, onMount, Show } from "solid-js";
import { parseAddress } from "#server/notebook/address.ts";
import type { NodeView } from "#server/workbench/view.ts";
import { problemOf } from "~/api";
import { CellBlock } from "~/notebook/cell-block";
import { InputsForm } from "~/notebook/inputs-form";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import { useHands } from "~/notebook/use-hands";
import { DiffView } from "~/inspector/diff-view";
import { createVariantGroups } from "~/results/variant-groups";
import { toasts } from "~/ui/toasts";
import { CompareAxes } from "./compare-axes";
import { CompareColumn } from "./compare-column";
import { createConversations } from "./conversations";
import { InRow } from "./in-row";
import { SayToAll } from "./say-to-all";
import { variantName } from "./variant-words";
import { createWholeAnswers } from "./whole-answers";
import "~/results/results.css";
import "./compare.css";

/** A prompt's variants side by side over the whole page: what they are asked, what they answer, what differs, and what is said to them further. */
export function CompareScreen(props: { readonly node: string }) {
  const { store } = useNotebook();
  const [params, setParams] = useSearchParams<{ row?: string }>();
  const node = () => {
    const found = store.view.nodes[props.node];
    return found?.kind === "prompt" ? found : undefined;
  };
  return (
    <main class="compare" aria-label={`Compare ${props.node}`} data-commands data-listens="">
      <Show
        when={node()}
        fallback={
          <div class="empty">
            <h2>There is no prompt {props.node} to compare</h2>
            <p>
              It may have been renamed or removed: <A href={notebookAddress(store.path)}>go to the document</A>.
            </p>
          </div>
        }
      >
        {(now) => (
          <Show when={now().sheet} fallback={<Compared node={now()} />} keyed>
            {(sheet) => (
              <InRow
                node={now()}
                sheet={sheet}
                number={Number(params.row ?? 1) || 1}
                goTo={(row) => setParams({ row: String(row) }, { replace: true, scroll: false })}
              >
                {(there) => <Compared node={there()} />}
              </InRow>
            )}
          </Show>
        )}
      </Show>
    </main>
  );
}

function Compared(props: { readonly node: NodeView }) {
  const { store, selection } = useNotebook();
  const { actionContext } = useHands();
  const conversations = createConversations(() => store.path);
  const answers = createWholeAnswers(store);
  const [picked, setPicked] = createSignal<readonly string[]>([]);
  const wordings = () => props.node.cells.filter((path) => store.view.cells[path] !== undefined);
  const shown = () => wordings().find((path) => path === selection().cell) ?? wordings()[0]!;
  const groups = createVariantGroups(() => props.node.addresses, props.node.sheet);
  const all = () => groups().flatMap(({ addresses }) => addresses);
  // Its keys are those of the prompt.
  onMount(() => actionContext().page.show(shown()));

  /** Two at most: the one picked before last makes room. */
  const pick = (address: string): void => {
    setPicked((before) =>
      before.includes(address) ? before.filter((each) => each !== address) : [...before, address].slice(-2),
    );
  };
  createEffect(() => {
    for (const address of picked())
      if (answers.text(address) === null)
        answers.whole(address).catch((thrown: unknown) => toasts.problem(problemOf(thrown)));
  });
  const differing = () => {
    const [before, after] = picked().map(answers.text);
    return before && after ? { before, after } : null;
  };
  const labelAt = (address: string): string => variantName(props.node, parseAddress(address).at);

  return (
    <>
      <Show when={store.view.head.head.inputs.length > 0}>
        <InputsForm />
      </Show>
      <CompareAxes node={props.node} shown={shown()} context={actionContext} />
      <CellBlock path={shown()} bare />
      <div class="compare-columns" role="list" aria-label="Answers" style={{ "--count": groups().length }}>
        <For each={groups()}>
          {(group) => (
            <CompareColumn
              node={props.node}
              group={group}
              all={all()}
              isPicked={group.addresses.some((address) => picked().includes(address))}
              pick={pick}
              conversations={conversations}
              answers={answers}
            />
          )}
        </For>
      </div>
      <Show when={differing()}>
        {(now) => (
          <section class="compare-diff" aria-label="What differs">
            <h2>
              {labelAt(picked()[0]!)} <span>and</span> {labelAt(picked()[1]!)}
            </h2>
            <DiffView
              before={now().before}
              after={now().after}
              words={[labelAt(picked()[0]!), labelAt(picked()[1]!)]}
            />
          </section>
        )}
      </Show>
      <SayToAll node={props.node} groups={groups()} conversations={conversations} answers={answers} />
    </>
  );
}
