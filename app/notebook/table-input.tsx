import { createResource, createSignal, For, Show } from "solid-js";
import type { InputView } from "#server/workbench/view.ts";
import { api } from "~/api";
import { datasetTypes, refusal, upload } from "~/datasets/upload";

/** A table input: a dataset file to choose, or one that is dropped here and copied among them. */
export function TableInput(props: {
  readonly id: string;
  readonly input: InputView;
  readonly set: (path: string) => Promise<void>;
  readonly setProblem: (problem: string | null) => void;
}) {
  const [files, { refetch }] = createResource(() => api.datasets.list.query());
  const [chosen, setChosen] = createSignal("");
  const [isOver, setOver] = createSignal(false);
  const [sending, setSending] = createSignal<string | null>(null);

  async function choose(path: string): Promise<void> {
    setChosen(path);
    if (path !== "") await props.set(path);
  }
  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const refused = refusal(file);
    if (refused !== null) return props.setProblem(`${refused.message}. ${refused.cure ?? ""}`);
    setSending(file.name);
    const end = await upload(file, { replace: false, sent: () => {} }).ended;
    setSending(null);
    if (end.type === "failed") return props.setProblem(`${end.error.message}. ${end.error.cure ?? ""}`);
    if (end.type === "exists")
      return props.setProblem(`There is a ${file.name} already: choose it here, or replace it among the datasets.`);
    await refetch();
    await choose(file.name);
  }
  return (
    <div
      class="table-input"
      classList={{ over: isOver() }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <select
        id={props.id}
        class="field short"
        value={chosen()}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        <option value="">
          {props.input.value === undefined ? "Choose a dataset file" : String(props.input.value)}
        </option>
        <For each={files.latest ?? []}>{({ path }) => <option value={path}>{path}</option>}</For>
      </select>
      <label class="button">
        <Show when={sending()} fallback="Add a file …">
          {(name) => `Copying ${name()} …`}
        </Show>
        <input
          class="visually-hidden"
          type="file"
          accept={datasetTypes}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <span class="dim">or drop one here</span>
    </div>
  );
}
