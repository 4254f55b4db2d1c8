import { A } from "@solidjs/router";
import { Tabs } from "@kobalte/core/tabs";
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { api } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { lastOf } from "~/ui/last-of";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { ProblemBox } from "~/ui/problem-box";
import { Snippet } from "~/ui/snippet";
import { sameJson } from "~/ui/same-json";
import { DifferenceList } from "./difference-list";
import { RequestList } from "./request-list";
import { TryIt } from "./try-it";
import { VersionList } from "./version-list";
import "./published.css";

/** A published notebook: try it, call it, what the draft would change, its versions, and what was asked of it. */
export function PublishedPage(props: { readonly slug: string }) {
  const [found, { refetch }] = createResource(
    () => props.slug,
    (slug) => api.published.get.query({ slug, server: location.origin }),
  );
  const [draftAsked, setDraftAsked] = createSignal(0);
  // The form and its answer stay while the rest is asked for anew.
  const last = lastOf(found);
  const contract = createMemo(() => last()?.contract ?? null, null, { equals: sameJson });
  const again = (): void => {
    void refetch();
    setDraftAsked(draftAsked() + 1);
  };
  return (
    <Page title={props.slug} about={<A href="/published">All that is published</A>}>
      <Loaded from={found} of={props.slug} what={props.slug} again={again}>
        {(published) => (
          <>
            <dl class="facts published-facts">
              <dt>Answers at</dt>
              <dd class="mono">
                POST {location.origin}/api/run/{published().slug}
              </dd>
              <dt>Live</dt>
              <dd>v{published().live}</dd>
              <dt>Notebook</dt>
              <dd>
                <A href={notebookAddress(published().notebook)}>{published().notebook}</A>
              </dd>
              <dt>Description</dt>
              <dd>
                <a href={`/api/${published().slug}/openapi.json`} target="_blank" rel="noreferrer">
                  OpenAPI
                </a>
              </dd>
            </dl>
            <Show when={published().problem}>{(error) => <ProblemBox error={error()} />}</Show>
            <Show when={contract()} keyed>
              {(form) => (
                <Section title="Try it">
                  <TryIt slug={props.slug} contract={form} answered={() => void refetch()} />
                </Section>
              )}
            </Show>
            <Show when={published().snippets}>
              {(snippets) => (
                <Section title="Call it">
                  <Tabs>
                    <Tabs.List class="tabs-list" aria-label="Language">
                      <For each={languages}>
                        {([key, name]) => (
                          <Tabs.Trigger class="tabs-tab" value={key}>
                            {name}
                          </Tabs.Trigger>
                        )}
                      </For>
                    </Tabs.List>
                    <For each={languages}>
                      {([key, name]) => (
                        <Tabs.Content value={key}>
                          <Snippet text={snippets()[key].trimEnd()} label={`${name} that calls it`} />
                        </Tabs.Content>
                      )}
                    </For>
                  </Tabs>
                </Section>
              )}
            </Show>
            <Section title="Draft against live">
              <Draft slug={props.slug} asked={draftAsked()} live={published().live} />
            </Section>
            <Section title="Versions">
              <VersionList slug={props.slug} live={published().live} versions={published().versions} changed={again} />
            </Section>
            <Section title="Requests" note="The latest 20 are shown">
              <RequestList requests={published().requests} slug={props.slug} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const languages = [
  ["curl", "curl"],
  ["typescript", "TypeScript"],
  ["python", "Python"],
] as const;

function Draft(props: { readonly slug: string; readonly live: number; readonly asked: number }) {
  const [draft, { refetch }] = createResource(
    () => ({ slug: props.slug, live: props.live, asked: props.asked }),
    ({ slug }) => api.published.draft.query({ slug }),
  );
  return (
    <Loaded
      from={draft}
      of={`${props.live} ${props.slug}`}
      what="what the draft would change"
      again={() => void refetch()}
    >
      {(found) => (
        <Show
          when={!found().isSame}
          fallback={<p class="dim">The notebook is as it was published in v{props.live}.</p>}
        >
          <p class="draft-ahead">The notebook has changed since v{props.live}. If it were published now:</p>
          <DifferenceList differences={found().differences} />
        </Show>
      )}
    </Loaded>
  );
}
