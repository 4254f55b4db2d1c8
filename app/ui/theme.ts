import { createEffect, createSignal, onCleanup } from "solid-js";

const system = window.matchMedia("(prefers-color-scheme: dark)");
const [chosen, setChosen] = createSignal(localStorage.getItem("theme"));
const [systemDark, setSystemDark] = createSignal(system.matches);

/** Whether the page is dark: as the system is, until somebody chooses. */
export const isDark = (): boolean => (chosen() === null ? systemDark() : chosen() === "dark");

/** Changes from light to dark or back, whatever the system is. */
export function toggleTheme(): void {
  const next = isDark() ? "light" : "dark";
  localStorage.setItem("theme", next);
  setChosen(next);
}

/** Gives the page its colours for as long as its owner is there. */
export function keepTheme(): void {
  const follow = (event: MediaQueryListEvent): void => void setSystemDark(event.matches);
  system.addEventListener("change", follow);
  onCleanup(() => system.removeEventListener("change", follow));
  createEffect(() => (document.documentElement.dataset["theme"] = isDark() ? "dark" : "light"));
}
