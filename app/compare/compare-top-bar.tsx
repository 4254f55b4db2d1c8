import { useNotebook } from "~/notebook/notebook-context";
import { ScreenTopBar } from "~/notebook/screen-top-bar";

/** What stands over a comparison: where one is, what asking all variants costs, and the way back. */
export function CompareTopBar(props: { readonly node: string }) {
  const { store, page } = useNotebook();
  const nodes = () => [props.node].flatMap((id) => store.view.nodes[id] ?? []);
  const isInRow = () => page.comparedRow() !== null;
  return (
    <ScreenTopBar
      place={`compare ${props.node}`}
      nodes={nodes()}
      run={{
        word: "Ask all",
        tip: `Asks every variant that has no current answer${isInRow() ? " in this row" : ""}`,
        title: `comparing ${props.node}${isInRow() ? " in a row" : ""}`,
        isPrimary: true,
        keys: "Mod+Enter",
      }}
    />
  );
}
