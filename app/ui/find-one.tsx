import { createSignal, Show } from "solid-js";
import { Palette, type PaletteProps } from "./palette";
import { holdKeys } from "./type-ahead";

/** What one line is found among. */
export type Search = Omit<PaletteProps, "onChoose" | "onClose">;

const [search, setSearch] = createSignal<(Search & { answer(value: string | null): void }) | null>(null);

/** Finds one line among many by its words, over the page; null where none was chosen. */
export function findOne(wanted: Search): Promise<string | null> {
  holdKeys();
  return new Promise((answer) => setSearch({ ...wanted, answer }));
}

/** Where what is looked for is found. */
export function SearchHost() {
  return (
    <Show when={search()} keyed>
      {(open) => (
        <Palette
          {...open}
          onChoose={open.answer}
          onClose={() => {
            setSearch(null);
            // What was chosen is told right after it is closed.
            queueMicrotask(() => open.answer(null));
          }}
        />
      )}
    </Show>
  );
}
