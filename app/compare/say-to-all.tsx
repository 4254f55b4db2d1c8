import { createMemo, createSignal, Show } from "solid-js";
import Send from "lucide-solid/icons/send";
import Square from "lucide-solid/icons/square";
import { parseAddress } from "#server/notebook/address.ts";
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
import { sameJson } from "~/ui/same-json";
import type { Answered, Conversations, Next } from "./conversations";
import { createSayEstimate } from "./say-estimate";
import type { WholeAnswers } from "./whole-answers";

/** What is asked about before it is sent: a text, the conversations it goes to, and what that may cost. */
interface Asked {
  readonly text: string;
  readonly to: readonly Next[];
  readonly estimate: ConversationsEstimate;
  /** Whether other answers were asked about before. */
  readonly isAgain: boolean;
}

/** Says the same to every variant that has answered: each goes on from its own answer. */
export function SayToAll(props: {
  readonly node: NodeView;
  readonly groups: readonly VariantGroup[];
  readonly conversations: Conversations;
  readonly answers: WholeAnswers;
}) {
  const { store } = useNotebook();
  const [text, setText] = createSignal("");
  const answered = createMemo((): readonly Omit<Answered, "answer">[] =>
    props.groups.flatMap(({ addresses: [address] }) => {
      const result = store.view.results[address!];
      const isWhole = result?.outcome !== "partial" && store.view.streams[address!] === undefined;
      if (result?.value == null || !isWhole) return [];
      return [{ address: address!, cell: props.node.id, at: parseAddress(address!).at }];
    }),
  );
  /** The same with their answers, of which a page may have the beginning alone. */
  const wholly = (): Promise<readonly Answered[]> =>
    Promise.all(answered().map(async (place) => ({ ...place, answer: await props.answers.whole(place.address) })));
  const said = () => text().trim();
  const next = async (): Promise<readonly Next[]> => props.conversations.next(said(), await wholly());
  const estimate = createSayEstimate(said, answered, async () => props.conversations.estimate(await next()));
  const [asked, setAsked] = createSignal<Asked | null>(null);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const asking = () => (asked()?.text === said() ? asked() : null);
  let field!: HTMLTextAreaElement;
  const isOpen = () => Object.values(props.conversations.talks).some((talk) => talk.isOpen);
  const isReady = () => said() !== "" && answered().length > 0 && !isOpen();
  const say = (to: readonly Next[]): void => {
    props.conversations.say(to);
    setText("");
    setAsked(null);
    field.focus();
  };
  /** What may cost more than a run may without asking is asked about: by this very text and for these very answers, also where they just came. */
  async function estimateAndSay(): Promise<void> {
    if (!isReady()) return;
    const [text, before] = [said(), asking()];
    try {
      const to = await next();
      const estimate = await props.conversations.estimate(to);
      const isStill = sameJson(to, await next());
      setProblem(null);
      if (said() !== text || asking() !== before || !isReady()) return;
      if (!isStill) await estimateAndSay();
      else if (estimate.isRisky) setAsked({ text, to, estimate, isAgain: before !== null });
      else say(to);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  const send = (): void => {
    if (asking() === null) void estimateAndSay();
  };
  /** Says what was agreed to. Where it would go to other answers by now, that is estimated first. */
  async function agree(): Promise<void> {
    const agreed = asking();
    if (agreed === null || !isReady()) return;
    try {
      const to = await next();
      if (asking() !== agreed || !isReady()) return;
      if (sameJson(to, agreed.to)) say(to);
      else await estimateAndSay();
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
        send();
      }}
      onKeyDown={(event) => {
        if (asking() === null) return;
        if (event.key === "Escape") leave();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void agree();
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
          send();
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
                <p role="alert">
                  {answered().length === 0
                    ? "There is no answer now to say it to."
                    : `${now().isAgain ? "The answers are others by now: " : ""}${estimateWords(now().estimate).sentence} Say it?`}
                </p>
                <button type="button" class="button" onClick={() => leave()}>
                  Do not <kbd>Esc</kbd>
                </button>
                <button type="button" class="button primary" onClick={() => void agree()}>
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
