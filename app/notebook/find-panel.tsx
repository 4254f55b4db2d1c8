import { createEffect, createMemo, createResource, createSignal, For, onMount, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { undoing } from "~/actions/undo";
import { plural } from "~/money/estimate-words";
import { toasts } from "~/ui/toasts";
import { proseKey } from "./blocks";
import { blockOfLine, findHits, mostHits, replacements, type BlockLine, type Hit, type Query } from "./find-replace";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";
import "./side-panel.css";

/** Finds words in the whole text of the notebook, shows each place as it would become, and replaces one or all, as one step that undo takes back. */
export function FindPanel() {
  const { store, page, actions } = useNotebook();
  const { actionContext } = useHands();
  const [query, setQuery] = createSignal<Query>({
    find: "",
    replace: "",
    isRegex: false,
    isCased: false,
    isWord: false,
  });
  const [at, setAt] = createSignal(0);
  const [source] = createResource(
    () => store.view.head.head.revision,
    () => actions.text(),
  );
  const found = createMemo(() => findHits(source.latest?.text ?? "", query()));
  const lines = createMemo(() => blockLines(source.latest?.text ?? ""));
  let field!: HTMLInputElement;
  let list!: HTMLDivElement;
  onMount(() => {
    const words = window.getSelection()?.toString() ?? "";
    if (words !== "" && !words.includes("\n")) change({ find: words });
    field.focus();
    field.select();
  });
  const change = (part: Partial<Query>): void => {
    setQuery((before) => ({ ...before, ...part }));
    setAt(0);
  };
  const close = (): void => {
    page.openPanel(null);
    page.mark(null);
    actionContext().page.focus("document");
  };
  const hit = (): Hit | undefined => found().hits[Math.min(at(), found().hits.length - 1)];
  const blockOf = ({ line }: Hit): string | null => blockOfLine(lines(), line);

  function step(by: number): void {
    const { length } = found().hits;
    if (length > 0) setAt((now) => (now + by + length) % length);
  }
  createEffect(() => {
    const now = hit();
    if (now === undefined) return page.mark(null);
    const block = blockOf(now);
    page.mark(block);
    if (block === null) return;
    page.reveal(block);
    document.querySelector(`.document [data-block="${CSS.escape(block)}"]`)?.scrollIntoView({ block: "nearest" });
    list.querySelector(`[data-hit="${Math.min(at(), found().hits.length - 1)}"]`)?.scrollIntoView({ block: "nearest" });
  });

  async function replace(hits: readonly Hit[]): Promise<void> {
    const edits = replacements(hits);
    const base = source.latest;
    if (base === null || base === undefined || edits.length === 0) return;
    const done = await actions.edit([{ type: "edit", edits }], { revision: base.revision });
    if (done) toasts.say(`Replaced ${plural(edits.length, "place")}.`, undoing(actionContext()));
  }
  /** Cells by their lines; prose begins where the cell before it ends, or the front matter. */
  function blockLines(text: string): readonly BlockLine[] {
    const { order } = store.view.head.head;
    const all = text.split("\n");
    let line = 1;
    return order.flatMap((block): readonly BlockLine[] => {
      if (block.type === "cell") {
        line = store.view.cells[block.path]?.line ?? line;
        return [{ block: block.path, line }];
      }
      const own = store.view.prose[block.key]?.text.trim().split("\n")[0]?.trimEnd() ?? "";
      const found = own === "" ? -1 : all.findIndex((words, index) => index >= line && words.trimEnd() === own);
      return found < 0 ? [] : [{ block: `prose:${block.key}`, line: found + 1 }];
    });
  }

  const toggle = (key: "isCased" | "isWord" | "isRegex", text: string, label: string) => (
    <button
      type="button"
      class="toggle"
      aria-pressed={query()[key]}
      aria-label={label}
      data-tip={label}
      data-sign={text}
      onClick={() => change({ [key]: !query()[key] })}
    />
  );
  return (
    <section
      class="side-panel find-panel"
      aria-label="Find and replace"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <div class="find-fields">
        <input
          ref={field}
          class="field"
          aria-label="Find"
          placeholder="Find in the whole notebook"
          aria-invalid={found().problem !== null}
          spellcheck={false}
          value={query().find}
          onInput={(event) => change({ find: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            step(event.shiftKey ? -1 : 1);
          }}
        />
        <input
          class="field"
          aria-label="Replace by"
          placeholder={query().isRegex ? "Replace by ($1 is the first group)" : "Replace by"}
          spellcheck={false}
          value={query().replace}
          onInput={(event) => change({ replace: event.currentTarget.value })}
          onKeyDown={(event) => {
            const now = hit();
            if (event.key !== "Enter" || now === undefined) return;
            event.preventDefault();
            void replace(event.ctrlKey || event.metaKey ? found().hits : [now]);
          }}
        />
        <div class="find-row">
          {toggle("isCased", "Aa", "Mind upper and lower case")}
          {toggle("isWord", "ab|", "Whole words only")}
          {toggle("isRegex", ".*", "A regular expression")}
          <button type="button" class="icon-button" aria-label="Close the search" onClick={close}>
            <X />
          </button>
        </div>
        <div class="find-row">
          <button type="button" class="button" disabled={hit() === undefined} onClick={() => void replace([hit()!])}>
            Replace
          </button>
          <button
            type="button"
            class="button"
            disabled={hit() === undefined}
            data-keys="Mod+Enter"
            data-tip="Replace every place, as one step"
            onClick={() => void replace(found().hits)}
          >
            All
          </button>
        </div>
      </div>
      <p class="find-count" role="status">
        <Show when={found().problem} fallback={count()}>
          {(problem) => <span class="bad">{problem()}</span>}
        </Show>
      </p>
      <div class="side-list" ref={list}>
        <For each={found().hits.slice(0, 200)}>
          {(one, index) => (
            <button
              type="button"
              class="hit-line"
              classList={{ on: index() === at() }}
              data-hit={index()}
              onClick={() => {
                setAt(index());
                const block = blockOf(one);
                if (block !== null) actionContext().page.show(block, { flash: true });
              }}
            >
              <small>
                {nameOf(blockOf(one))} · line {one.line}
              </small>
              <HitPreview hit={one} isChange={query().replace !== "" || query().isRegex} />
            </button>
          )}
        </For>
      </div>
    </section>
  );

  function count(): string {
    const { hits } = found();
    if (query().find === "") return "Cells, their settings and the text between them.";
    if (hits.length === 0) return "Nothing found.";
    return `${at() + 1} of ${hits.length === mostHits ? "more than " : ""}${plural(hits.length, "place")}`;
  }
  function nameOf(block: string | null): string {
    return block === null ? "head" : proseKey(block) === null ? block : "text";
  }
}

/** The line of a hit, and in it what would go and what would come. */
function HitPreview(props: { readonly hit: Hit; readonly isChange: boolean }) {
  const around = 40;
  const before = () => props.hit.lineText.slice(Math.max(0, props.hit.column - around), props.hit.column);
  const after = () => props.hit.lineText.slice(props.hit.column + props.hit.found.length).slice(0, around);
  return (
    <code>
      {before()}
      <Show when={props.isChange} fallback={<mark>{props.hit.found}</mark>}>
        <del>{props.hit.found}</del>
        <ins>{props.hit.text}</ins>
      </Show>
      {after()}
    </code>
  );
}
