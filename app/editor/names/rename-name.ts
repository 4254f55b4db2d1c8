import type { EditorView } from "@codemirror/view";
import { nameProblem } from "#server/notebook/names.ts";
import type { EditorHost } from "../editor-host";
import { thingAt } from "./go-to-name";

/** Asks for another name of what the cursor is at, or of the cell itself, and renames it in the whole notebook. */
export async function renameName(view: EditorView, host: EditorHost): Promise<void> {
  const thing = thingAt(view, host, view.state.selection.main.head);
  const named = thing?.type === "cell" ? host.view().cells[thing.path] : host.cell();
  const path = thing?.type === "input" ? thing.name : pathOf(named ?? host.cell());
  const name = path.replace(/^.*\./, "");
  const to = (await host.askName(`Rename ${path}`, name, (text) => nameProblem(text, "a cell")))?.trim();
  if (to === undefined || to === "" || to === name) return;
  await host.rename(path, to);
}

/** Wordings of a cell are renamed together. */
function pathOf({ path, label }: { readonly path: string; readonly label: string | null }): string {
  return label === null ? path : path.slice(0, -label.length - 1);
}
