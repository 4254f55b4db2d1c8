import { Show, type JSX, type ParentProps } from "solid-js";
import { usePageTitle } from "./page-title";
import "./page.css";

/** A page beside the rail: its title, what can be done, and what it is about. */
export function Page(
  props: ParentProps<{
    readonly title: string;
    readonly about?: JSX.Element;
    readonly actions?: JSX.Element;
    readonly ref?: (element: HTMLElement) => void;
  }>,
) {
  usePageTitle(() => props.title);
  return (
    <main class="page" aria-label={props.title} ref={(element) => props.ref?.(element)}>
      <div class="page-body">
        <header class="page-head">
          <h1>{props.title}</h1>
          <div class="page-actions">{props.actions}</div>
        </header>
        <Show when={props.about}>
          <p class="page-about">{props.about}</p>
        </Show>
        {props.children}
      </div>
    </main>
  );
}

/** A part of a page under a heading of its own. */
export function Section(props: ParentProps<{ readonly title: string; readonly note?: JSX.Element }>) {
  return (
    <section class="page-section" aria-label={props.title}>
      <h2>
        {props.title} <Show when={props.note}>{(note) => <span class="page-note">{note()}</span>}</Show>
      </h2>
      {props.children}
    </section>
  );
}
