import { For } from "solid-js";

/** A message as it is meant to be read: what stands between backticks is code. */
export function CodeWords(props: { readonly text: string }) {
  const parts = (): readonly string[] => {
    const found = props.text.split("`");
    return found.length % 2 === 1 ? found : [props.text];
  };
  return <For each={parts()}>{(part, index) => (index() % 2 === 1 ? <code>{part}</code> : part)}</For>;
}
