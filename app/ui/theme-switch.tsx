import { createEffect, createSignal, onCleanup } from "solid-js";
import Moon from "lucide-solid/icons/moon";
import Sun from "lucide-solid/icons/sun";

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

/** The button that changes between light and dark. */
export function ThemeSwitch() {
  const follow = (event: MediaQueryListEvent): void => void setSystemDark(event.matches);
  system.addEventListener("change", follow);
  onCleanup(() => system.removeEventListener("change", follow));
  createEffect(() => (document.documentElement.dataset["theme"] = isDark() ? "dark" : "light"));
  return (
    <button
      type="button"
      class="icon-button"
      onClick={toggleTheme}
      aria-label={isDark() ? "Use light colours" : "Use dark colours"}
      data-tip={isDark() ? "Light" : "Dark"}
    >
      {isDark() ? <Sun /> : <Moon />}
    </button>
  );
}
