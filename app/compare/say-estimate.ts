import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";
import type { ConversationsEstimate } from "#server/workbench/estimate-conversations.ts";
import type { Conversations, Said } from "./conversations";

/** Milliseconds after the last change before the server is asked. */
const settle = 400;

/** What saying a text to answers would cost, once it is not typed any more; the estimate before stays until then, and null stands for none. */
export function createSayEstimate(
  conversations: Conversations,
  text: Accessor<string>,
  to: Accessor<readonly Said[]>,
): Accessor<ConversationsEstimate | null> {
  const [estimate, setEstimate] = createSignal<ConversationsEstimate | null>(null);
  createEffect(
    on([text, () => JSON.stringify(to())], ([said]) => {
      if (said === "" || to().length === 0) return void setEstimate(null);
      let isWanted = true;
      const timer = setTimeout(() => {
        conversations.estimate(said, to()).then(
          (found) => isWanted && setEstimate(found),
          // What cannot be said now says why when it is sent.
          () => isWanted && setEstimate(null),
        );
      }, settle);
      onCleanup(() => {
        isWanted = false;
        clearTimeout(timer);
      });
    }),
  );
  return estimate;
}
