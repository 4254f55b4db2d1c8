import { A } from "@solidjs/router";
import { Show } from "solid-js";
import type { NotebookFileView } from "#server/workbench/notebook-folder.ts";
import { notebookAddress } from "~/notebook/notebook-address";
import { RowMenu } from "~/ui/row-menu";
import { agoText, momentText } from "~/ui/words";

export interface NotebookRowProps {
  readonly notebook: NotebookFileView;
  rename(): void;
  duplicate(): void;
  remove(): void;
}

/** One notebook of the list. Arrows go from row to row, F2 renames, Delete removes. */
export function NotebookRow(props: NotebookRowProps) {
  const press = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    if (!(event.target instanceof HTMLAnchorElement)) return;
    const near = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
    if (event.key === "F2") props.rename();
    else if (event.key === "Delete") props.remove();
    else if (event.key in near) event.currentTarget[near[event.key as keyof typeof near]]?.querySelector("a")?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <li class="list-row" onKeyDown={press}>
      <A href={notebookAddress(props.notebook.path)}>{props.notebook.title}</A>
      <Show when={props.notebook.problem} fallback={<span class="list-fact list-path">{props.notebook.path}</span>}>
        {(problem) => (
          <span class="list-fact list-path bad" title={`${props.notebook.path}: ${problem()}`}>
            no notebook: {problem()}
          </span>
        )}
      </Show>
      <span class="list-fact list-when" title={momentText(props.notebook.modifiedAt)}>
        {agoText(props.notebook.modifiedAt, Date.now())}
      </span>
      <span class="list-tools">
        <RowMenu
          label={`More for ${props.notebook.title}`}
          actions={[
            { label: "Rename …", keys: "F2", run: () => props.rename() },
            { label: "Duplicate", run: () => props.duplicate() },
            { label: "Remove …", keys: "Del", run: () => props.remove() },
          ]}
        />
      </span>
    </li>
  );
}
