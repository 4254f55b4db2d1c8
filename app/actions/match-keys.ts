import type { Action, ActionKeys, KeyMode } from "./action";

/** What pressed keys come to: an action, the beginning of some, or nothing. */
export type KeyMatch =
  | { readonly type: "action"; readonly action: Action }
  | { readonly type: "begun"; readonly presses: readonly string[] }
  | { readonly type: "none" };

/**
 * The action of one more press after others, in a mode. Where they begin several presses of an action they wait for the next; where they
 * come to nothing, the last one counts alone.
 */
export function matchKeys(
  actions: readonly Action[],
  begun: readonly string[],
  press: string,
  mode: KeyMode,
): KeyMatch {
  const presses = [...begun, press];
  const typed = presses.join(" ");
  let longer = false;
  for (const action of actions) {
    for (const keys of action.keys) {
      if (!holds(keys, mode)) continue;
      if (keys.press === typed) return { type: "action", action };
      longer ||= keys.press.startsWith(`${typed} `);
    }
  }
  if (longer) return { type: "begun", presses };
  return begun.length > 0 ? matchKeys(actions, [], press, mode) : { type: "none" };
}

function holds({ where }: ActionKeys, mode: KeyMode): boolean {
  switch (where) {
    case "anywhere":
      return true;
    case "cell":
      return mode !== "field";
    case "command":
    case "edit":
      return mode === where;
  }
}
