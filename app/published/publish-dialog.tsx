import { useNavigate } from "@solidjs/router";
import { createResource, createSignal, For, Show } from "solid-js";
import type { PublishPreview } from "#server/api/published-router.ts";
import { api } from "~/api";
import { AskDialog } from "~/ui/ask-dialog";
import { Loaded } from "~/ui/loaded";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import { DifferenceList } from "./difference-list";
import "./published.css";

/** Asks under what slug the open notebook is published, and says what callers get and what changes for them. */
export function PublishDialog(props: { readonly path: string; close(): void }) {
  const navigate = useNavigate();
  const [slug, setSlug] = createSignal<string | null>(null);
  const [note, setNote] = createSignal("");
  const [asked, setAsked] = createSignal<string | null>(null);
  const [preview, { refetch }] = createResource(
    () => ({ path: props.path, slug: asked() }),
    ({ path, slug: wanted }) => api.published.preview.query(wanted === null ? { path } : { path, slug: wanted }),
  );
  const there = (): PublishPreview | undefined =>
    preview.state === "ready" || preview.state === "refreshing" ? preview.latest : undefined;
  const chosen = () => slug() ?? there()?.slug ?? "";
  return (
    <AskDialog
      title="Publish"
      wide
      act={there()?.live == null ? "Publish" : "Publish and make live"}
      disabled={chosen() === "" || preview.loading || there() === undefined || there()!.problem !== null}
      close={props.close}
      run={async () => {
        const made = await api.published.publish.mutate({ path: props.path, slug: chosen(), note: note().trim() });
        toasts.say(`${made.slug} v${made.version} is live.`);
        navigate(`/published/${made.slug}`);
      }}
    >
      <label>
        Slug: its place in the API's address
        <input
          class="field mono"
          spellcheck={false}
          value={chosen()}
          onInput={(event) => setSlug(event.currentTarget.value)}
          onChange={(event) => setAsked(event.currentTarget.value || null)}
        />
      </label>
      <label>
        Note: what is new in this version
        <input class="field" maxLength={2000} value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <Loaded from={preview} of={asked() ?? ""} what="what would be published" again={() => void refetch()}>
        {(found) => <Preview preview={found()} />}
      </Loaded>
    </AskDialog>
  );
}

function Preview(props: { readonly preview: PublishPreview }) {
  const now = () => props.preview;
  return (
    <>
      <dl class="facts">
        <dt>Callers give</dt>
        <dd>{listed(now().inputs.map(({ name, required }) => (required ? name : `${name} (has a default)`)))}</dd>
        <dt>Callers get</dt>
        <dd>{listed(now().outputs)}</dd>
        <dt>Computed</dt>
        <dd>{listed(now().cells)}</dd>
        <Show when={now().models.length > 0}>
          <dt>Models</dt>
          <dd>{listed(now().models)}</dd>
        </Show>
        <Show when={now().datasets.length > 0}>
          <dt>Datasets</dt>
          <dd>{listed(now().datasets)}, kept as they are now</dd>
        </Show>
      </dl>
      <Show when={now().problem}>{(error) => <ProblemBox error={error()} />}</Show>
      <Show when={now().problems.length > 1}>
        <ul class="plain-list">
          <For each={now().problems}>
            {({ line, message }) => (
              <li>
                Line {line}: {message}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={now().problem === null}>
        <div>
          <h3 class="popup-title">{now().live === null ? "New" : `Against v${now().live}, which is live`}</h3>
          <Show
            when={now().differences}
            fallback={
              <p class="dim">
                Nothing is live as {now().slug} yet. It answers at <code class="mono">/api/run/{now().slug}</code> as
                soon as it is published.
              </p>
            }
          >
            {(differences) => <DifferenceList differences={differences()} />}
          </Show>
        </div>
      </Show>
    </>
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
