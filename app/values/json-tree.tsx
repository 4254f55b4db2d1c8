import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import ChevronRight from "lucide-solid/icons/chevron-right";
import type { Datum } from "#server/notebook/value.ts";
import { firstOpen, jsonRows, openable, shownMembers, type JsonRow } from "./json-rows";
import "./json-tree.css";

/** JSON as a tree: arrows move, → and ← open and close, `*` opens all below, Enter does what a click does. */
export function JsonTree(props: { readonly value: Datum }) {
  const [open, setOpen] = createSignal<ReadonlySet<string>>(firstOpen(props.value));
  const [shown, setShown] = createSignal<{ readonly [path: string]: number }>({});
  const [at, setAt] = createSignal("");
  // An equal value anew, as when a run gave the same again, leaves what is open open.
  const text = createMemo(() => JSON.stringify(props.value));
  createEffect(on(text, () => setOpen(firstOpen(props.value)), { defer: true }));
  const rows = createMemo(() => jsonRows(props.value, { open: open(), shown: shown() }));
  const keys = createMemo(() => rows().map(({ path }) => path));
  const byPath = createMemo(() => new Map(rows().map((row) => [row.path, row])));
  const current = () => (byPath().has(at()) ? at() : "");
  let tree!: HTMLDivElement;

  const toggle = (path: string, opened: boolean): void =>
    void setOpen((before) => {
      const after = new Set(before);
      if (opened) after.add(path);
      else after.delete(path);
      return after;
    });

  const act = (row: JsonRow): void => {
    if (row.type === "more") {
      const parent = row.path.slice(0, row.path.lastIndexOf("/"));
      setShown((before) => ({ ...before, [parent]: (before[parent] ?? shownMembers) + 10 * shownMembers }));
    } else if (row.open !== null) toggle(row.path, !row.open);
  };

  const go = (path: string | undefined): void => {
    if (path === undefined) return;
    setAt(path);
    tree.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = byPath().get(current());
    if (row === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    const index = keys().indexOf(row.path);
    switch (event.key) {
      case "ArrowDown":
        go(keys()[index + 1]);
        break;
      case "ArrowUp":
        go(keys()[index - 1]);
        break;
      case "ArrowRight":
        if (row.open === false) toggle(row.path, true);
        else if (row.open === true) go(keys()[index + 1]);
        break;
      case "ArrowLeft":
        if (row.open === true) toggle(row.path, false);
        else if (row.depth > 0) go(row.path.slice(0, row.path.lastIndexOf("/")));
        break;
      case "Home":
        go(keys()[0]);
        break;
      case "End":
        go(keys().at(-1));
        break;
      case "*":
        setOpen((before) => new Set([...before, ...openable(props.value, row.path)]));
        break;
      case "Enter":
      case " ":
        act(row);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="json-tree" role="tree" aria-label="JSON" data-own-keys ref={tree} onKeyDown={onKeyDown}>
      <For each={keys()}>
        {(path) => (
          <Show when={byPath().get(path)}>
            {(row) => (
              <div
                class="json-row"
                role="treeitem"
                data-path={path}
                tabIndex={path === current() ? 0 : -1}
                aria-level={row().depth + 1}
                aria-posinset={row().position}
                aria-setsize={row().count}
                aria-expanded={row().open ?? undefined}
                aria-selected={path === current()}
                style={{ "padding-left": `${row().depth * 16}px` }}
                onFocus={() => setAt(path)}
                onClick={() => {
                  if (getSelection()?.isCollapsed !== false) act(row());
                }}
              >
                <span class="json-mark" classList={{ open: row().open === true }} aria-hidden="true">
                  <Show when={row().open !== null}>
                    <ChevronRight />
                  </Show>
                </span>
                <Show when={row().key !== null}>
                  <span class="json-key">{row().key}</span>
                </Show>
                <span class={`json-${row().type}`}>{row().text}</span>
              </div>
            )}
          </Show>
        )}
      </For>
    </div>
  );
}
