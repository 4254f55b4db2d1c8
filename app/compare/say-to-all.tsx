import { createMemo, createSignal, Show } from "solid-js";
import Send from "lucide-solid/icons/send";
import Square from "lucide-solid/icons/square";
import type { CellError } from "#server/notebook/value.ts";
import type { ConversationsEstimate } from "#server/workbench/estimate-conversations.ts";
import type { NodeView } from "#server/workbench/view.ts";
import { problemOf } from "~/api";
import { keyText } from "~/actions/press";
import { estimateWords } from "~/money/estimate-words";
import { useNotebook } from "~/notebook/notebook-context";
import type { VariantGroup } from "~/results/repeats";
import { isMac } from "~/ui/platform";
import { ProblemBox } from "~/ui/problem-box";
import type { Conversations, Said } from "./conversations";
import { createSayEstimate } from "./say-estimate";
import type { WholeAnswers } from "./whole-answers";

/** Says the same to every variant that has answered: each goes on from its own answer. */
export function SayToAll(props: {
  readonly node: NodeView;
  readonly groups: readonly VariantGroup[];
  readonly conversations: Conversations;
  readonly answers: WholeAnswers;
}) {
  const { store } = useNotebook();
  const [text, setText] = createSignal("");
  const answered = createMemo((): readonly Omit<Said, "answer">[] =>
    props.groups.flatMap(({ addresses: [address] }) => {
      const result = store.view.results[address!];
      if (result?.value == null || store.view.streams[address!] !== undefined) return [];
      return [{ address: address!, cell: props.node.id, at: result.at }];
    }),
  );
  /** The same with their answers, of which a page may have the beginning alone. */
  const wholly = (): Promise<readonly Said[]> =>
    Promise.all(answered().map(async (place) => ({ ...place, answer: await props.answers.whole(place.address) })));
  const said = () => text().trim();
  const estimate = createSayEstimate(said, answered, async () => props.conversations.estimate(said(), await wholly()));
  /** What is asked about before it is sent: a text, and what it may cost. */
  const [asked, setAsked] = createSignal<{ readonly text: string; readonly estimate: ConversationsEstimate } | null>(
    null,
  );
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const asking = () => (asked()?.text === said() ? asked() : null);
  let field!: HTMLTextAreaElement;
  const isOpen = () => Object.values(props.conversations.talks).some((talk) => talk.isOpen);
  const isReady = () => said() !== "" && answered().length > 0 && !isOpen();
  const say = (now: string, to: readonly Said[]): void => {
    if (said() !== now || !isReady()) return;
    props.conversations.say(now, to);
    setText("");
    setAsked(null);
    field.focus();
  };
  /** Says what was asked about. */
  async function sayAsked(): Promise<void> {
    const now = said();
    try {
      say(now, await wholly());
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  /** What may cost more than a run may without asking is asked about: by this very text, also where it was just typed. */
  async function send(): Promise<void> {
    if (!isReady() || asking() !== null) return;
    const now = said();
    try {
      const to = await wholly();
      const found = await props.conversations.estimate(now, to);
      setProblem(null);
      if (!found.isRisky) say(now, to);
      else if (said() === now && isReady()) setAsked({ text: now, estimate: found });
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  const leave = (): void => {
    setAsked(null);
    field.focus();
  };
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (asking() === null) return;
        if (event.key === "Escape") leave();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void sayAsked();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <textarea
        ref={field}
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
          if (event.key !== "Escape" || asking() === null) event.stopPropagation();
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
      <Show
        when={isOpen()}
        fallback={
          <Show
            when={asking()}
            fallback={
              <>
                <Show when={estimate()}>
                  {(now) => (
                    <span class="say-cost" data-tip={estimateWords(now()).sentence}>
                      {estimateWords(now()).cost || estimateWords(now()).cached}
                    </span>
                  )}
                </Show>
                <button type="submit" class="button primary" disabled={said() === "" || answered().length === 0}>
                  <Send /> {answered().length > 1 ? `Say to all ${answered().length}` : "Say"}
                </button>
              </>
            }
          >
            {(now) => (
              <div
                class="say-asked"
                role="group"
                aria-label="What it may cost"
                tabIndex={-1}
                ref={(group) => queueMicrotask(() => group.focus())}
              >
                <p role="alert">{estimateWords(now().estimate).sentence} Say it?</p>
                <button type="button" class="button" onClick={() => leave()}>
                  Do not <kbd>Esc</kbd>
                </button>
                <button type="button" class="button primary" onClick={() => void sayAsked()}>
                  <Send /> Say it <kbd>{keyText("Mod+Enter", isMac)}</kbd>
                </button>
              </div>
            )}
          </Show>
        }
      >
        <button type="button" class="button" onClick={() => props.conversations.stop()}>
          <Square /> Stop
        </button>
      </Show>
    </form>
  );
}
