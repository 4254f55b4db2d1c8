import type { NotebookContextValue } from "~/notebook/notebook-context";

/** Goes to what a name is: the cell that computes it, or the input's field. False where it is neither. */
export function goToName(
  name: string,
  { store, select, page }: Pick<NotebookContextValue, "store" | "select" | "page">,
): boolean {
  const [path] = store.view.nodes[name]?.cells ?? (store.view.cells[name] === undefined ? [] : [name]);
  if (path !== undefined) {
    select({ cell: path, address: null, mode: "command" });
    page.reveal(path);
    page.flash(path);
    document.querySelector(`[data-block="${CSS.escape(path)}"]`)?.scrollIntoView({ block: "nearest" });
    return true;
  }
  const field = document.querySelector<HTMLElement>(`[data-input="${CSS.escape(name)}"] :is(textarea, input, select)`);
  field?.scrollIntoView({ block: "nearest" });
  field?.focus();
  return field !== null;
}
