import { createSignal } from "solid-js";
import type { NotebookFileView } from "#server/workbench/notebook-folder.ts";
import { api } from "~/api";
import { moveSettings } from "~/sheet/rename-settings";
import { AskDialog } from "~/ui/ask-dialog";
import { toasts } from "~/ui/toasts";

/** Asks for a new notebook's title. */
export function NewNotebookDialog(props: { close(): void; made(path: string): void }) {
  const [title, setTitle] = createSignal("");
  return (
    <AskDialog
      title="New notebook"
      act="Create"
      disabled={title().trim() === ""}
      close={props.close}
      run={async () => props.made(await api.notebooks.create.mutate({ title: title().trim() }))}
    >
      <label>
        Title
        <input class="field" maxLength={200} autofocus onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
    </AskDialog>
  );
}

/** Asks for another title or file name of a notebook. */
export function RenameNotebookDialog(props: { readonly notebook: NotebookFileView; close(): void; done(): void }) {
  const { path, title } = props.notebook;
  const [newTitle, setTitle] = createSignal(title);
  const [newPath, setPath] = createSignal(path);
  return (
    <AskDialog
      title={`Rename ${title}`}
      act="Rename"
      disabled={newTitle().trim() === "" || newPath().trim() === ""}
      close={props.close}
      run={async () => {
        if (newTitle().trim() !== title)
          await api.notebook.edit.mutate({
            path,
            operations: [{ type: "set-front-matter", path: ["title"], value: newTitle().trim() }],
          });
        if (newPath().trim() !== path)
          moveSettings(localStorage, path, await api.notebooks.rename.mutate({ path, to: newPath().trim() }));
        props.done();
      }}
    >
      <label>
        Title
        <input
          class="field"
          maxLength={200}
          autofocus
          value={newTitle()}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <label>
        File
        <input
          class="field mono"
          spellcheck={false}
          value={newPath()}
          onInput={(event) => setPath(event.currentTarget.value)}
        />
      </label>
    </AskDialog>
  );
}

/** Asks before a notebook is taken away. */
export function RemoveNotebookDialog(props: { readonly notebook: NotebookFileView; close(): void; done(): void }) {
  return (
    <AskDialog
      title={`Remove ${props.notebook.title}?`}
      act="Remove"
      close={props.close}
      run={async () => {
        await api.notebooks.remove.mutate({ path: props.notebook.path });
        props.done();
        toasts.say(`${props.notebook.title} is in .sheaf/removed.`);
      }}
    >
      <p>
        <code class="mono">{props.notebook.path}</code> goes to the workspace's folder{" "}
        <code class="mono">.sheaf/removed</code> with its notes. What runs in it is stopped. Its runs stay, and so do
        the answers that were paid for.
      </p>
    </AskDialog>
  );
}
