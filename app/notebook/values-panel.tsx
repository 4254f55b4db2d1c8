import { createMemo, createSignal, For, onMount, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { moveAmongButtons } from "./move-among-buttons";
import { namedValues, type NamedValue } from "./named-values";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import "./side-panel.css";
import "./values-panel.css";

/** All names of the notebook with what they stand for now; choosing one goes there. */
export function ValuesPanel() {
  const { store, page } = useNotebook();
  const { actionContext } = useHands();
  const [asked, setAsked] = createSignal("");
  const all = createMemo(() => namedValues(store.view));
  const shown = (): readonly NamedValue[] => {
    const words = asked().trim().toLowerCase();
    return all().filter(({ name, kind, type }) => `${name} ${kind} ${type}`.toLowerCase().includes(words));
  };
  let field!: HTMLInputElement;
  onMount(() => field.focus());
  const close = (): void => {
    page.openPanel(null);
    actionContext().page.focus("document");
  };
  function go({ cell, name }: NamedValue): void {
    if (cell !== null) return actionContext().page.show(cell, { flash: true });
    document.getElementById(`input-${name}`)?.focus();
  }
  return (
    <section
      class="side-panel"
      aria-label="Values"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2>Values</h2>
        <span class="spring" />
        <button type="button" class="icon-button" aria-label="Close the values" onClick={close}>
          <X />
        </button>
      </header>
      <div class="values-body" onKeyDown={moveAmongButtons}>
        <input
          ref={field}
          class="field"
          type="search"
          placeholder="Name, kind or type"
          aria-label="Find a value"
          value={asked()}
          onInput={(event) => setAsked(event.currentTarget.value)}
        />
        <div class="side-list">
          <For each={shown()} fallback={<p class="dim">No name has that in it.</p>}>
            {(one) => (
              <button
                type="button"
                class="hit-line value-line"
                onPointerEnter={() => page.mark(one.cell)}
                onPointerLeave={() => page.mark(null)}
                onClick={() => go(one)}
              >
                <b>{one.name}</b>
                <small>
                  {one.kind}
                  <Show when={one.type !== "" && one.type !== one.kind}> · {one.type}</Show>
                </small>
                <span class="value-line-value">{one.value}</span>
                <Show when={one.readers.length > 0}>
                  <small class="value-line-readers">read by {one.readers.join(", ")}</small>
                </Show>
              </button>
            )}
          </For>
        </div>
      </div>
    </section>
  );
}
