import { useNotebook } from "~/notebook/notebook-context";
import { ScreenTopBar } from "~/notebook/screen-top-bar";

/** What stands over a comparison: where one is, what asking all variants costs, and the way back. */
export function CompareTopBar(props: { readonly node: string }) {
  const { store } = useNotebook();
  const nodes = () => [props.node].flatMap((id) => store.view.nodes[id] ?? []);
  return (
    <ScreenTopBar
      place={`compare ${props.node}`}
      nodes={nodes()}
      run={{
        word: "Ask all",
        tip: "Asks every variant that has no current answer",
        title: `comparing ${props.node}`,
        isPrimary: true,
        keys: "Mod+Enter",
      }}
    />
  );
}
