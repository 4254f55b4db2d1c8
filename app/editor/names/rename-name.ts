import { showDialog, type Command, type EditorView } from "@codemirror/view";
import type { EditorHost } from "../editor-host";
import { thingAt } from "./go-to-name";
import type { NamedThing } from "./page-names";

/** Asks for another name of what the cursor is at, or of the cell itself, and renames it in the whole notebook. */
export function renameName(host: EditorHost): Command {
  return (view) => {
    const thing = thingAt(view, host, view.state.selection.main.head);
    void ask(view, host, thing);
    return true;
  };
}

async function ask(view: EditorView, host: EditorHost, thing: NamedThing | null): Promise<void> {
  const path =
    thing === null ? pathOf(host.cell()) : thing.type === "input" ? thing.name : pathOf(host.view().cells[thing.path]!);
  const name = path.replace(/^.*\./, "");
  const { result } = showDialog(view, {
    label: `Rename ${path} everywhere `,
    input: { type: "text", name: "name", value: name, "aria-label": `New name of ${path}`, spellcheck: "false" },
    submitLabel: "Rename",
    focus: true,
    top: true,
    class: "rename-dialog",
  });
  const form = await result;
  const to = form === null ? name : (form.elements.namedItem("name") as HTMLInputElement).value.trim();
  if (to === "" || to === name) return view.focus();
  if (await host.rename(path, to)) view.focus();
}

/** Wordings of a cell are renamed together. */
function pathOf({ path, label }: { readonly path: string; readonly label: string | null }): string {
  return label === null ? path : path.slice(0, -label.length - 1);
}
