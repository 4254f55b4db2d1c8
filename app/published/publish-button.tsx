import { createSignal, lazy, Show, Suspense } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";

const PublishDialog = lazy(async () => ({ default: (await import("./publish-dialog")).PublishDialog }));

/** The button that asks what to publish of the open notebook. */
export function PublishButton() {
  const { store } = useNotebook();
  const [isOpen, setOpen] = createSignal(false);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Publish
      </button>
      <Show when={isOpen()}>
        <Suspense>
          <PublishDialog path={store.view.head.head.path} close={() => setOpen(false)} />
        </Suspense>
      </Show>
    </>
  );
}
