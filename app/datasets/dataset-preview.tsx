import { useNavigate } from "@solidjs/router";
import { createResource, For, Show } from "solid-js";
import Plus from "lucide-solid/icons/plus";
import type { Column, Datum } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { PageTable } from "~/ui/page-table";
import { toasts } from "~/ui/toasts";
import { countText } from "~/ui/words";
import { datasetNotebook, type DatasetHead } from "./dataset-notebook";

/** The first rows of a dataset file with the types that were found in it, or what is wrong with it and where. */
export function DatasetPreview(props: { readonly path: string; readonly version: number }) {
  const [preview, { refetch }] = createResource(
    () => ({ path: props.path, version: props.version }),
    ({ path }) => api.datasets.preview.query({ path }),
  );
  const navigate = useNavigate();
  const begin = async (table: Omit<DatasetHead, "path">): Promise<void> => {
    try {
      navigate(notebookAddress(await api.notebooks.create.mutate(datasetNotebook({ path: props.path, ...table }))));
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    }
  };
  return (
    <Section title={props.path}>
      <Loaded from={preview} of={`${props.version} ${props.path}`} what={props.path} again={() => void refetch()}>
        {(table) => (
          <>
            <div class="preview-facts">
              <p class="list-fact" role="status">
                {countText(table().rowCount, "row")}, {countText(table().columns.length, "column")}
                {table().rowCount > 100 ? "; the first 100 are shown" : ""}
              </p>
              <button
                type="button"
                class="button primary"
                onClick={() => void begin(table() as unknown as Omit<DatasetHead, "path">)}
              >
                <Plus /> New notebook on these rows
              </button>
            </div>
            <PageTable
              label={`Rows of ${props.path}`}
              columns={(table().columns as readonly Column[]).map(({ name, type, sql }) => ({
                name,
                note: type,
                tip: sql,
                isNumber: type === "number",
              }))}
            >
              <For each={table().rows as readonly (readonly Datum[])[]}>
                {(row) => (
                  <tr>
                    <For each={row}>
                      {(value, index) => (
                        <td
                          classList={{ number: (table().columns as readonly Column[])[index()]?.type === "number" }}
                          title={datumText(value).slice(0, 1000)}
                        >
                          <Show when={value !== null} fallback={<span class="dim">null</span>}>
                            {datumText(value).slice(0, 300)}
                          </Show>
                        </td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            </PageTable>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function datumText(value: Datum): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
