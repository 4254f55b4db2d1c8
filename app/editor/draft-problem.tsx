import { createMemo, lazy, Show, Suspense } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import type { CellPart } from "./cell-part";

const ConflictBar = lazy(async () => ({ default: (await import("./conflict-bar")).ConflictBar }));

/** What stands between a text here and the server; nothing where nothing does. */
export function DraftProblem(props: { readonly part: CellPart }) {
  const { drafts } = useNotebook();
  const draft = createMemo(() => drafts.of(props.part));
  return (
    <Show when={draft()?.theirs != null || draft()?.problem != null}>
      <Suspense>
        <ConflictBar path={props.part} draft={draft()!} />
      </Suspense>
    </Show>
  );
}
