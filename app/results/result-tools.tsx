import { createSignal, Show } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import Maximize from "lucide-solid/icons/maximize-2";
import RotateCw from "lucide-solid/icons/rotate-cw";
import type { Value } from "#server/notebook/value.ts";
import type { CellView, NodeView, ResultView } from "#server/workbench/view.ts";
import { problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { openMenu } from "~/ui/menu";
import { MenuButton } from "~/ui/menu-button";
import { toasts } from "~/ui/toasts";
import { copyText } from "~/values/copy-text";
import { openReader } from "~/values/reader-state";
import { valueText } from "~/values/value-summary";
import { chooseOperations } from "./choose-operations";
import { CommentDialog, EditDialog } from "./result-dialogs";
import { asksModels, resultMenu, type ResultChoice } from "./result-menu";
import { variantLabel } from "./variant-label";
import { wholeValue } from "./whole-value";
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
  /** What is asked about an answer: a comment, or where it is edited by hand its value. */
  const [dialog, setDialog] = createSignal<{ readonly of: string; readonly edited?: Value | null } | null>(null);
  const address = () => props.result.address;
  const value = () => props.result.value;
  const note = (type: string): void => void actions.note({ address: address(), type });
  /** Does something with all of the answer; why it cannot be had is told. */
  const withWhole = (use: (value: Value | null) => unknown): void =>
    void wholeValue(store.path, props.result).then(use, (thrown: unknown) => toasts.problem(problemOf(thrown)));

  const more = async (at: Element): Promise<void> => {
    const entries = resultMenu(props.result, props.chosen);
    const chosen = await openMenu({ title: "This answer", at, entries });
    if (chosen !== null) choose(chosen as ResultChoice);
  };
  const choose = (choice: ResultChoice): void => {
    const of = address();
    switch (choice) {
      case "choose":
        return void actions.edit(chooseOperations(props.result.at));
      case "lock":
        return note("locked");
      case "unlock":
        return note("unlocked");
      case "restore":
        return note("restored");
      case "edit":
        return withWhole((value) => setDialog({ of, edited: value }));
      case "comment":
        setDialog({ of });
    }
  };

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
                data-tip="Copy"
                onClick={() => withWhole((whole) => whole !== null && copyText(valueText(whole)))}
              >
                <Copy />
              </button>
            </Show>
            <Show when={isReadable(now().type)}>
              <button
                type="button"
                class="icon-button"
                aria-label="Read in full size"
                data-tip="Read in full size"
                onClick={read}
              >
                <Maximize />
              </button>
            </Show>
          </>
        )}
      </Show>
      <Show when={asksModels(props.node)}>
        <button
          type="button"
          class="icon-button"
          aria-label="Run again"
          data-tip="Run again: another answer, and this one is kept"
          disabled={props.node?.progress != null}
          onClick={() => void actions.runAgain(address())}
        >
          <RotateCw />
        </button>
      </Show>
      <MenuButton label="More for this answer" tip="More" open={(at) => void more(at)} />
      <Show when={dialog()}>
        {(open) => (
          <Show
            when={open().edited !== undefined}
            fallback={
              <CommentDialog
                close={() => setDialog(null)}
                keep={(text) => actions.note({ address: open().of, type: "comment", text })}
              />
            }
          >
            <EditDialog
              close={() => setDialog(null)}
              value={open().edited!}
              keep={(value) => actions.note({ address: open().of, type: "edited", value })}
            />
          </Show>
        )}
      </Show>
    </span>
  );
}

function isReadable(type: string): boolean {
  return type === "string" || type === "json" || type === "messages";
}
