import { lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { areSettingsShown } from "~/editor/shown-settings";
import { CellSource } from "./cell-source";
import { settingsCell } from "./settings-cell";
import { useNotebook } from "./notebook-context";

const CellSettings = lazy(async () => ({ default: (await import("./cell-settings")).CellSettings }));

/** What is written in a cell: its text, and above it where they are asked for its settings. */
export function CellText(props: { readonly cell: CellView }) {
  const { store } = useNotebook();
  const settings = () => settingsCell(store.view, props.cell);
  return (
    <>
      <Show
        when={areSettingsShown(store.path, settings().path) && settings().settings !== null && settings().path}
        keyed
      >
        <Suspense>
          <CellSettings cell={settings()} />
        </Suspense>
      </Show>
      <Show when={props.cell.language !== "cells"}>
        <CellSource cell={props.cell} />
      </Show>
    </>
  );
}
