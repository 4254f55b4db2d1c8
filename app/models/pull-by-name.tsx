import { createSignal, Show } from "solid-js";
import Download from "lucide-solid/icons/download";
import Square from "lucide-solid/icons/square";
import { MoneyField } from "~/money/money-field";
import { ProblemBox } from "~/ui/problem-box";
import { createModelPull } from "./create-model-pull";
import { PullProgress } from "./pull-progress";

/** Fetches a language model by its name at Hugging Face into the workspace's folder; `changed` is called when that has ended. */
export function PullByName(props: { changed(): void }) {
  const [name, setName] = createSignal("");
  const pull = createModelPull(() => {
    if (pull.problem() === null) setName("");
    props.changed();
  });
  const isReady = () => name().trim() !== "" && pull.step() === null;
  return (
    <form
      class="money-form"
      aria-label="Fetch a model by its name"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady()) pull.start(name().trim());
      }}
    >
      <MoneyField
        label="GGUF file at Hugging Face"
        kind="mono"
        size={44}
        placeholder="OWNER/REPOSITORY/FILE.gguf"
        spellcheck={false}
        disabled={pull.step() !== null}
        value={name()}
        set={setName}
      />
      <Show
        when={pull.step() === null}
        fallback={
          <button type="button" class="button" onClick={() => pull.stop()}>
            <Square /> Stop
          </button>
        }
      >
        <button type="submit" class="button" disabled={!isReady()}>
          <Download /> Fetch
        </button>
      </Show>
      <Show when={pull.step()}>{(step) => <PullProgress name={name()} step={step()} />}</Show>
      <Show when={pull.problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </form>
  );
}
