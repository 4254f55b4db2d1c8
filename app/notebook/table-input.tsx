import { createEffect, createResource, createSignal, For, on } from "solid-js";
import type { InputView } from "#server/workbench/view.ts";
import { api } from "~/api";
import { datasetTypes } from "~/datasets/upload";
import { createUploads, UploadList } from "~/datasets/uploads";
import { DropBox } from "./drop-box";

/** A table input: a dataset file to choose, or one that is dropped here and copied among them. */
export function TableInput(props: {
  readonly id: string;
  readonly input: InputView;
  readonly set: (path: string) => Promise<void>;
}) {
  const [files, { refetch }] = createResource(() => api.datasets.list.query());
  const [chosen, setChosen] = createSignal("");
  // What is set otherwise, as by a case, is what stands there.
  createEffect(
    on(
      () => props.input.value,
      () => setChosen(""),
      { defer: true },
    ),
  );
  const uploads = createUploads((name) => void Promise.resolve(refetch()).then(() => choose(name)));

  async function choose(path: string): Promise<void> {
    setChosen(path);
    if (path !== "") await props.set(path);
  }
  return (
    <DropBox take={(file) => uploads.add(file === undefined ? [] : [file])}>
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
        Add a file …
        <input
          class="visually-hidden"
          type="file"
          accept={datasetTypes}
          onChange={(event) => uploads.add([...(event.currentTarget.files ?? [])])}
        />
      </label>
      <span class="dim">or drop one here</span>
      <UploadList uploads={uploads} />
    </DropBox>
  );
}
