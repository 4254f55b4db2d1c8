import { For, Show } from "solid-js";
import Undo from "lucide-solid/icons/undo-2";
import { ResultFacts } from "~/results/result-facts";
import type { ShownState } from "~/notebook/shown-state";
import { ProblemBox } from "~/ui/problem-box";
import { StateBadge } from "~/ui/state-badge";
import type { Conversations } from "./conversations";

const partial: ShownState = {
  icon: "partial",
  word: "partial",
  tooltip: "It was stopped: this is what had come, and no answer to go on from.",
  tone: "stale",
};

/** What was said after an answer, and what came of it. */
export function ConversationThread(props: {
  readonly address: string;
  /** The answer that is shown; empty where there is none, and null where nobody asked for all of it. */
  readonly answer: string | null;
  readonly conversations: Conversations;
}) {
  const talk = () => props.conversations.talks[props.address];
  return (
    <Show when={talk()}>
      {(now) => (
        <ol class="thread" aria-label="Conversation">
          <Show when={now().turns[0]!.answer !== props.answer}>
            <li class="thread-note">To an answer from before: what you say next begins anew.</li>
          </Show>
          <For each={now().turns}>
            {(turn, index) => (
              <>
                <li class="thread-said">
                  <span class="visually-hidden">You: </span>
                  <p>{turn.said}</p>
                  <Show when={index() === now().turns.length - 1}>
                    <button
                      type="button"
                      class="icon-button"
                      aria-label="Take this back"
                      data-tip="Take this back"
                      onClick={() => props.conversations.takeBack(props.address)}
                    >
                      <Undo />
                    </button>
                  </Show>
                </li>
                <li class="thread-answer" aria-busy={index() === now().turns.length - 1 && now().isOpen}>
                  <Show
                    when={index() === now().turns.length - 1}
                    fallback={<p class="value-text">{now().turns[index() + 1]!.answer}</p>}
                  >
                    <Show when={now().text !== "" || now().isOpen}>
                      <p class="value-text" classList={{ streaming: now().isOpen }}>
                        {now().text}
                      </p>
                    </Show>
                    <Show when={now().isStopped}>
                      <p class="value-aside">
                        <Show when={now().text !== ""} fallback="Stopped before anything came.">
                          <StateBadge state={partial} /> Stopped.
                        </Show>{" "}
                        What you say next takes the place of what you said.
                      </p>
                    </Show>
                    <Show when={now().problem}>{(problem) => <ProblemBox error={problem()} />}</Show>
                    <Show when={now().call}>
                      {(call) => <ResultFacts result={{ calls: [call()], notes: null }} kept />}
                    </Show>
                  </Show>
                </li>
              </>
            )}
          </For>
        </ol>
      )}
    </Show>
  );
}
