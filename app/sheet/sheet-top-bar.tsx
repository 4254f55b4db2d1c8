import { createMemo } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import { ScreenTopBar } from "~/notebook/screen-top-bar";
import { countText } from "~/ui/words";
import { isDue } from "./due-results";

/** What stands over a sheet that has the whole page: where one is, what it costs, its runs, and the way back. */
export function SheetTopBar(props: { readonly sheet: string }) {
  const { store } = useNotebook();
  const sheet = () => store.view.sheets[props.sheet];
  /** What is computed: labels are entered. */
  const nodes = () =>
    (sheet()?.columns ?? []).flatMap((id) => store.view.nodes[id] ?? []).filter(({ kind }) => kind !== "label");
  const hasDue = createMemo(() => nodes().some(({ name }) => (sheet()?.counts[name] ?? []).some(isDue)));
  const rows = () => {
    const now = sheet();
    if (now?.rowCount == null) return "";
    return `${countText(now.rowCount, "row")} of ${now.rows ?? "nothing"}`;
  };
  return (
    <ScreenTopBar
      place={props.sheet}
      note={rows()}
      nodes={nodes()}
      run={{
        word: "Run stale",
        tip: "Runs all of the sheet that is stale or never ran",
        title: `${props.sheet}: all that is stale`,
        isPrimary: hasDue(),
      }}
    />
  );
}
