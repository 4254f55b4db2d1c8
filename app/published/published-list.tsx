import { A } from "@solidjs/router";
import { createResource, For, Show } from "solid-js";
import { api } from "~/api";
import { Loaded } from "~/ui/loaded";
import { Page } from "~/ui/page";
import { agoText, countText, momentText } from "~/ui/words";

/** What of the workspace answers requests. */
export function PublishedList() {
  const [published, { refetch }] = createResource(() => api.published.list.query());
  return (
    <Page
      title="Published"
      about="Notebooks that answer requests, each by its live version, whatever becomes of the draft."
    >
      <Loaded from={published} what="what is published" again={() => void refetch()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<NothingPublished />}>
            <ul class="list" aria-label="Published notebooks">
              <For each={list()}>
                {(endpoint) => (
                  <li class="list-row">
                    <A href={`/published/${endpoint.slug}`}>{endpoint.slug}</A>
                    <span class="list-fact list-path">{endpoint.notebook}</span>
                    <span class="list-fact">
                      v{endpoint.live} is live, {countText(endpoint.versions, "version")}
                    </span>
                    <span class="list-fact list-when" title={momentText(endpoint.publishedAt)}>
                      {agoText(endpoint.publishedAt, Date.now())}
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

function NothingPublished() {
  return (
    <div class="empty">
      <h2>Nothing is published yet</h2>
      <p>
        Open a <A href="/">notebook</A> that says its outputs, and choose Publish at its top: its inputs and outputs
        become an HTTP API on this machine.
      </p>
    </div>
  );
}
