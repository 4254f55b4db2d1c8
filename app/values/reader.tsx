import { lazy, Show, Suspense } from "solid-js";
import { whatIsRead } from "./reader-state";

const ReaderDialog = lazy(() => import("./reader-dialog").then(({ ReaderDialog }) => ({ default: ReaderDialog })));

/** Where the full-screen reader opens on a notebook's page. */
export function Reader() {
  return (
    <Show when={whatIsRead()} keyed>
      {(reading) => (
        <Suspense>
          <ReaderDialog reading={reading} />
        </Suspense>
      )}
    </Show>
  );
}
