import { createMemo, For, Show } from "solid-js";
import { dependenciesOf, type Related } from "./dependencies";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import { moveAmongButtons } from "./move-among-buttons";

/** What the selected cell reads and what reads it: pointing at one marks it in the document, choosing it goes there. */
export function DependencyList() {
  const { store, selection } = useNotebook();
  const cell = () => store.view.cells[selection().cell ?? ""];
  const found = createMemo(() => {
    const now = cell();
    return now === undefined ? null : dependenciesOf(store.view, now.path);
  });
  return (
    <Show when={found()}>
      {(now) => (
        <div
          class="related-cells"
          role="group"
          aria-label={`Dependencies of ${cell()!.path}`}
          onKeyDown={moveAmongButtons}
        >
          <h2>{cell()!.path} reads</h2>
          <RelatedList all={now().reads} none="Nothing: it stands on its own." />
          <h2>Read by</h2>
          <RelatedList all={now().readers} none="Nothing reads it." />
        </div>
      )}
    </Show>
  );
}

function RelatedList(props: { readonly all: readonly Related[]; readonly none: string }) {
  const { page } = useNotebook();
  const { actionContext } = useHands();
  return (
    <For each={props.all} fallback={<p class="outline-none">{props.none}</p>}>
      {(one) => (
        <button
          type="button"
          class="outline-item"
          style={{ "--depth": Math.min(one.distance - 1, 4) }}
          title={one.distance === 1 ? `${one.kind} ${one.name}` : `${one.kind} ${one.name}, through others`}
          onPointerEnter={() => page.mark(one.block)}
          onPointerLeave={() => page.mark(null)}
          onFocus={() => page.mark(one.block)}
          onBlur={() => page.mark(null)}
          onClick={() => {
            const hands = actionContext().page;
            page.mark(null);
            if (one.block === null) hands.focus("inputs");
            else hands.show(one.block, { flash: true });
          }}
        >
          <span class="outline-kind">{one.kind}</span>
          <span class="mono">{one.name}</span>
        </button>
      )}
    </For>
  );
}
