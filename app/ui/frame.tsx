import { A, useLocation } from "@solidjs/router";
import { createEffect, createResource, createSignal, For, lazy, on, Suspense, type ParentProps } from "solid-js";
import { api } from "~/api";
import { notebookList } from "~/home/notebook-list";
import { notebookAddress } from "~/notebook/notebook-address";
import { isConnected } from "./connection";
import { keepTheme } from "./theme";
import "./frame.css";

const buttons = () => import("./frame-buttons");
const RailSwitch = lazy(async () => ({ default: (await buttons()).RailSwitch }));
const ThemeSwitch = lazy(async () => ({ default: (await buttons()).ThemeSwitch }));
const Hosts = lazy(async () => ({ default: (await import("./hosts")).Hosts }));

/** What stands around every page: the rail on the left, the page beside it, toasts, menus and questions above both. */
export function Frame(props: ParentProps) {
  keepTheme();
  const [about] = createResource(() => api.workspace.about.query());
  const location = useLocation();
  const [isOpen, setOpen] = createSignal(false);
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(false),
    ),
  );
  return (
    <div class="frame">
      <a href="#page" class="skip-link button" on:click={skipToPage}>
        Skip to the page
      </a>
      <div class="rail-top">
        <Suspense>
          <RailSwitch isOpen={isOpen()} toggle={() => setOpen(!isOpen())} />
        </Suspense>
        <A href="/" class="brand" end>
          <Mark /> Sheaf
        </A>
      </div>
      <nav
        id="rail"
        class="rail"
        classList={{ open: isOpen() }}
        aria-label="Workspace"
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
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
        <A href="/costs" class="rail-link">
          <span>Cost</span>
        </A>
        <A href="/published" class="rail-link">
          <span>Published</span>
        </A>
        <A href="/models" class="rail-link">
          <span>Models</span>
        </A>
        <h2>Open a notebook</h2>
        <For each={notebookList.known()}>
          {({ path, title }) => (
            <A href={notebookAddress(path)} class="rail-link" title={path}>
              <span>{title}</span>
            </A>
          )}
        </For>
        <div id="rail-outline" />
        <div class="rail-foot">
          <Workspace about={about.state === "ready" ? about.latest : undefined} />
          <span class="spring" />
          <Suspense>
            <ThemeSwitch />
          </Suspense>
        </div>
      </nav>
      <div id="page" class="frame-main">
        {props.children}
      </div>
      <Suspense>
        <Hosts />
      </Suspense>
    </div>
  );
}

/** Puts the focus past the rail: the next key is at the first thing of what the page is about. */
function skipToPage(event: MouseEvent): void {
  event.preventDefault();
  const main = document.querySelector<HTMLElement>("main") ?? document.querySelector<HTMLElement>(".frame-main")!;
  main.tabIndex = -1;
  main.focus();
}

/** The workspace's name, or that the server is not heard. */
function Workspace(props: { readonly about: { readonly folder: string; readonly name: string } | undefined }) {
  return (
    <span class="rail-workspace" classList={{ lost: !isConnected() }} role="status" title={props.about?.folder}>
      {isConnected() ? (props.about?.name ?? "") : "Not connected: trying again …"}
    </span>
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
