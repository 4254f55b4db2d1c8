import { useParams } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { currentPath } from "~/notebook/moved-notebooks";
import { notebookPath } from "~/notebook/notebook-address";
import { NotebookPage } from "~/notebook/notebook-page";

/** The page of one notebook. */
export default function NotebookRoute() {
  const params = useParams<{ path: string }>();
  /** A notebook whose file was renamed stays on the page as it is, under its new address. */
  const opened = createMemo<string | undefined>((before) => {
    if (params.path === undefined || params.path === "") return undefined;
    const asked = notebookPath(params.path);
    return before !== undefined && currentPath(before) === asked ? before : asked;
  });
  return (
    <Show when={opened()} keyed>
      {(path) => <NotebookPage path={path} />}
    </Show>
  );
}
