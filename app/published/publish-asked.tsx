import { lazy, onCleanup, Show, Suspense } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import { askToPublish, isAskedToPublish } from "./asked-to-publish";

const PublishDialog = lazy(async () => ({ default: (await import("./publish-dialog")).PublishDialog }));

/** Asks what to publish of the open notebook, when somebody wants to. */
export function PublishAsked() {
  const { store } = useNotebook();
  onCleanup(() => askToPublish(false));
  return (
    <Show when={isAskedToPublish()}>
      <Suspense>
        <PublishDialog path={store.view.head.head.path} close={() => askToPublish(false)} />
      </Suspense>
    </Show>
  );
}
