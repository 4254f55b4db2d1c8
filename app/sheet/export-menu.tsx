import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For } from "solid-js";
import Download from "lucide-solid/icons/download";
import { exportAddress } from "./export-address";
import { useSheet } from "./sheet-context";

const formats = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["jsonl", "JSON lines"],
  ["parquet", "Parquet"],
] as const;

/** Downloads the rows of the view as a file. */
export function ExportMenu() {
  const { model } = useSheet();
  return (
    <DropdownMenu gutter={2} placement="top-end" preventScroll={false}>
      <DropdownMenu.Trigger class="icon-button" aria-label="Export these rows" title="Export these rows">
        <Download />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="sheet-popup">
          <For each={formats}>
            {([format, name]) => (
              <DropdownMenu.Item
                class="sheet-popup-item"
                onSelect={() => {
                  const link = document.createElement("a");
                  link.href = exportAddress({
                    notebook: model.notebook.store.path,
                    sheet: model.id,
                    format,
                    view: model.view(),
                  });
                  link.download = "";
                  link.click();
                }}
              >
                {name}
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
