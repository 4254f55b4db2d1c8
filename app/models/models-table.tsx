import { createMemo, createSignal, For, Show } from "solid-js";
import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import ChevronRight from "lucide-solid/icons/chevron-right";
import Play from "lucide-solid/icons/play";
import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import { countText } from "~/ui/words";
import { embedsOnly } from "./embeds-only";
import { CapabilityList } from "./capability-list";
import { rateText, saidWords, tokensText } from "./capability-words";
import { ModelFacts } from "./model-facts";
import { contextOf, sortedModels, type ModelOrder } from "./sorted-models";
import { TryModel } from "./try-model";

/** Rows that are shown before more are asked for. */
const shownAtFirst = 50;

const columns: readonly { readonly order: ModelOrder; readonly word: string; readonly tip: string }[] = [
  { order: "context", word: "Context", tip: "Tokens of a request and its answer together" },
  { order: "input", word: "In", tip: "US dollars for a million tokens of a request" },
  { order: "output", word: "Out", tip: "US dollars for a million tokens of an answer" },
];

/** The models of providers by name, with what they can do, read and cost; one can be tried, and put right. */
export function ModelsTable(props: {
  readonly models: readonly CatalogueModel[];
  readonly isAsking: boolean;
  changed(model: string): void;
}) {
  const [typed, setTyped] = createSignal("");
  const [sorting, setSorting] = createSignal<{ readonly order: ModelOrder; readonly isDescending: boolean }>({
    order: "name",
    isDescending: false,
  });
  const [isAll, setAll] = createSignal(false);
  const [open, setOpen] = createSignal<{ readonly name: string; readonly as: "facts" | "try" } | null>(null);
  const found = createMemo(() => sortedModels(props.models, typed(), sorting().order, sorting().isDescending));
  const shown = () => (isAll() ? found() : found().slice(0, shownAtFirst));
  const sortBy = (order: ModelOrder): void =>
    void setSorting((now) => ({ order, isDescending: now.order === order && !now.isDescending }));
  const toggle = (name: string, as: "facts" | "try"): void =>
    void setOpen((now) => (now?.name === name && now.as === as ? null : { name, as }));

  return (
    <Show when={props.models.length > 0} fallback={<NoModels isAsking={props.isAsking} />}>
      <div class="models-find">
        <input
          class="field"
          type="search"
          aria-label="Find models"
          placeholder="Find by name or by what they can do: gpt images"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <span class="list-fact" role="status">
          {found().length === props.models.length
            ? countText(props.models.length, "model")
            : `${found().length.toLocaleString("en")} of ${countText(props.models.length, "model")}`}
        </span>
      </div>
      <div class="models-box">
        <table class="models-table" aria-label="Models of providers">
          <thead>
            <tr>
              <SortedHead order="name" word="Model" tip="Its name in a notebook" sorting={sorting()} sort={sortBy} />
              <th scope="col">Can</th>
              <For each={columns}>{(column) => <SortedHead {...column} sorting={sorting()} sort={sortBy} />}</For>
              <th scope="col">
                <span class="visually-hidden">Try it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>
              {(model) => (
                <>
                  <ModelRow
                    model={model}
                    open={open()?.name === model.name ? open()!.as : null}
                    toggle={(as) => toggle(model.name, as)}
                  />
                  <Show when={open()?.name === model.name ? open() : null} keyed>
                    {({ as }) => (
                      <tr class="model-more">
                        <td colSpan={6}>
                          <Show
                            when={as === "try"}
                            fallback={<ModelFacts model={model} changed={() => props.changed(model.name)} />}
                          >
                            <TryModel
                              known={[{ name: model.name, embeds: embedsOnly(model) }]}
                              first={model.name}
                              only
                            />
                          </Show>
                        </td>
                      </tr>
                    )}
                  </Show>
                </>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={found().length === 0}>
        <p class="empty">No model has “{typed()}”. A model of a provider can be named though it is not listed.</p>
      </Show>
      <Show when={found().length > shown().length}>
        <button type="button" class="button models-all" onClick={() => setAll(true)}>
          Show all {found().length.toLocaleString("en")}
        </button>
      </Show>
    </Show>
  );
}

function NoModels(props: { readonly isAsking: boolean }) {
  return (
    <p class="empty" role="status">
      {props.isAsking
        ? "Asking the providers for their models …"
        : "No provider has said yet which models it has. Enter a key above, or start a server such as Ollama, and ask it."}
    </p>
  );
}

function SortedHead(props: {
  readonly order: ModelOrder;
  readonly word: string;
  readonly tip: string;
  readonly sorting: { readonly order: ModelOrder; readonly isDescending: boolean };
  sort(order: ModelOrder): void;
}) {
  const isSorted = () => props.sorting.order === props.order;
  return (
    <th
      scope="col"
      classList={{ number: props.order !== "name" }}
      aria-sort={isSorted() ? (props.sorting.isDescending ? "descending" : "ascending") : "none"}
    >
      <button type="button" class="models-sort" data-tip={props.tip} onClick={() => props.sort(props.order)}>
        {props.word}
        <Show when={isSorted()}>{props.sorting.isDescending ? <ArrowDown /> : <ArrowUp />}</Show>
      </button>
    </th>
  );
}

function ModelRow(props: {
  readonly model: CatalogueModel;
  readonly open: "facts" | "try" | null;
  toggle(as: "facts" | "try"): void;
}) {
  const isChat = () => props.model.capabilities.chat !== false || props.model.capabilities.completion === true;
  const isFree = () => props.model.price?.input === 0 && props.model.price.output === 0;
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="model-open"
          aria-expanded={props.open === "facts"}
          onClick={() => props.toggle("facts")}
        >
          <ChevronRight classList={{ turned: props.open === "facts" }} />
          <span class="mono">{props.model.name}</span>
        </button>
      </th>
      <td>
        <CapabilityList known={props.model} />
      </td>
      <td class="number">
        <Show when={contextOf(props.model)} fallback="–">
          {(tokens) => (
            <span
              data-tip={
                props.model.capabilities.contextLength === undefined
                  ? `${tokens().toLocaleString("en")} tokens, says the list of prices`
                  : `${tokens().toLocaleString("en")} tokens. ${saidWords(props.model, "contextLength")}`
              }
            >
              {tokensText(tokens())}
            </span>
          )}
        </Show>
      </td>
      <td class="number">{rateText(props.model.price?.input)}</td>
      <td class="number">{rateText(props.model.price?.output)}</td>
      <td class="number">
        <Show when={isChat() || embedsOnly(props.model)}>
          <button
            type="button"
            class="icon-button"
            aria-label={`Try ${props.model.name}`}
            aria-expanded={props.open === "try"}
            data-tip={isFree() ? "One short call" : "One short call; what it costs is said before"}
            onClick={() => props.toggle("try")}
          >
            <Play />
          </button>
        </Show>
      </td>
    </tr>
  );
}
