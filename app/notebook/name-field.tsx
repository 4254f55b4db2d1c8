import { createSignal, Show } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";

/** The field in which a cell's name is edited: Enter keeps it, Escape does not. What is wrong with a name is said beside it. */
export function NameField(props: { readonly cell: CellView }) {
  const { actions, page } = useNotebook();
  const { actionContext } = useHands();
  const [problem, setProblem] = createSignal<string | null>(null);
  let left = false;
  let field: HTMLInputElement | undefined;

  async function keep(to: string): Promise<void> {
    if (left) return;
    left = true;
    const { name, path, container, label } = props.cell;
    const named = container === null ? to : `${container}.${to}`;
    const found =
      to === name
        ? null
        : await actions.tryEdit([{ type: "rename", cell: path.replace(/\.[^.]*$/, label === null ? "$&" : ""), to }]);
    if (found !== null) {
      left = false;
      return void setProblem(`${found.message}. ${found.cure ?? ""}`);
    }
    // Who went on to another name, or elsewhere, while it was on its way stays there.
    if (page.renaming() !== path) return;
    page.setRenaming(null);
    if (document.activeElement === document.body || document.activeElement === field)
      actionContext().page.show(label === null ? named : `${named}.${label}`);
  }
  function leave(): void {
    left = true;
    page.setRenaming(null);
    actionContext().page.show(props.cell.path);
  }
  return (
    <span class="cell-name-field">
      <input
        class="field mono"
        data-own-keys
        aria-label={`Name of ${props.cell.path}`}
        aria-invalid={problem() !== null}
        autocomplete="off"
        spellcheck={false}
        value={props.cell.name}
        ref={(element) => {
          field = element;
          queueMicrotask(() => {
            element.focus();
            element.select();
          });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") void keep(event.currentTarget.value.trim());
          else if (event.key === "Escape") leave();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={(event) => void keep(event.currentTarget.value.trim())}
      />
      <Show when={problem()}>
        {(text) => (
          <span class="field-problem" role="alert">
            {text()}
          </span>
        )}
      </Show>
    </span>
  );
}
