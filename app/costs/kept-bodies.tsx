import { createEffect, createResource, For, onCleanup, Show } from "solid-js";
import { api, problemOf } from "~/api";
import { ask } from "~/ui/dialogs";
import { Loaded } from "~/ui/loaded";
import { toasts } from "~/ui/toasts";
import { countText } from "~/ui/words";
import { keepingChoices, keepingWords } from "./keeping-words";

/** For how long the workspace keeps what was sent and answered, and how to change it. */
export function KeptBodies() {
  const [retention, { refetch }] = createResource(() => api.costs.retention.query());
  createEffect(() => {
    if (retention.state !== "ready" || !retention.latest.removing) return;
    const timer = setTimeout(() => void refetch(), 1_000);
    onCleanup(() => clearTimeout(timer));
  });

  const keep = async (days: number | null): Promise<void> => {
    try {
      const removed = days === null ? 0 : await api.costs.wouldRemove.query({ days });
      const yes =
        removed === 0 ||
        (await ask({
          title: `Keep what was sent and answered ${keepingWords(days)}?`,
          text: `Messages, answers and the provider's responses of ${countText(removed, "call")} are removed from the journal now, for good. Their results in notebooks stay, and so does what they cost; the same call again is sent again.`,
          yes: "Remove them",
          isDangerous: true,
        }));
      if (yes) await api.costs.keepFor.mutate({ days });
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    }
    await refetch();
  };

  return (
    <Loaded from={retention} what="what is kept" again={() => void refetch()}>
      {(now) => (
        <div class="kept">
          <label>
            What was sent and answered is kept{" "}
            <select
              class="field"
              value={String(now().days)}
              onChange={(event) => {
                const { value } = event.currentTarget;
                event.currentTarget.value = String(now().days);
                void keep(value === "null" ? null : Number(value));
              }}
            >
              <For each={keepingChoices(now().days)}>
                {(days) => (
                  <option value={String(days)} selected={days === now().days}>
                    {keepingWords(days)}
                  </option>
                )}
              </For>
            </select>
          </label>
          <p class="dim">
            <Show
              when={!now().removing}
              fallback={<span role="status">What is older is being removed from the journal …</span>}
            >
              Tokens, prices and times of calls are kept for ever, and so are results in notebooks. A call whose answer
              was removed is sent, and paid for, when it is made again.
            </Show>
          </p>
        </div>
      )}
    </Loaded>
  );
}
