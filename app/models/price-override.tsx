import { createResource, createSignal, For, Show } from "solid-js";
import type { DatedRates } from "#server/models/own-rates.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { MoneyField } from "~/money/money-field";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { figures, PageTable } from "~/ui/page-table";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import "~/money/money-forms.css";

interface Price extends DatedRates {
  readonly model: string;
}

/** The prices the workspace has of its own, with their history, and a form to add one. They stand in its file `prices.yaml`. */
export function PriceOverrides() {
  const [prices, { refetch }] = createResource(() => api.money.prices.query());
  const again = (): void => void refetch();
  const rows = (own: {
    readonly models: { readonly [model: string]: readonly DatedRates[] } | null;
  }): readonly Price[] =>
    Object.entries(own.models ?? {}).flatMap(([model, dated]) => dated.map((one) => ({ model, ...one })));
  return (
    <Section
      title="Own prices"
      note="US dollars for a million tokens, in prices.yaml. They go before the list's from their day on; calls keep the price they were booked at"
    >
      <Loaded from={prices} what="the workspace's own prices" again={again}>
        {(own) => (
          <>
            <Show when={own().problem}>
              {(problem) => (
                <ProblemBox
                  error={{
                    code: "prices.file",
                    message: problem(),
                    cure: "Correct the file: until then the prices read before stand, and paid models are unpriced where none were.",
                  }}
                />
              )}
            </Show>
            <Show
              when={rows(own()).length > 0}
              fallback={<p class="dim">There are none: models have the prices of the list that comes with Sheaf.</p>}
            >
              <PageTable
                class="money-prices"
                label="Own prices by model"
                columns={[
                  "model",
                  "from",
                  ...figures("input", "output", "cached input", "cache write"),
                  { name: "Take away", isUnseen: true },
                ]}
              >
                <For each={rows(own())}>{(price) => <PriceRow price={price} changed={again} />}</For>
              </PageTable>
            </Show>
            <PriceForm changed={again} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function PriceRow(props: { readonly price: Price; changed(): void }) {
  const day = () => (props.price.from === null ? null : new Date(props.price.from).toISOString().slice(0, 10));
  const remove = async (): Promise<void> => {
    try {
      await api.money.removePrice.mutate({ model: props.price.model, from: day() });
      props.changed();
    } catch (thrown) {
      toasts.say(problemOf(thrown).message);
    }
  };
  return (
    <tr>
      <td class="mono">{props.price.model}</td>
      <td>{day() ?? "always"}</td>
      <td class="number">{rateText(props.price.rates.input)}</td>
      <td class="number">{rateText(props.price.rates.output)}</td>
      <td class="number">{rateText(props.price.rates.cachedInput)}</td>
      <td class="number">{rateText(props.price.rates.cacheWrite)}</td>
      <td>
        <button
          type="button"
          class="button"
          aria-label={`Take away the price of ${props.price.model} from ${day() ?? "always"}`}
          onClick={() => void remove()}
        >
          Take away
        </button>
      </td>
    </tr>
  );
}

function rateText(rate: number | undefined): string {
  return rate === undefined ? "as input" : `$${rate}`;
}

const rateFields = [
  { name: "input", word: "input", needed: true },
  { name: "output", word: "output", needed: true },
  { name: "cachedInput", word: "cached", needed: false },
  { name: "cacheWrite", word: "cache write", needed: false },
] as const;

function PriceForm(props: { changed(): void }) {
  const [model, setModel] = createSignal("");
  const [from, setFrom] = createSignal("");
  const [entered, setEntered] = createSignal<{ readonly [rate: string]: string }>({});
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const textOf = (name: string): string => (entered()[name] ?? "").trim();
  const isReady = () =>
    /^[^/\s]+\/\S/.test(model().trim()) &&
    rateFields.every(({ name, needed }) =>
      textOf(name) === "" ? !needed : /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(textOf(name)),
    );
  async function add(): Promise<void> {
    const rates = Object.fromEntries(
      rateFields.flatMap(({ name }) => (textOf(name) === "" ? [] : [[name, Number(textOf(name))] as const])),
    ) as { readonly input: number; readonly output: number };
    try {
      await api.money.setPrice.mutate({ model: model().trim(), from: from() === "" ? null : from(), rates });
      setEntered({});
      setProblem(null);
      toasts.say(`${model().trim()} has a price of the workspace's own.`);
      props.changed();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  return (
    <form
      class="money-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady()) void add();
      }}
    >
      <MoneyField
        label="Model"
        kind="mono"
        placeholder="provider/model"
        spellcheck={false}
        value={model()}
        set={setModel}
      />
      <MoneyField label="from (empty: always)" type="date" value={from()} set={setFrom} />
      <For each={rateFields}>
        {({ name, word, needed }) => (
          <MoneyField
            label={word}
            kind="money-amount"
            inputmode="decimal"
            placeholder={needed ? "" : "as input"}
            value={entered()[name] ?? ""}
            set={(text) => setEntered({ ...entered(), [name]: text })}
          />
        )}
      </For>
      <button type="submit" class="button" disabled={!isReady()}>
        Set
      </button>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </form>
  );
}
