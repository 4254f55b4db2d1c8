import { createEffect, createResource, For, Index, on, Show } from "solid-js";
import { api } from "~/api";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { ProblemBox } from "~/ui/problem-box";
import { embedsOnly } from "./embeds-only";
import { ConnectProvider } from "./connect-provider";
import { LocalModel } from "./local-model";
import { createModelLists } from "./model-lists";
import { ModelsTable } from "./models-table";
import { offerWords } from "./offer-words";
import { OwnEndpoints } from "./own-endpoints";
import { PriceOverrides } from "./price-override";
import { PullByName } from "./pull-by-name";
import { ProviderRow } from "./provider-row";
import { TryModel } from "./try-model";
import "./models.css";

/** The models notebooks can name: those on this machine, those of providers, and a call to try one. */
export function ModelsPage() {
  const [models, { refetch }] = createResource(() => api.models.list.query());
  const again = (): void => void refetch();
  const lists = createModelLists(again);
  async function endpointChanged(name: string): Promise<void> {
    const now = await refetch();
    const isUsable = now?.providers.some((provider) => provider.name === name && provider.usable) === true;
    await (isUsable ? lists.ask(name) : lists.read(name));
  }
  const firstProviders = () => (models.state === "ready" ? models.latest?.providers : undefined);
  createEffect(
    on(firstProviders, (providers, before) => {
      if (before === undefined && providers !== undefined) void lists.open(providers);
    }),
  );
  return (
    <Page
      title="Models"
      about="A cell names a model as provider/model. Local ones run on this machine and cost nothing."
    >
      <Loaded from={models} what="the list of models" again={again}>
        {(list) => (
          <>
            <Section title="On this machine" note="GGUF files in the workspace's folder models are among them">
              <ul class="list" aria-label="Models on this machine">
                {/* By their places: a list that is read anew leaves the focus where it is. */}
                <Index each={list().local}>{(model) => <LocalModel model={model()} changed={again} />}</Index>
              </ul>
              <For each={list().localProblems}>{(error) => <ProblemBox error={error} />}</For>
              <PullByName changed={again} />
            </Section>
            <Section title="Providers" note="A key that is entered here goes before the environment's">
              <ul class="list dense" aria-label="Providers">
                <Index each={list().providers}>
                  {(provider) => (
                    <ProviderRow
                      provider={provider()}
                      isAsking={lists.isAsking(provider().name)}
                      ask={() => void lists.ask(provider().name)}
                      changed={again}
                    />
                  )}
                </Index>
              </ul>
            </Section>
            <OwnEndpoints changed={(name) => void endpointChanged(name)} />
            <Section title="Models of providers" note="Prices for a million tokens, in US dollars">
              <Show when={lists.problem()}>{(error) => <ProblemBox error={error()} />}</Show>
              <ModelsTable
                models={lists.all()}
                isAsking={list().providers.some(({ name }) => lists.isAsking(name))}
                changed={(model) => void lists.read(model.slice(0, model.indexOf("/")))}
              />
            </Section>
            <Section title="Connect a provider">
              <ConnectProvider />
            </Section>
            <PriceOverrides />
            <Section title="Try a model" note="One short call, kept in the journal like any other">
              <TryModel
                known={[
                  ...list().local.map(({ name, kind }) => ({
                    name,
                    words: "on this machine",
                    embeds: kind === "embedding",
                  })),
                  ...lists
                    .all()
                    .filter((model) => model.capabilities.chat !== false || embedsOnly(model))
                    .map((model) => ({ name: model.name, words: offerWords(model), embeds: embedsOnly(model) })),
                ]}
                first={list().local.find(({ kind, state }) => kind === "chat" && state === "present")?.name ?? ""}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
