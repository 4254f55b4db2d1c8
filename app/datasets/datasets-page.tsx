import { useSearchParams } from "@solidjs/router";
import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import Upload from "lucide-solid/icons/upload";
import type { DatasetView } from "#server/api/datasets-router.ts";
import { api } from "~/api";
import { AskDialog } from "~/ui/ask-dialog";
import { ChooseFiles } from "~/ui/choose-files";
import { acceptDrop } from "~/ui/file-drop";
import { Loaded } from "~/ui/loaded";
import { Page } from "~/ui/page";
import { RowMenu } from "~/ui/row-menu";
import { toasts } from "~/ui/toasts";
import { agoText, bytesText, momentText } from "~/ui/words";
import { copyText } from "~/values/copy-text";
import { DatasetPreview } from "./dataset-preview";
import { fromSnippet } from "./from-snippet";
import { datasetTypes } from "./upload";
import { createUploads, UploadList } from "./uploads";
import "./datasets.css";

/** The workspace's dataset files: what is in them, new ones, and what a cell says to read one. */
export function DatasetsPage() {
  const [datasets, { refetch }] = createResource(() => api.datasets.list.query());
  const [address, setAddress] = useSearchParams<{ file?: string }>();
  const [removing, setRemoving] = createSignal<DatasetView | null>(null);
  // A file that was replaced is read again.
  const [version, setVersion] = createSignal(0);
  let isHere = true;
  onCleanup(() => (isHere = false));
  const uploads = createUploads((name) => {
    toasts.say(`${name} is there.`);
    // The address is another page's by then.
    if (!isHere) return;
    setVersion(version() + 1);
    void refetch();
    setAddress({ file: name });
  });
  const shown = (): string | undefined => (typeof address.file === "string" ? address.file : undefined);
  return (
    <Page
      title="Datasets"
      about={
        <>
          Files below <code class="mono">datasets/</code> that SQL cells read and sheets compute on. Drop a file here to
          add it.
        </>
      }
      ref={(element) => acceptDrop(element, "Drop files to add them to datasets/", uploads.add)}
      actions={
        <ChooseFiles accept={datasetTypes} multiple chosen={uploads.add}>
          <Upload /> Add files …
        </ChooseFiles>
      }
    >
      <UploadList uploads={uploads} />
      <Loaded from={datasets} what="the list of datasets" again={() => void refetch()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<NoDatasets />}>
            <ul class="list" aria-label="Dataset files">
              <For each={list()}>
                {(dataset) => (
                  <DatasetRow
                    dataset={dataset}
                    shown={shown() === dataset.path}
                    show={() => setAddress({ file: shown() === dataset.path ? null : dataset.path })}
                    remove={() => setRemoving(dataset)}
                  />
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={shown()} keyed>
        {(path) => <DatasetPreview path={path} version={version()} />}
      </Show>
      <Show when={removing()}>
        {(dataset) => (
          <AskDialog
            title={`Remove ${dataset().path}?`}
            act="Remove"
            close={() => setRemoving(null)}
            run={async () => {
              const { path } = dataset();
              await api.datasets.remove.mutate({ path });
              if (shown() === path) setAddress({ file: null });
              await refetch();
              toasts.say(`${path} is in .sheaf/removed.`);
            }}
          >
            <p>
              It goes to the workspace's folder <code class="mono">.sheaf/removed</code>. Cells that read it fail from
              then on; what is published keeps the rows it was published with.
            </p>
          </AskDialog>
        )}
      </Show>
    </Page>
  );
}

function DatasetRow(props: { readonly dataset: DatasetView; readonly shown: boolean; show(): void; remove(): void }) {
  const snippet = () => fromSnippet(props.dataset.path);
  const copy = (): void => void copyText(snippet(), `Copied: ${snippet()}`);
  return (
    <li class="list-row" classList={{ on: props.shown }}>
      <button type="button" class="dataset-name mono" aria-expanded={props.shown} onClick={() => props.show()}>
        {props.dataset.path}
      </button>
      <span class="list-fact">{bytesText(props.dataset.bytes)}</span>
      <span class="list-fact list-when" title={momentText(props.dataset.modifiedAt)}>
        {agoText(props.dataset.modifiedAt, Date.now())}
      </span>
      <span class="list-tools">
        <button type="button" class="icon-button" aria-label={`Copy ${snippet()}`} title={snippet()} onClick={copy}>
          <Copy />
        </button>
        <RowMenu
          label={`More for ${props.dataset.path}`}
          actions={[
            { label: props.shown ? "Hide its rows" : "Show its rows", run: () => props.show() },
            { label: "Copy for a SQL cell", run: copy },
            { label: "Remove …", run: () => props.remove() },
          ]}
        />
      </span>
    </li>
  );
}

function NoDatasets() {
  return (
    <div class="empty">
      <h2>No datasets yet</h2>
      <p>Drop a CSV, TSV, JSON, JSONL or Parquet file here, or choose one. A SQL cell then reads it by its name.</p>
    </div>
  );
}
