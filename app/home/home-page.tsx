import { A, useNavigate } from "@solidjs/router";
import { createEffect, createResource, createSignal, For, Match, onMount, Show, Switch } from "solid-js";
import FileUp from "lucide-solid/icons/file-up";
import Plus from "lucide-solid/icons/plus";
import type { NotebookFileView } from "#server/workbench/notebook-folder.ts";
import { api, problemOf } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { ChooseFiles } from "~/ui/choose-files";
import { acceptDrop } from "~/ui/file-drop";
import { Loaded } from "~/ui/loaded";
import { Page } from "~/ui/page";
import { toasts } from "~/ui/toasts";
import { ExampleGallery } from "./example-gallery";
import { importedText, titleOfFile } from "./imported-text";
import { NewNotebookDialog, RemoveNotebookDialog, RenameNotebookDialog } from "./notebook-dialogs";
import { notebookList } from "./notebook-list";
import { NotebookRow } from "./notebook-row";

type Asked = { readonly type: "new" } | { readonly type: "rename" | "remove"; readonly notebook: NotebookFileView };

/** The workspace's notebooks, and examples to begin with. */
export function HomePage() {
  const navigate = useNavigate();
  const { notebooks, known, refetch } = notebookList;
  const [examples] = createResource(() => api.notebooks.examples.query());
  const [asked, setAsked] = createSignal<Asked | null>(null);
  const go = (path: string): void => navigate(notebookAddress(path));

  // Whoever opens Sheaf for the first time sees a notebook, not a list of one.
  const isFirstVisit = localStorage.getItem("visited") === null;
  onMount(() => localStorage.setItem("visited", "yes"));
  createEffect(() => {
    const list = notebooks.state === "ready" ? notebooks.latest : undefined;
    if (isFirstVisit && list?.length === 1) navigate(notebookAddress(list[0]!.path), { replace: true });
  });

  const told = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    }
  };

  const take = (files: readonly File[]): Promise<void> =>
    told(async () => {
      const made: string[] = [];
      for (const file of files) {
        const title = titleOfFile(file.name);
        if (!/\.(?:md|markdown)$/i.test(file.name))
          toasts.problem({
            code: "page.no-markdown",
            message: `${file.name} is no Markdown file`,
            cure: "Notebooks are files `.md`. Data goes to Datasets.",
          });
        else made.push(await api.notebooks.create.mutate({ title, text: importedText(await file.text(), title) }));
      }
      refetch();
      if (made.length === 1) go(made[0]!);
      else if (made.length > 1) toasts.say(`${made.length} notebooks imported.`);
    });

  const duplicate = ({ path, title }: NotebookFileView): Promise<void> =>
    told(async () => {
      const text = await api.notebook.text.query({ path });
      const copy = `${title} copy`;
      const to = await api.notebooks.create.mutate({ title: copy, text });
      await api.notebook.edit.mutate({
        path: to,
        operations: [{ type: "set-front-matter", path: ["title"], value: copy }],
      });
      refetch();
      toasts.say(`Duplicated as ${copy}.`);
    });

  return (
    <Page
      title="Notebooks"
      ref={(element) =>
        acceptDrop(element, "Drop Markdown files to import them as notebooks", (files) => void take(files))
      }
      actions={
        <>
          <ChooseFiles accept=".md,.markdown,text/markdown" multiple chosen={(files) => void take(files)}>
            <FileUp /> Import …
          </ChooseFiles>
          <button type="button" class="button primary" onClick={() => setAsked({ type: "new" })}>
            <Plus /> New notebook
          </button>
        </>
      }
    >
      <Loaded from={notebooks} what="the list of notebooks" again={refetch}>
        {(list) => (
          <Show when={list().length > 0} fallback={<NoNotebooks />}>
            <ul class="list" aria-label="Notebooks">
              <For each={list()}>
                {(notebook) => (
                  <NotebookRow
                    notebook={notebook}
                    rename={() => setAsked({ type: "rename", notebook })}
                    remove={() => setAsked({ type: "remove", notebook })}
                    duplicate={() => void duplicate(notebook)}
                  />
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <ExampleGallery examples={examples} taken={known() ?? []} go={go} />
      <Switch>
        <Match when={asked()?.type === "new"}>
          <NewNotebookDialog close={() => setAsked(null)} made={go} />
        </Match>
        <Match when={asked()?.type === "rename" && (asked() as Asked & { type: "rename" })}>
          {(ask) => <RenameNotebookDialog notebook={ask().notebook} close={() => setAsked(null)} done={refetch} />}
        </Match>
        <Match when={asked()?.type === "remove" && (asked() as Asked & { type: "remove" })}>
          {(ask) => <RemoveNotebookDialog notebook={ask().notebook} close={() => setAsked(null)} done={refetch} />}
        </Match>
      </Switch>
    </Page>
  );
}

function NoNotebooks() {
  return (
    <div class="empty">
      <h2>No notebooks yet</h2>
      <p>
        A notebook is a Markdown file with prompts, data and code in it. Begin a new one, take an example below, or drop
        a file here. <A href="/datasets">Datasets</A> are what its cells read.
      </p>
    </div>
  );
}
