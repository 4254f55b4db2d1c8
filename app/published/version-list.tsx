import { createSignal, For, Show } from "solid-js";
import CircleCheck from "lucide-solid/icons/circle-check";
import type { VersionView } from "#server/api/published-router.ts";
import { api } from "~/api";
import { AskDialog } from "~/ui/ask-dialog";
import { toasts } from "~/ui/toasts";
import { agoText, momentText } from "~/ui/words";

/** The versions of a published notebook, newest first, and which of them answers. */
export function VersionList(props: {
  readonly slug: string;
  readonly live: number;
  readonly versions: readonly VersionView[];
  changed(): void;
}) {
  const [asked, setAsked] = createSignal<VersionView | null>(null);
  return (
    <>
      <ul class="list" aria-label="Versions">
        <For each={props.versions}>
          {(version) => (
            <li class="list-row">
              <span class="mono version-number">v{version.version}</span>
              <span class="list-title version-note">
                {version.note ?? <span class="dim">no note</span>}{" "}
                <span class="dim version-models">{[...new Set(Object.values(version.models))].join(", ")}</span>
              </span>
              <span class="list-fact list-when" title={momentText(version.createdAt)}>
                {agoText(version.createdAt, Date.now())}
              </span>
              <span class="version-state">
                <Show
                  when={version.version !== props.live}
                  fallback={
                    <span class="state-word good">
                      <CircleCheck /> live
                    </span>
                  }
                >
                  <button type="button" class="button" onClick={() => setAsked(version)}>
                    {version.version < props.live ? "Roll back …" : "Make live …"}
                  </button>
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={asked()}>
        {(version) => (
          <AskDialog
            title={`Answer by v${version().version} from now on?`}
            act={`Make v${version().version} live`}
            close={() => setAsked(null)}
            run={async () => {
              await api.published.makeLive.mutate({ slug: props.slug, version: version().version });
              toasts.say(`${props.slug} answers by v${version().version}.`);
              props.changed();
            }}
          >
            <p>
              v{props.live} answers now. The notebook stays as it is, and every version stays in this list; callers that
              name one, as in{" "}
              <code class="mono">
                {props.slug}@v{props.live}
              </code>
              , go on getting it.
            </p>
          </AskDialog>
        )}
      </Show>
    </>
  );
}
