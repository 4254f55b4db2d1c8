import { createSignal, createUniqueId, For, Show } from "solid-js";
import type { Capabilities } from "#server/models/model.ts";
import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { ProblemBox } from "~/ui/problem-box";
import { factWords, saidWords } from "./capability-words";

/** What is known of a model and who says it; what is said here goes before that. */
export function ModelFacts(props: { readonly model: CatalogueModel; changed(): void }) {
  const id = createUniqueId();
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const own = (): Capabilities =>
    Object.fromEntries(
      Object.entries(props.model.capabilities).filter(
        ([fact]) => props.model.saidBy[fact as keyof Capabilities] === "workspace",
      ),
    );

  async function say(fact: keyof Capabilities, value: boolean | number | undefined): Promise<void> {
    const { [fact]: _, ...others } = own();
    try {
      const capabilities = value === undefined ? others : { ...others, [fact]: value };
      await api.models.say.mutate({ model: props.model.name, capabilities });
      setProblem(null);
      props.changed();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }

  return (
    <div class="model-facts" role="group" aria-label={`What ${props.model.name} can do`}>
      <For each={factWords}>
        {({ fact, label }) => (
          <>
            <label for={`${id}-${fact}`}>{label}</label>
            <select
              id={`${id}-${fact}`}
              class="field"
              value={shownValue(own()[fact])}
              onChange={({ currentTarget: { value } }) => void say(fact, value === "" ? undefined : value === "yes")}
            >
              <option value="">{othersSay(props.model, fact)}</option>
              <option value="yes">yes, I say</option>
              <option value="no">no, I say</option>
            </select>
            <span class="dim">{saidWords(props.model, fact)}</span>
          </>
        )}
      </For>
      <label for={`${id}-context`}>Context, in tokens</label>
      <input
        id={`${id}-context`}
        class="field"
        type="number"
        min="1"
        step="1"
        placeholder={String(props.model.capabilities.contextLength ?? props.model.listedContext ?? "unknown")}
        value={own().contextLength ?? ""}
        onChange={({ currentTarget: { value } }) =>
          void say("contextLength", Number(value) > 0 ? Math.round(Number(value)) : undefined)
        }
      />
      <span class="dim">
        {props.model.capabilities.contextLength === undefined && props.model.listedContext !== undefined
          ? "The list of prices says so: nothing is refused for it."
          : saidWords(props.model, "contextLength")}
      </span>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </div>
  );
}

function shownValue(said: unknown): string {
  return said === undefined ? "" : said === true ? "yes" : "no";
}

/** What stands where nothing is said here. */
function othersSay({ capabilities, saidBy }: CatalogueModel, fact: keyof Capabilities): string {
  if (saidBy[fact] === "workspace") return "as others say";
  const said = capabilities[fact];
  return said === undefined ? "unknown" : said === true ? "yes" : "no";
}
