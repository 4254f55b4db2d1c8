import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { createSignal, Show } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import Ellipsis from "lucide-solid/icons/ellipsis";
import Maximize from "lucide-solid/icons/maximize-2";
import RotateCw from "lucide-solid/icons/rotate-cw";
import type { CellView, NodeView, ResultView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { copyText } from "~/values/copy-text";
import { openReader } from "~/values/reader-state";
import { valueText } from "~/values/value-summary";
import { chooseOperations } from "./choose-operations";
import { CommentDialog, EditDialog } from "./result-dialogs";
import { variantLabel } from "./variant-label";
import "~/ui/popup.css";
import "./result-tools.css";

export interface ResultToolsProps {
  readonly result: ResultView;
  readonly cell: CellView;
  readonly node: NodeView | undefined;
  readonly chosen: boolean;
  readonly all: readonly string[];
}

/** What can be done with one answer. */
export function ResultTools(props: ResultToolsProps) {
  const { store, actions } = useNotebook();
  const [dialog, setDialog] = createSignal<"comment" | "edit" | null>(null);
  const address = () => props.result.address;
  const calls = () => props.node?.effect === "model" || props.node?.effect === "paid";
  const value = () => props.result.value;
  const axes = () => Object.keys(props.result.at).filter((axis) => axis !== "repeat");
  const isLocked = () => props.result.freshness.state === "locked";
  const isEdited = () => props.result.freshness.state === "edited";
  const note = (type: string, more: { readonly [field: string]: unknown } = {}): void =>
    void actions.note({ address: address(), type, ...more });

  const read = (): void => {
    const order = (props.node?.axes ?? []).map(({ name }) => name);
    const items = props.all.flatMap((each) => {
      const { at, value, full } = store.view.results[each] ?? {};
      return value == null || at === undefined
        ? []
        : [
            {
              label: [props.cell.name, variantLabel(at, order)].filter((part) => part !== "").join(" · "),
              address: each,
              value,
              full: full ?? null,
            },
          ];
    });
    openReader(
      items,
      Math.max(
        0,
        items.findIndex((item) => item.address === address()),
      ),
    );
  };

  return (
    <span class="result-tools" onClick={(event) => event.stopPropagation()}>
      <Show when={value()}>
        {(now) => (
          <>
            <Show when={now().type !== "table"}>
              <button
                type="button"
                class="icon-button"
                aria-label="Copy the answer"
                title="Copy"
                onClick={() => void copyText(valueText(now()))}
              >
                <Copy />
              </button>
            </Show>
            <Show when={isReadable(now().type)}>
              <button
                type="button"
                class="icon-button"
                aria-label="Read in full size"
                title="Read in full size"
                onClick={read}
              >
                <Maximize />
              </button>
            </Show>
          </>
        )}
      </Show>
      <Show when={calls()}>
        <button
          type="button"
          class="icon-button"
          aria-label="Run again"
          title="Run again: another answer, and this one is kept"
          disabled={props.node?.progress != null}
          onClick={() => void actions.runAgain(address())}
        >
          <RotateCw />
        </button>
      </Show>
      <DropdownMenu placement="bottom-end">
        <DropdownMenu.Trigger class="icon-button" aria-label="More for this answer" title="More">
          <Ellipsis />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content class="popup">
            <Show when={axes().length > 0}>
              <DropdownMenu.Item
                class="popup-item"
                disabled={props.chosen}
                onSelect={() => void actions.edit(chooseOperations(props.result.at))}
              >
                {props.chosen ? "Is the chosen variant" : "Choose this variant"}
              </DropdownMenu.Item>
            </Show>
            <DropdownMenu.Item
              class="popup-item"
              disabled={value() === null}
              onSelect={() => note(isLocked() ? "unlocked" : "locked")}
            >
              {isLocked() ? "Unlock" : "Lock this value"}
            </DropdownMenu.Item>
            <DropdownMenu.Item class="popup-item" disabled={isLocked()} onSelect={() => setDialog("edit")}>
              Edit by hand …
            </DropdownMenu.Item>
            <Show when={isEdited()}>
              <DropdownMenu.Item class="popup-item" onSelect={() => note("restored")}>
                Take the edit back
              </DropdownMenu.Item>
            </Show>
            <DropdownMenu.Item class="popup-item" onSelect={() => setDialog("comment")}>
              Comment …
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu>
      <Show when={dialog() === "comment"}>
        <CommentDialog close={() => setDialog(null)} keep={(text) => note("comment", { text })} />
      </Show>
      <Show when={dialog() === "edit"}>
        <EditDialog
          close={() => setDialog(null)}
          value={value()}
          keep={(edited) => note("edited", { value: edited })}
        />
      </Show>
    </span>
  );
}

function isReadable(type: string): boolean {
  return type === "string" || type === "json" || type === "messages";
}
