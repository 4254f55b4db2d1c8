import { render } from "solid-js/web";
import { Palette, type PaletteProps } from "./palette";

/** What one line is found among. */
export type Search = Omit<PaletteProps, "onChoose" | "onClose">;

/** Finds one line among many by its words, over the page; null where none was chosen. */
export function findOne(search: Search): Promise<string | null> {
  return new Promise((resolve) => {
    const place = document.body.appendChild(document.createElement("div"));
    const close = render(
      () => (
        <Palette
          {...search}
          onChoose={resolve}
          onClose={() => {
            close();
            place.remove();
            // What was chosen is told right after it is closed.
            queueMicrotask(() => resolve(null));
          }}
        />
      ),
      place,
    );
  });
}
