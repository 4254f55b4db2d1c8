import type { NotebookContextValue } from "~/notebook/notebook-context";

/** Goes to what a name is: the cell that computes it, or the input's field. False where it is neither. */
export function goToName(
  name: string,
  store: NotebookContextValue["store"],
  select: NotebookContextValue["select"],
): boolean {
  const [path] = store.view.nodes[name]?.cells ?? (store.view.cells[name] === undefined ? [] : [name]);
  if (path !== undefined) {
    select({ cell: path, address: null, mode: "command" });
    document.querySelector(`[data-block="${CSS.escape(path)}"]`)?.scrollIntoView({ block: "nearest" });
    return true;
  }
  const field = document.querySelector<HTMLElement>(`#input-${CSS.escape(name)}`);
  field?.scrollIntoView({ block: "nearest" });
  field?.focus();
  return field !== null;
}
