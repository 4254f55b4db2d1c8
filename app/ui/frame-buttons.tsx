import Menu from "lucide-solid/icons/menu";
import Moon from "lucide-solid/icons/moon";
import Sun from "lucide-solid/icons/sun";
import X from "lucide-solid/icons/x";
import { isDark, toggleTheme } from "./theme";

/** The button that changes between light and dark. */
export function ThemeSwitch() {
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

/** The button that opens the rail where it has no place of its own. */
export function RailSwitch(props: { readonly isOpen: boolean; toggle(): void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-expanded={props.isOpen}
      aria-controls="rail"
      aria-label={props.isOpen ? "Close the menu" : "Open the menu"}
      onClick={() => props.toggle()}
    >
      {props.isOpen ? <X /> : <Menu />}
    </button>
  );
}
