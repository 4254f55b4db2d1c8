import { createEffect } from "solid-js";

/** Names the browser's tab after what it shows. */
export function usePageTitle(title: () => string): void {
  createEffect(() => {
    document.title = title() === "" ? "Sheaf" : `${title()} · Sheaf`;
  });
}
