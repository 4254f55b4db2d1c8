import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { notebookPath } from "~/notebook/notebook-address";
import { NotebookPage } from "~/notebook/notebook-page";

/** The page of one notebook. */
export default function NotebookRoute() {
  const params = useParams<{ path: string }>();
  return (
    <Show when={params.path} keyed>
      {(path) => <NotebookPage path={notebookPath(path)} />}
    </Show>
  );
}
