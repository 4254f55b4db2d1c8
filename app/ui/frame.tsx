import { A } from "@solidjs/router";
import { createResource, For, onCleanup, type ParentProps } from "solid-js";
import { api } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { DialogHost } from "./dialogs";
import { MenuHost } from "./menu";
import { ThemeSwitch } from "./theme-switch";
import { ToastList } from "./toasts";
import { TooltipHost } from "./tooltip";
import "./frame.css";

/** What stands around every page: the rail on the left, the page beside it, toasts, menus and questions above both. */
export function Frame(props: ParentProps) {
  const [notebooks, { refetch }] = createResource(() => api.notebooks.list.query());
  const [about] = createResource(() => api.workspace.about.query());
  const changes = api.notebooks.changes.subscribe(undefined, { onData: () => void refetch(), onError: () => {} });
  onCleanup(() => changes.unsubscribe());
  return (
    <div class="frame">
      <nav class="rail" aria-label="Workspace">
        <A href="/" class="brand" end>
          <Mark /> Sheaf
        </A>
        <A href="/" class="rail-link" end>
          <span>Notebooks</span>
        </A>
        <A href="/datasets" class="rail-link">
          <span>Datasets</span>
        </A>
        <A href="/runs" class="rail-link">
          <span>Runs</span>
        </A>
        <A href="/published" class="rail-link">
          <span>Published</span>
        </A>
        <A href="/models" class="rail-link">
          <span>Models</span>
        </A>
        <h2>Notebooks</h2>
        <For each={notebooks.latest ?? []}>
          {({ path, title }) => (
            <A href={notebookAddress(path)} class="rail-link" title={path}>
              <span>{title}</span>
            </A>
          )}
        </For>
        <div id="rail-outline" />
        <div class="rail-foot">
          <span title={about.latest?.folder}>{about.latest?.name ?? ""}</span>
          <span class="spring" />
          <ThemeSwitch />
        </div>
      </nav>
      <div class="frame-main">{props.children}</div>
      <ToastList />
      <MenuHost />
      <DialogHost />
      <TooltipHost />
    </div>
  );
}

function Mark() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d="M9 2v14M4 3c0 5 2 6 5 7M14 3c0 5-2 6-5 7M5.5 16h7" />
    </svg>
  );
}
