import { Popover } from "@kobalte/core/popover";
import { createSignal, For, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { useSheet } from "./sheet-context";

/** Filters, sorting and which axes go down, kept under names. */
export function SheetViews() {
  const { model } = useSheet();
  const [open, setOpen] = createSignal(false);
  const [name, setName] = createSignal("");
  const names = () => Object.keys(model.settings().views);
  const keep = (event: SubmitEvent): void => {
    event.preventDefault();
    const kept = name().trim();
    if (kept === "") return;
    const { filters, sort, down } = model.settings();
    model.arrange({ views: { ...model.settings().views, [kept]: { filters, sort, down } } });
    setName("");
    setOpen(false);
  };
  const take = (kept: string): void => {
    model.arrange(model.settings().views[kept]!);
    setOpen(false);
  };
  const forget = (kept: string): void => {
    const { [kept]: _, ...views } = model.settings().views;
    model.arrange({ views });
  };
  return (
    <Popover open={open()} onOpenChange={setOpen} modal preventScroll={false} gutter={2} placement="bottom-end">
      <Popover.Trigger class="sheet-pill">Views{names().length > 0 ? ` · ${names().length}` : ""}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="sheet-popup sheet-form" aria-label="Views">
          <Show
            when={names().length > 0}
            fallback={
              <p class="dim">
                No view is kept yet. A view is the filters, the sorting and which axes go down as they are now, under a
                name.
              </p>
            }
          >
            <ul class="sheet-view-list">
              <For each={names()}>
                {(kept) => (
                  <li>
                    <button type="button" class="sheet-popup-item" onClick={() => take(kept)}>
                      {kept}
                    </button>
                    <button
                      type="button"
                      class="icon-button"
                      aria-label={`Forget the view ${kept}`}
                      onClick={() => forget(kept)}
                    >
                      <X />
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <form class="sheet-form-row" onSubmit={keep}>
            <input
              class="field"
              aria-label="Name of the view"
              placeholder="Name"
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <button type="submit" class="button" disabled={name().trim() === ""}>
              Keep
            </button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
