import { createSignal, For, Show, type Resource } from "solid-js";
import type { NotebookFileView } from "#server/workbench/notebook-folder.ts";
import { api, problemOf } from "~/api";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { toasts } from "~/ui/toasts";
import "./home.css";

interface Example {
  readonly file: string;
  readonly title: string;
  readonly about: string;
}

/** Examples to begin with, a paragraph each. Taking one copies it among the notebooks; one that is there is opened. */
export function ExampleGallery(props: {
  readonly examples: Resource<readonly Example[]>;
  readonly taken: readonly NotebookFileView[];
  go(path: string): void;
}) {
  const [busy, setBusy] = createSignal<string | null>(null);
  const isTaken = ({ file }: Example): boolean => props.taken.some(({ path }) => path === `notebooks/${file}`);
  const take = async (file: string): Promise<void> => {
    setBusy(file);
    try {
      props.go(await api.notebooks.takeExample.mutate({ file }));
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    } finally {
      setBusy(null);
    }
  };
  return (
    <Section title="Examples" note="Copied into your notebooks when you open one">
      <Loaded from={props.examples} what="the examples">
        {(examples) => (
          <div class="examples">
            <For each={examples()} fallback={<p class="dim">There are no examples in this installation.</p>}>
              {(example) => (
                <button
                  type="button"
                  class="example"
                  disabled={busy() !== null}
                  onClick={() => void take(example.file)}
                >
                  <strong>{example.title}</strong>
                  <span>{example.about}</span>
                  <Show when={isTaken(example) || busy() === example.file}>
                    <small>{busy() === example.file ? "copying …" : "among your notebooks"}</small>
                  </Show>
                </button>
              )}
            </For>
          </div>
        )}
      </Loaded>
    </Section>
  );
}
