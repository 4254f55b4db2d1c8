import { openMenu, type MenuEntry, type MenuRequest } from "~/ui/menu";
import { isMac } from "~/ui/platform";
import type { ActionContext } from "./action-context";
import { actionIcon } from "./action-icon";
import { actionNamed } from "./all-actions";
import { perform } from "./perform";
import { keyText } from "./press";

/** Opens a menu of actions, `-` for a line between them, and does the one that is chosen. Those without a place here are left out. */
export async function openActionMenu(
  at: MenuRequest["at"],
  title: string,
  ids: readonly string[],
  context: () => ActionContext,
): Promise<void> {
  const now = context();
  const entries = ids.flatMap((id): readonly MenuEntry[] => {
    if (id === "-") return [{ type: "separator" }];
    const action = actionNamed(id);
    if (!action.available(now)) return [];
    const icon = actionIcon(action.icon);
    const [keys] = action.keys;
    return [
      {
        type: "item",
        value: id,
        label: action.label(now),
        disabled: action.disabled(now),
        isDangerous: action.icon === "trash",
        ...(icon === undefined ? {} : { icon }),
        ...(keys === undefined ? {} : { keys: keyText(keys.press, isMac) }),
      },
    ];
  });
  const chosen = await openMenu({ title, at, entries: withoutLooseLines(entries) });
  if (chosen !== null) await perform(actionNamed(chosen), context());
}

function withoutLooseLines(entries: readonly MenuEntry[]): readonly MenuEntry[] {
  return entries.filter(
    ({ type }, index) =>
      type !== "separator" || (index > 0 && index < entries.length - 1 && entries[index - 1]!.type !== "separator"),
  );
}
