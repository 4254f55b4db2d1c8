import { createSignal, Show } from "solid-js";
import Send from "lucide-solid/icons/send";
import Square from "lucide-solid/icons/square";
import type { NodeView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import type { VariantGroup } from "~/results/repeats";
import { valueText } from "~/values/value-summary";
import type { Conversations, Said } from "./conversations";

/** Says the same to every variant that has answered: each goes on from its own answer. */
export function SayToAll(props: {
  readonly node: NodeView;
  readonly groups: readonly VariantGroup[];
  readonly conversations: Conversations;
}) {
  const { store } = useNotebook();
  const [text, setText] = createSignal("");
  const answered = (): readonly Said[] =>
    props.groups.flatMap(({ addresses: [address] }) => {
      const result = store.view.results[address!];
      if (result?.value == null || store.view.streams[address!] !== undefined) return [];
      return [{ address: address!, cell: props.node.id, at: result.at, answer: valueText(result.value) }];
    });
  const isOpen = () => Object.values(props.conversations.talks).some((talk) => talk.isOpen);
  const send = (): void => {
    if (text().trim() === "" || answered().length === 0 || isOpen()) return;
    props.conversations.say(text().trim(), answered());
    setText("");
  };
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        class="field"
        rows={Math.min(6, text().split("\n").length)}
        aria-label="Go on with each of them"
        placeholder={
          answered().length === 0
            ? "Ask them first: then go on with each of them here"
            : "Go on with each of them: what do you say to their answers?"
        }
        disabled={answered().length === 0}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <Show
        when={isOpen()}
        fallback={
          <button type="submit" class="button primary" disabled={text().trim() === "" || answered().length === 0}>
            <Send /> {answered().length > 1 ? `Say to all ${answered().length}` : "Say"}
          </button>
        }
      >
        <button type="button" class="button" onClick={() => props.conversations.stop()}>
          <Square /> Stop
        </button>
      </Show>
    </form>
  );
}
